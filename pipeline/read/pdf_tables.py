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

_EDGE = 0.5  # points inside a cell's corner
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
    if max(map(len, texts)) < 2 or (len(texts) > 1 and filled < 4):
        return None
    boxes = [[_moved(box, shift) if box else None for box in row.cells] for row in table.rows]
    rows = [list(zip(*row, strict=True)) for row in zip(texts, boxes, strict=True)]
    return _moved(table.bbox, shift), _spread(rows)


def _spread(rows: list[list[tuple[str, Box | None]]]) -> list[list[tuple[str, Box]]]:
    """The rows with the cell that spans several rows or columns in each place that it covers: the same pair."""
    found = [(text, box) for row in rows for text, box in row if box]
    lefts = [min(box[0] for row in rows if (box := row[at][1])) for at in range(len(rows[0]))]
    tops = [min(box[1] for _, box in row if box) for row in rows]
    whole = min(lefts), min(tops), max(box[2] for _, box in found), max(box[3] for _, box in found)
    nothing = "", whole
    return [[_covering(found, left, top) or nothing for left in lefts] for top in tops]


def _covering(cells: Sequence[tuple[str, Box]], left: float, top: float) -> tuple[str, Box] | None:
    x, y = left + _EDGE, top + _EDGE
    return next((cell for cell in cells if cell[1][0] <= x < cell[1][2] and cell[1][1] <= y < cell[1][3]), None)


def _moved(box: Sequence[Any], shift: Shift) -> Box:
    (dx, dy), (x0, top, x1, bottom) = shift, map(float, box)
    return x0 + dx, top + dy, x1 + dx, bottom + dy


def find_cells(runs: Sequence[Run], table: Ruled) -> list[list[Cell]]:
    """The table's cells; each knows its characters' boxes, or for all of them its own box where `runs` have another text.

    A cell that spans rows or columns is one object wherever it stands.
    """
    inside = [run for run in runs if _inside(run, table[0])]
    glyphs = [glyph for run in inside for glyph in _glyphs(run)]
    made = {box: _cell(text, box, glyphs) for row in table[1] for text, box in row}
    return [[made[box] for _, box in row] for row in table[1]]


def _cell(text: str, box: Box, glyphs: Sequence[tuple[str, Box]]) -> Cell:
    found = [(char, at) for char, at in glyphs if _holds(box, at)] if text else []
    same = "".join(char for char, _ in found) == text
    return Cell(text, chars=tuple(at for _, at in found) if same else (box,) * len(text))


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
