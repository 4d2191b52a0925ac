"""Runs of characters with their boxes, and the rows that they stand in.

Coordinates are PDF points from the page's top left corner, sizes are in points.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class Run:
    """Characters set side by side in one size: `left` and `right` edge of each. `blanks` is what the source has before it in the line."""

    text: str
    left: array[float]
    right: array[float]
    top: float
    bottom: float
    size: float
    blanks: str = ""
    bold: bool = False
    table: int | None = None  # stands for the table of this number
    confidence: float | None = None  # of optical recognition, 0 to 1
    pale: bool = False  # printed in light grey or half transparent

    @property
    def x0(self) -> float:
        return self.left[0]

    @property
    def x1(self) -> float:
        return self.right[-1]


_x0 = attrgetter("x0")


def body_size(runs: Iterable[Run]) -> float:
    """The size that most characters have, 10.5 (五号) when there are none."""
    sizes: Counter[float] = Counter()
    for run in runs:
        sizes[round(run.size * 2) / 2] += len(run.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 10.5


def merged(runs: Sequence[Run]) -> list[tuple[float, float]]:
    """The horizontal extents that the runs cover, from left to right."""
    spans: list[tuple[float, float]] = []
    for run in sorted(runs, key=_x0):
        if spans and run.x0 <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], run.x1)
        else:
            spans.append((run.x0, run.x1))
    return spans


def find_rows(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs on one baseline, from left to right, the rows from top to bottom; a raised mark belongs to the row that it overlaps most."""
    rows: list[list[Run]] = []
    bounds: list[tuple[float, float]] = []
    for run in sorted(runs, key=lambda r: ((r.top + r.bottom) / 2, r.x0)):
        at = next((i for i in range(len(rows) - 1, max(len(rows) - 4, -1), -1) if overlap(bounds[i], (run.top, run.bottom)) > 0.5), None)
        if at is None:
            rows.append([run])
            bounds.append((run.top, run.bottom))
        else:
            rows[at].append(run)
    return [across(row) for row in rows]


def across(runs: Iterable[Run]) -> list[Run]:
    """From left to right."""
    return sorted(runs, key=_x0)


def overlap(a: tuple[float, float], b: tuple[float, float]) -> float:
    """How much of the lower of two extents the other covers."""
    return (min(a[1], b[1]) - max(a[0], b[0])) / max(min(a[1] - a[0], b[1] - b[0]), 0.01)
