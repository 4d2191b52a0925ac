"""Ruled tables of a PDF page by pdfplumber, which is asked only for pages that have ruling lines."""

from __future__ import annotations

import io
from array import array
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.document import Box
from pipeline.runs import Run

_LEAST_PATHS = 4  # a ruled table has at least this many lines or boxes

Ruled = tuple[Box, list[list[str]]]
"""A table's box and its cell texts, row by row."""


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

    def tables(self, number: int) -> list[Ruled]:
        """Box and cell texts of each ruled table on a page (counted from 0); merged cells leave empty ones."""
        if self._file is None:
            import pdfplumber

            self._file = pdfplumber.open(io.BytesIO(self._data))
        page = self._file.pages[number]
        try:
            return [grid for table in page.find_tables() if (grid := _grid(table)) is not None]
        finally:
            page.close()


def _grid(table: Any) -> Ruled | None:
    rows = [["".join((cell or "").split()) for cell in row] for row in table.extract()]
    filled = sum(bool(cell) for row in rows for cell in row)
    if len(rows) < 2 or max(map(len, rows)) < 2 or filled < 4:
        return None
    x0, top, x1, bottom = table.bbox
    return (float(x0), float(top), float(x1), float(bottom)), rows


def without(runs: list[Run], box: Box) -> list[Run]:
    """The runs that stand outside a table."""
    return [run for run in runs if not _inside(run, box)]


def _inside(run: Run, box: Box) -> bool:
    middle, height = (run.x0 + run.x1) / 2, (run.top + run.bottom) / 2
    return box[0] <= middle <= box[2] and box[1] <= height <= box[3]


def placeholder(number: int, box: Box, size: float) -> Run:
    """A run that stands for a table while the page is put in reading order."""
    edges = array("f", [box[0]]), array("f", [box[2]])
    return Run("\ufffc", edges[0], edges[1], box[1], box[3], size, table=number)
