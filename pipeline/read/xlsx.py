"""XLSX: each sheet's tables with caption, header and notes, figures as they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.errors import ReadError
from pipeline.document import HEADING, PARAGRAPH, Block, Document, Table
from pipeline.read import digest
from pipeline.read.container import Container
from pipeline.read.limits import Limits
from pipeline.read.tables import Cell, make_table, row_blocks
from pipeline.read.workbook import Sheet, read_sheets

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CAPTION = 60

Row = tuple[int, list[Cell]]


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """A spreadsheet (OOXML); formulas by the values saved with them, hidden sheets, rows and columns left out."""
    blocks: list[Block] = []
    tables: list[Table] = []
    left = limits.cells
    for sheet in read_sheets(Container(data, uri, limits)):
        rows = _rows(sheet, left, uri)
        left -= sum(len(row) for _, row in rows)
        blocks.extend(_sheet(sheet.name, rows, tables))
    if not blocks:
        raise ReadError(uri, "no text in it")
    return Document(uri, MEDIA_TYPE, digest(data), tuple(blocks), tables=tuple(tables))


def _rows(sheet: Sheet, most: int, uri: str) -> list[Row]:
    """Rows and columns that hold something, with their row numbers; a merged cell is one cell wherever it spans."""
    numbers = sorted({row for row, _ in sheet.cells} - sheet.hidden_rows)
    columns = sorted(column for column in {column for _, column in sheet.cells} if not sheet.hides(column))
    if len(columns) * len(numbers) > most:
        raise ReadError(uri, "too many table cells")
    grid = {(number, column): Cell(sheet.cells.get((number, column), "")) for number in numbers for column in columns}
    work = most
    for top, first, bottom, last in sheet.merged:
        inside = [(n, c) for n in numbers if top <= n <= bottom for c in columns if first <= c <= last] if work > 0 else []
        work -= len(numbers) + len(inside)
        anchor = Cell(sheet.cells.get((top, first), ""))
        grid.update(dict.fromkeys(inside, anchor))
    return [(number, [grid[number, column] for column in columns]) for number in numbers]


def _sheet(name: str, rows: Sequence[Row], tables: list[Table]) -> Iterator[Block]:
    """A sheet's lines: a row of one text is headline, caption or note, the others are tables."""
    run: list[Row] = []
    last: str | None = None
    titled = False
    for number, row in [*rows, (0, [])]:
        single = len({id(cell) for cell in row if cell.text}) <= 1
        if run and (single or number != run[-1][0] + 1):
            yield from _table(name, run, last, tables)
            run, last = [], None
        if not single:
            run.append((number, row))
        elif any(cell.text for cell in row):
            last = next(cell.text for cell in row if cell.text)
            yield Block(last, PARAGRAPH if titled else HEADING, path=f"{name}/row[{number}]", centred=not titled)
            titled = True


def _table(name: str, run: Sequence[Row], before: str | None, tables: list[Table]) -> Iterator[Block]:
    """The rows as a table, without the columns that are empty in it."""
    used = [at for at in range(len(run[0][1])) if any(row[at].text for _, row in run)]
    rows = [[row[at] for at in used] for _, row in run]
    yield from row_blocks(rows, len(tables), [f"{name}/row[{number}]" for number, _ in run])
    tables.append(make_table(rows, before if before and len(before) <= _CAPTION else name))
