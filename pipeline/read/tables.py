"""Tables of any format: merged cells spread out, header rows told from figures, rows as blocks."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.document import ROW, Block, Box, Table

CELL_GAP = "    "  # sets a row's cells apart in the text, as in tables typed with blanks
_FIGURE = re.compile(r"[-+−±]?[\d,，.．\s]+[%％‰]?(?:[\u4e00-\u9fff]{0,3})|[—–\-/…×√]*")
_PERIOD = re.compile(r"(?:(?:19|20)\d{2}(?:年度?[末底]?)?)?(?:\d{1,2}月份?[末底]?|第?[一二三四1-4]季度)?")
_HEADERS = 6  # rows that are looked at for the first with figures
_SPAN = 1000  # no cell spans more rows or columns


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the source has it; `columns` and `rows` it spans; `path` leads to it in the source; `chars` has one box per code point of `text`, None when not known."""

    text: str
    columns: int = 1
    rows: int = 1
    header: bool = False
    chars: tuple[Box, ...] | None = None
    path: str | None = None


def spread(rows: Sequence[Sequence[Cell]], most: int) -> list[list[Cell]]:
    """The rows with every merged cell repeated wherever it spans, all of one length.

    The work ends as soon as more than `most` cells are made: the caller refuses such a table.
    """
    grid: list[list[Cell]] = []
    below: dict[int, tuple[Cell, int]] = {}
    made = 0
    for row in rows:
        out: list[Cell] = []
        waiting = deque(row)
        while waiting or len(out) in below:
            at = len(out)
            if at in below:
                cell, left = below.pop(at)
                if left > 1:
                    below[at] = (cell, left - 1)
                out.append(cell)
                continue
            cell = waiting.popleft()
            for column in range(at, at + min(cell.columns, _SPAN)):
                if cell.rows > 1:
                    below[column] = (cell, min(cell.rows, _SPAN) - 1)
                out.append(cell)
            if made + len(out) > most:
                return [*grid, out]
        made += len(out)
        grid.append(out)
    width = max(map(len, grid), default=0)
    blank = Cell("")
    return [row + [blank] * (width - len(row)) for row in grid]


def count_header_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows head the columns: those marked so, else those before the first with figures.

    Rows after the first head columns only if they name some of them or number them (甲, 1, 2): one with a label alone is a row without figures.
    """
    marked = 0
    while marked < len(rows) and all(cell.header for cell in rows[marked]):
        marked += 1
    if marked and any(not is_across(row) for row in rows[:marked]):
        return marked if marked < len(rows) else 1
    above: Sequence[Cell] = ()
    for number, row in enumerate(rows[:_HEADERS]):
        if is_across(row):
            continue
        if any(_is_figure(cell.text) for cell in row[1:]) and not (above and _numbers_columns(row)):
            return number
        if above and not _heads(row, above):
            return number
        above = row
    return 1 if len(rows) > 1 else 0


def is_across(row: Sequence[Cell]) -> bool:
    """Whether one cell spans the whole row."""
    return len(row) > 1 and bool(row[0].text) and all(cell is row[0] for cell in row)


def _is_figure(text: str) -> bool:
    return any(c.isdigit() for c in text) and bool(_FIGURE.fullmatch(text)) and not _PERIOD.fullmatch(text)


def _numbers_columns(row: Sequence[Cell]) -> bool:
    figures = [int(cell.text) for cell in row if cell.text.isdecimal() and len(cell.text) < 3]
    return row[0].text in ("甲", "栏次", "行次", "") and len(figures) > 1 and figures == list(range(1, len(figures) + 1))


def _heads(row: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """Whether a row without figures goes on with the headings above it."""
    if any(cell.text and cell is top for cell, top in zip(row, above, strict=True)) or _numbers_columns(row):
        return True
    spanned = any(one.text and one is other for one, other in pairwise(above))
    return not row[0].text or (spanned and any(any(c.isalpha() for c in cell.text) for cell in row[1:]))


def make_table(rows: Sequence[Sequence[Cell]], caption: str | None, page: int | None = None) -> Table:
    """The table with its merged cells spread out."""
    texts = tuple(tuple(cell.text for cell in row) for row in rows)
    return Table(texts, caption, page, count_header_rows(rows), tuple(_origins(rows)))


def _origins(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[tuple[int, int], ...]]:
    """For each cell the row in whose text it stands, and where: a merged cell stands in the first row that it spans."""
    shown: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(rows):
        at = 0
        for cell in row:
            if cell.text and id(cell) not in shown:
                shown[id(cell)] = number, at
                at += len(cell.text) + len(CELL_GAP)
        yield tuple(shown[id(cell)] if cell.text else (number, 0) for cell in row)


def row_blocks(
    rows: Sequence[Sequence[Cell]], table: int, paths: Sequence[str], page: int | None = None, first: int = 0
) -> Iterator[Block]:
    """One block per row that holds text; a merged cell stands once in the text, wherever it spans in `cells`.

    `first` is the number in the table of the first of the rows, where a part of it stands on another page.
    """
    shown: set[int] = set()
    for number, (row, path) in enumerate(zip(rows, paths, strict=True), first):
        filled = []
        for cell in row:
            if cell.text and id(cell) not in shown:
                filled.append(cell)
            shown.add(id(cell))
        if filled:
            text, chars = CELL_GAP.join(cell.text for cell in filled), _chars(filled)
            box = _around(chars) if chars else None
            cells = tuple(cell.text for cell in row)
            yield Block(text, ROW, page, box, path, chars=chars, cells=cells, table=table, row=number, marks=tuple(_marks(filled)))


def _marks(cells: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    """Where each cell's text starts in a row's, and the cell's path, where that is known."""
    at = 0
    for cell in cells:
        if cell.path:
            yield at, cell.path
        at += len(cell.text) + len(CELL_GAP)


def _chars(cells: Sequence[Cell]) -> tuple[Box, ...] | None:
    """One box for each character of a row's text; the gap after a cell has no width of its own."""
    out: list[Box] = []
    for cell in cells:
        if cell.chars is None:
            return None
        if out:
            _, top, x1, bottom = out[-1]
            out += [(x1, top, x1, bottom)] * len(CELL_GAP)
        out += cell.chars
    return tuple(out)


def _around(boxes: Sequence[Box]) -> Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def is_data(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows and columns hold data: a table that only arranges text on a page has long cells or one column."""
    if len(rows) < 2 or max(map(len, rows), default=0) < 2:
        return False
    texts = [cell.text for row in rows for cell in row if cell.text]
    return bool(texts) and sum(len(text) > 120 for text in texts) * 5 < len(texts)
