"""CSV: the rows of a spreadsheet as text; a table, or a bulletin in each row."""

from __future__ import annotations

import csv
import io

from corpus.errors import ReadError
from pipeline.document import Document, Table
from pipeline.read import digest
from pipeline.read.encoding import decode
from pipeline.read.limits import Limits
from pipeline.read.records import find_records
from pipeline.read.tables import Cell
from pipeline.read.xlsx import sheet_blocks

MEDIA_TYPE = "text/csv"


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """A table whose cells commas, semicolons or tabs set apart, UTF-8 or GB 18030."""
    if len(data) > limits.text_bytes:
        raise ReadError(uri, f"more than {limits.text_bytes} bytes of text")
    text = decode(data, uri)
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    csv.field_size_limit(limits.text_bytes)
    rows: list[tuple[int, list[Cell]]] = []
    left = limits.cells
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), 1):
            left -= len(row)
            if left < 0:
                raise ReadError(uri, "too many table cells")
            rows.append((number, [Cell(value.strip(), path=f"row[{number}]/cell[{at}]") for at, value in enumerate(row, 1)]))
    except csv.Error as error:
        raise ReadError(uri, f"broken CSV: {error}") from error
    if records := find_records("", rows, uri, MEDIA_TYPE):
        return Document(uri, MEDIA_TYPE, digest(data), parts=tuple(records))
    width = max((len(row) for _, row in rows), default=0)
    if width * len(rows) > limits.cells:
        raise ReadError(uri, "too many table cells")
    tables: list[Table] = []
    filled = [(number, [*row, *[Cell("")] * (width - len(row))]) for number, row in rows if any(cell.text for cell in row)]
    blocks = tuple(sheet_blocks("", filled, tables))
    if not blocks:
        raise ReadError(uri, "no text in it")
    return Document(uri, MEDIA_TYPE, digest(data), blocks, tables=tuple(tables))
