"""Ruled tables of a PDF page by pdfplumber, which is asked only for pages that have ruling lines."""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.document import Box
from pipeline.read.tables import Cell
from pipeline.runs import Run

_LEAST_PATHS = 4  # a ruled table has at least this many lines or boxes

Shift = tuple[float, float]
Ruled = tuple[Box, list[list[tuple[str, Box]]]]
"""A table's box and its cells' texts and boxes, row by row, on the displayed page."""


def has_rules(page: pdfium.PdfPage) -> bool:
    """Whether a page draws enough lines for a ruled table."""
    paths = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=2)
    return next(islice(paths, _LEAST_PATHS - 1, None), None) is not None


class Plumber:
    """The file as pdfplumber sees it, opened when the first table is asked for. Use as a context manager."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._file: Any = None

    def __enter__(self) -> Plumber:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def tables(self, number: int, corner: Shift) -> list[Ruled]:
        """The ruled tables on a page (counted from 0); merged cells leave empty ones. `corner`: that of the media box as displayed."""
        if self._file is None:
            import pdfplumber

            self._file = pdfplumber.open(io.BytesIO(self._data))
        page = self._file.pages[number]
        shift = corner[0] - float(page.bbox[0]), corner[1] - float(page.bbox[1])
        try:
            return [grid for table in page.find_tables() if (grid := _grid(table, shift)) is not None]
        finally:
            page.close()


def _grid(table: Any, shift: Shift) -> Ruled | None:
    texts = [["".join((cell or "").split()) for cell in row] for row in table.extract()]
    filled = sum(bool(cell) for row in texts for cell in row)
    if len(texts) < 2 or max(map(len, texts)) < 2 or filled < 4:
        return None
    whole = _moved(table.bbox, shift)
    boxes = [[_moved(box, shift) if box else whole for box in row.cells] for row in table.rows]
    return whole, [list(zip(*row, strict=True)) for row in zip(texts, boxes, strict=True)]


def _moved(box: Sequence[Any], shift: Shift) -> Box:
    (dx, dy), (x0, top, x1, bottom) = shift, map(float, box)
    return x0 + dx, top + dy, x1 + dx, bottom + dy


def find_cells(runs: Sequence[Run], table: Ruled) -> list[list[Cell]]:
    """The table's cells; each knows its characters' boxes, or for all of them its own box where `runs` have another text."""
    inside = [run for run in runs if _inside(run, table[0])]
    return [list(_row(row, inside)) for row in table[1]]


def _row(row: Sequence[tuple[str, Box]], runs: Sequence[Run]) -> Iterator[Cell]:
    top = min((box[1] for text, box in row if text), default=0.0)
    bottom = max((box[3] for text, box in row if text), default=0.0)
    glyphs = [glyph for run in runs if top <= (run.top + run.bottom) / 2 <= bottom for glyph in _glyphs(run)]
    for text, box in row:
        found = [(char, at) for char, at in glyphs if _holds(box, at)] if text else []
        same = "".join(char for char, _ in found) == text
        yield Cell(text, chars=tuple(at for _, at in found) if same else (box,) * len(text))


def _glyphs(run: Run) -> Iterator[tuple[str, Box]]:
    for char, left, right in zip(run.text, run.left, run.right, strict=True):
        if not char.isspace():
            yield char, (left, run.top, right, run.bottom)


def without(runs: list[Run], box: Box) -> list[Run]:
    """The runs that stand outside a table."""
    return [run for run in runs if not _inside(run, box)]


def _inside(run: Run, box: Box) -> bool:
    return _holds(box, (run.x0, run.top, run.x1, run.bottom))


def _holds(box: Box, other: Box) -> bool:
    """Whether the other's middle lies in the box."""
    return box[0] <= (other[0] + other[2]) / 2 <= box[2] and box[1] <= (other[1] + other[3]) / 2 <= box[3]


def placeholder(number: int, box: Box, size: float) -> Run:
    """A run that stands for a table while the page is put in reading order."""
    edges = array("f", [box[0]]), array("f", [box[2]])
    return Run("\ufffc", edges[0], edges[1], box[1], box[3], size, table=number)
