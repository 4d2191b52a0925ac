"""The ruling lines of a PDF page and the tables that they draw: lines by PDFium, cells by pdfplumber's table finder."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c

from pipeline.document import Box
from pipeline.read.pdf_frames import Frame

_EDGE = 0.5  # points inside a cell's corner
_DEPTH = 3  # of drawings in drawings
_LEAST, _MOST = 4, 20_000  # straight lines of a table; more are a map or a drawing, and cells are looked for between any two
_SHORT = 1.0  # points: no ruling line is shorter, none leans further
_DRAWN = 3  # points between which lines are one, as pdfplumber takes them

Ruled = tuple[Box, list[list[Box]]]
"""A table's box and those of its cells, row by row, on the displayed page; a cell that spans rows or columns stands in each of them."""


@dataclass
class _Drawing:
    """A page as pdfplumber's table finder wants it: `edges` with their extents in points from the page's top."""

    edges: list[dict[str, Any]]
    bbox: Box = field(default=(0.0, 0.0, 0.0, 0.0))


def find_ruled(page: pdfium.PdfPage, frame: Frame) -> list[Ruled]:
    """The ruled tables of a page whose content stands upright in `frame`, from top to bottom."""
    edges: list[dict[str, Any]] = []
    for a, b in _lines(page.raw, pdfium.PdfMatrix(), 1):
        (xa, ya), (xb, yb) = frame.point(*a), frame.point(*b)
        x0, x1, top, bottom = min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)
        wide, high = x1 - x0, bottom - top
        if (wide > _SHORT) == (high > _SHORT):
            continue  # a point, or neither level nor upright
        edge = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": wide, "height": high}
        edges.append({**edge, "orientation": "h", "bottom": top} if wide > high else {**edge, "orientation": "v", "x1": x0})
        if len(edges) > _MOST:
            return []
    if len(edges) < _LEAST:
        return []
    from pdfplumber.table import TableFinder

    drawing: Any = _Drawing(edges)
    finder = TableFinder(drawing, {"snap_tolerance": _DRAWN, "join_tolerance": _DRAWN})
    return [grid for table in finder.tables if (grid := _grid(table)) is not None]


def _lines(parent: Any, matrix: pdfium.PdfMatrix, level: int) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The ends of each straight line that a page or a form in it draws, in PDF coordinates. PDFium's own calls: pages hold thousands of objects."""
    form = level > 1
    count = c.FPDFFormObj_CountObjects(parent) if form else c.FPDFPage_CountObjects(parent)
    for number in range(count):
        thing = c.FPDFFormObj_GetObject(parent, number) if form else c.FPDFPage_GetObject(parent, number)
        kind = c.FPDFPageObj_GetType(thing)
        if kind == c.FPDF_PAGEOBJ_PATH and _is_drawn(thing):
            yield from _segments(thing, _matrix(thing).multiply(matrix))
        elif kind == c.FPDF_PAGEOBJ_FORM and level < _DEPTH:
            yield from _lines(thing, _matrix(thing).multiply(matrix), level + 1)


def _matrix(thing: Any) -> pdfium.PdfMatrix:
    raw = c.FS_MATRIX()
    c.FPDFPageObj_GetMatrix(thing, raw)
    return pdfium.PdfMatrix.from_raw(raw)


def _is_drawn(path: Any) -> bool:
    filled, stroked = ctypes.c_int(), c.FPDF_BOOL()
    return bool(c.FPDFPath_GetDrawMode(path, filled, stroked) and (filled.value or stroked.value))


def _segments(path: Any, matrix: pdfium.PdfMatrix) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for number in range(c.FPDFPath_CountSegments(path)):
        segment = c.FPDFPath_GetPathSegment(path, number)
        kind = c.FPDFPathSegment_GetType(segment)
        c.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        if kind == c.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == c.FPDF_SEGMENT_LINETO:
            yield last, point
        last = point
        if c.FPDFPathSegment_GetClose(segment):
            yield last, start
            last = start


def _grid(table: Any) -> Ruled | None:
    """The table's cells in a full grid; None where it has one column."""
    rows: list[list[Box | None]] = [list(row.cells) for row in table.rows]
    if len(rows[0]) < 2:
        return None
    found = [box for row in rows for box in row if box]
    lefts = [min(box[0] for row in rows if (box := row[at])) for at in range(len(rows[0]))]
    tops = [min(box[1] for box in row if box) for row in rows]
    return tuple(table.bbox), [[_covering(found, left, top) or (left, top, left, top) for left in lefts] for top in tops]


def _covering(cells: Sequence[Box], left: float, top: float) -> Box | None:
    x, y = left + _EDGE, top + _EDGE
    return next((box for box in cells if box[0] <= x < box[2] and box[1] <= y < box[3]), None)
