"""Printed lines in reading order, from the runs of a page.

Coordinates are PDF points from the page's top left corner, sizes are in points.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.columns import find_leaves
from pipeline.document import Box
from pipeline.runs import Run, body_size, find_rows

_JOIN = 0.9  # em: a wider gap between characters of one line is a real gap
_WIDE = 2.0  # em: a gap as wide as between cells
_WORD = 0.2  # em: a gap between Latin words


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line. `leaf` numbers the stretch of one column that it stands in, `column` that column from the left."""

    text: str
    left: array[float]
    right: array[float]
    top: float
    bottom: float
    size: float
    bold: bool
    leaf: int
    column: int
    table: int | None = None
    confidence: float | None = None  # of optical recognition, 0 to 1

    @property
    def box(self) -> Box:
        return self.left[0], self.top, self.right[-1], self.bottom


def find_lines(runs: Sequence[Run], em: float | None = None) -> list[Line]:
    """The page's lines in reading order."""
    em = em or body_size(runs)
    lines: list[Line] = []
    for number, leaf in enumerate(find_leaves(runs, em)):
        for row in find_rows(leaf.runs):
            lines.append(_line(row, number, leaf.column))
    return lines


def _line(row: Sequence[Run], leaf: int, column: int) -> Line:
    """The row as one line, with blanks where its runs stand apart."""
    text = ""
    left, right = array("f"), array("f")
    before: Run | None = None
    for run in row:
        if before is not None and run.text == before.text and run.x0 - before.x0 < 0.3 * run.size:
            continue  # printed twice, to look bold
        blanks = _between(before, run) if before is not None else ""
        for _ in blanks:
            left.append(right[-1] if right else run.x0)
            right.append(run.x0)
        text += blanks + run.text
        left.extend(run.left)
        right.extend(run.right)
        before = run
    sizes = max(row, key=lambda r: len(r.text))
    bold = all(run.bold for run in row)
    top, bottom = min(r.top for r in row), max(r.bottom for r in row)
    return Line(text, left, right, top, bottom, sizes.size, bold, leaf, column, row[0].table, _confidence(row))


def _confidence(row: Sequence[Run]) -> float | None:
    """The mean over the characters that were recognised."""
    told = [(run.confidence, len(run.text)) for run in row if run.confidence is not None]
    return sum(sure * count for sure, count in told) / sum(count for _, count in told) if told else None


def _between(a: Run, b: Run) -> str:
    """The blanks between two runs of a line: the source's own, else what the gap is worth."""
    gap = (b.x0 - a.x1) / max(min(a.size, b.size), 1.0)
    if gap >= _WIDE:
        return b.blanks if len(b.blanks) > 1 else "  "
    if b.blanks and gap >= 0.1:
        return b.blanks
    if gap >= _JOIN:
        return " "
    return " " if gap >= _WORD and _is_latin(a.text[-1]) and _is_latin(b.text[0]) else ""


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
