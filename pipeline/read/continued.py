"""Tables that go on over the page: the part on the next page joins the first, without the headings that it repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.document import Box, Table
from pipeline.read.tables import Cell, count_header_rows, make_table

_SAME = 4.0  # points by which the edges of two parts may differ


@dataclass(frozen=True, slots=True)
class Grid:
    """What one page holds of a table: its cells row by row, the page, counted from 1, and the box; where no lines rule it, its columns' extents."""

    rows: list[list[Cell]]
    page: int
    box: Box
    columns: Sequence[tuple[float, float]] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A page's part of a table: the table's number, the rows without repeated headings, and the first one's number in the table."""

    table: int
    rows: list[list[Cell]]
    first: int


def join_tables(grids: Sequence[Grid], continued: Sequence[bool]) -> tuple[list[Part], list[Table]]:
    """A part for each grid, and the tables; `continued` says of each grid whether nothing stands between it and the one before."""
    parts: list[Part] = []
    whole: list[list[list[Cell]]] = []
    pages: list[int] = []
    for at, grid in enumerate(grids):
        before = grids[at - 1] if at and continued[at] else None
        if before is not None and fits(before, grid):
            rows = grid.rows[_repeated(whole[-1], grid.rows) :]
            parts.append(Part(len(whole) - 1, rows, len(whole[-1])))
            whole[-1] += rows
        else:
            parts.append(Part(len(whole), grid.rows, 0))
            whole.append(list(grid.rows))
            pages.append(grid.page)
    return parts, [make_table(rows, None, page) for rows, page in zip(whole, pages, strict=True)]


def fits(before: Grid, grid: Grid) -> bool:
    """Whether the grid is on the next page and has the same columns."""
    if before.page + 1 != grid.page or len(before.rows[0]) != len(grid.rows[0]):
        return False
    if before.columns and grid.columns:
        return all(a[0] < b[1] and b[0] < a[1] for a, b in zip(before.columns, grid.columns, strict=True))
    return all(abs(before.box[side] - grid.box[side]) < _SAME for side in (0, 2))


def _repeated(rows: Sequence[Sequence[Cell]], following: Sequence[Sequence[Cell]]) -> int:
    """How many rows of the next page only repeat the table's headings."""
    heads = count_header_rows(rows)
    same = heads < len(following) and all(list(_texts(a)) == list(_texts(b)) for a, b in zip(rows[:heads], following[:heads], strict=True))
    return heads if same else 0


def _texts(row: Sequence[Cell]) -> Iterator[str]:
    return (cell.text for cell in row)
