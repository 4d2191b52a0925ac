"""BIO tags, one per character, and the spans that they stand for.

Offsets are code points, half-open. Of spans that overlap, the one that starts first keeps its tags, of those the longest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

KINDS = ("quantity", "time", "policy", "organization", "place")
TAGS = ("O", *(f"{mark}-{kind}" for kind in KINDS for mark in "BI"))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text and the kind of fact it is; `score` is how sure a model was, 1 for annotations and rules."""

    start: int
    end: int
    kind: str
    score: float = 1.0


def apart(spans: Iterable[Span]) -> list[Span]:
    """The spans in text order, without those that overlap an earlier one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def spans_to_tags(length: int, spans: Iterable[Span]) -> list[str]:
    """A tag for each of `length` characters."""
    tags = ["O"] * length
    for span in apart(spans):
        tags[span.start : span.end] = [f"B-{span.kind}", *[f"I-{span.kind}"] * (span.end - span.start - 1)]
    return tags


def tags_to_spans(tags: Sequence[str]) -> list[Span]:
    """The spans in text order; an I- that continues nothing of its kind opens a span, as models write such."""
    spans: list[Span] = []
    start, kind = 0, ""
    for at, tag in enumerate([*tags, "O"]):
        mark, _, name = tag.partition("-")
        if kind and (mark != "I" or name != kind):
            spans.append(Span(start, at, kind))
            kind = ""
        if not kind and mark != "O":
            start, kind = at, name
    return spans
