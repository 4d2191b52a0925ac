"""Spans of text: half-open pairs of code-point offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Protocol

Span = tuple[int, int]


class Spanned(Protocol):
    """A fact, or anything else that stands somewhere in a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def spans_of(facts: Iterable[Spanned]) -> Iterator[Span]:
    """Where facts stand."""
    return ((fact.start, fact.end) for fact in facts)


class Cover:
    """The union of spans, asked whether it touches another span."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touches(self, start: int, end: int) -> bool:
        """Whether any character of [start, end) is covered."""
        at = bisect_right(self._starts, end - 1) - 1
        return at >= 0 and self._ends[at] > start

    def span_at(self, offset: int) -> Span | None:
        """The covered stretch that holds the offset."""
        at = bisect_right(self._starts, offset) - 1
        return (self._starts[at], self._ends[at]) if at >= 0 and offset < self._ends[at] else None
