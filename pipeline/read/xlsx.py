"""XLSX: each sheet's tables with caption, header and notes, figures as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.errors import ReadError
from pipeline.document import HEADING, PARAGRAPH, Block, Document, Table
from pipeline.lines import ends_stop
from pipeline.read import digest
from pipeline.read.container import Container
from pipeline.read.limits import Limits
from pipeline.read.records import find_records
from pipeline.read.tables import Cell, make_table, row_blocks
from pipeline.read.workbook import Sheet, read_sheets

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CAPTION = 60
_LABEL = 12  # characters of a row's label at a table's end
_NOTE = re.compile(r"[备附]?注|说明|填[报表]|制[表单]|审核|数据来源|来源|单位|联系|（续|续表|表\s*\d")

Row = tuple[int, list[Cell]]


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """A spreadsheet (OOXML); formulas by the values saved with them, hidden sheets, rows and columns left out."""
    blocks: list[Block] = []
    tables: list[Table] = []
    parts: list[Document] = []
    left = limits.cells
    for sheet in read_sheets(Container(data, uri, limits)):
        rows = _rows(sheet, left, uri)
        left -= sum(len(row) for _, row in rows)
        if records := find_records(sheet.name, rows, uri, MEDIA_TYPE):
            parts.extend(records)
            continue
        blocks.extend(sheet_blocks(sheet.name, rows, tables))
    if not blocks and not parts:
        raise ReadError(uri, "no text in it")
    rest = Document(uri, MEDIA_TYPE, digest(data), tuple(blocks), tables=tuple(tables))
    if not parts:
        return rest
    return Document(uri, MEDIA_TYPE, digest(data), parts=(*([rest] if blocks else []), *parts))


def _rows(sheet: Sheet, most: int, uri: str) -> list[Row]:
    """Rows and columns that hold something, with their row numbers; a merged cell is one cell wherever it spans."""
    numbers = sorted({row for row, _ in sheet.cells} - sheet.hidden_rows)
    columns = sorted(column for column in {column for _, column in sheet.cells} if not sheet.hides(column))
    if len(columns) * len(numbers) > most:
        raise ReadError(uri, "too many table cells")
    grid = {(number, column): _cell(sheet, number, column) for number in numbers for column in columns}
    work = most
    for top, first, bottom, last in sheet.merged:
        inside = [(n, c) for n in numbers if top <= n <= bottom for c in columns if first <= c <= last] if work > 0 else []
        work -= len(numbers) + len(inside)
        anchor = _cell(sheet, top, first)
        grid.update(dict.fromkeys(inside, anchor))
    return [(number, [grid[number, column] for column in columns]) for number in numbers]


def _cell(sheet: Sheet, row: int, column: int) -> Cell:
    return Cell(sheet.cells.get((row, column), ""), path=f"{sheet.name}!{_letters(column)}{row}")


def _letters(column: int) -> str:
    """A column's letters: 1 A, 27 AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheet_blocks(name: str, rows: Sequence[Row], tables: list[Table]) -> Iterator[Block]:
    """A sheet's lines: a row of one text is headline, caption or note unless it belongs to a table, the others are tables."""
    run: list[Row] = []
    last: str | None = None
    titled = False
    for at, (number, row) in enumerate([*rows, (0, [])]):
        inside = not _is_single(row) or (bool(run) and _belongs(row, rows[at + 1 : at + 2], number))
        if run and (not inside or number != run[-1][0] + 1):
            yield from _table(name, run, last, tables)
            run, last = [], None
        if inside:
            run.append((number, row))
        elif any(cell.text for cell in row):
            last = next(cell.text for cell in row if cell.text)
            where = next(cell.path for cell in row if cell.text)
            yield Block(last, PARAGRAPH if titled else HEADING, path=where, centred=not titled)
            titled = True


def _is_single(row: Sequence[Cell]) -> bool:
    return len({id(cell) for cell in row if cell.text}) <= 1


def _belongs(row: Sequence[Cell], following: Sequence[Row], number: int) -> bool:
    """Whether a row of one text inside a table is part of it: a line across it with figures below, or a label without figures."""
    text = next((cell.text for cell in row if cell.text), "")
    if not text or ends_stop(text) or _NOTE.match(text):
        return False
    spans = sum(cell.text != "" for cell in row) > 1
    if not following or following[0][0] != number + 1 or _is_single(following[0][1]):
        return not spans and len(text) <= _LABEL and bool(row[0].text or (len(row) > 1 and row[1].text))
    return any(c.isdigit() for cell in following[0][1][1:] for c in cell.text)


def _table(name: str, run: Sequence[Row], before: str | None, tables: list[Table]) -> Iterator[Block]:
    """The rows as a table, without the columns that are empty in it."""
    used = [at for at in range(len(run[0][1])) if any(row[at].text for _, row in run)]
    rows = [[row[at] for at in used] for _, row in run]
    yield from row_blocks(rows, len(tables), [f"{name}!{number}:{number}" for number, _ in run])
    tables.append(make_table(rows, before if before and len(before) <= _CAPTION else name or None))
