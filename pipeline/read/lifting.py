"""Tables of a printed page taken out of its runs: the characters that stand in each cell."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from pipeline.columns import find_leaves
from pipeline.document import Box
from pipeline.read.aligned import find_aligned
from pipeline.read.continued import Grid, fits
from pipeline.read.pdf_rules import Ruled
from pipeline.read.tables import Cell, is_data
from pipeline.runs import Run, body_size, find_rows

_LEAST = 4  # cells with text; fewer are boxes around it
_HEADER = 0.12  # of the page's height, where running heads stand


def lift_tables(runs: list[Run], tables: Sequence[Ruled], page: int, grids: list[Grid]) -> list[Run]:
    """The runs with a placeholder for each table that holds data, if only a row left over from the page before; its rows go to `grids`."""
    for table in tables:
        cells, box = find_cells(runs, table), table[0]
        last = grids[-1] if grids else None
        left_over = len(cells) == 1 and last is not None and last.page + 1 == page and len(last.rows[0]) == len(cells[0])
        filled = len({id(cell) for row in cells for cell in row if cell.text})
        if left_over or (filled >= _LEAST and is_data(cells)):
            size = body_size(runs)
            runs = [*_without(runs, box), _placeholder(len(grids), box, size)]
            grids.append(Grid(cells, page, box))
    return runs


def lift_aligned(runs: list[Run], page: int, height: float, grids: list[Grid]) -> list[Run]:
    """The same for tables without ruling lines, on the page and in each of its columns; one without headings must open the page."""
    found = find_aligned(runs)
    if not found and len(leaves := find_leaves(runs, body_size(runs))) > 1:
        found = [table for leaf in leaves for table in find_aligned(leaf.runs)]
    for table in found:
        grid = Grid(table.cells, page, table.box, table.columns)
        opens = sum(run.bottom <= table.box[1] and run.bottom > _HEADER * height for run in runs) == 0
        if table.headed or (opens and grids and fits(grids[-1], grid)):
            taken = {id(run) for run in table.runs}
            runs = [*(run for run in runs if id(run) not in taken), _placeholder(len(grids), table.box, body_size(runs))]
            grids.append(grid)
    return runs


def find_cells(runs: Sequence[Run], table: Ruled) -> list[list[Cell]]:
    """The table's cells with their characters' boxes. A cell that spans rows or columns is one object wherever it stands."""
    whole, boxes = table
    tops = [max(box[1] for box in row) for row in boxes]
    lefts = [max(box[0] for box in column) for column in zip(*boxes, strict=True)]
    held: dict[Box, list[tuple[str, Box]]] = {box: [] for row in boxes for box in row}
    for row in find_rows(run for run in runs if _inside(run, whole)):
        for char, at in (glyph for run in row for glyph in _glyphs(run)):
            x, y = _middle(at)
            down, along = bisect_right(tops, y) - 1, bisect_right(lefts, x) - 1
            if down >= 0 and along >= 0:
                held[boxes[down][along]].append((char, at))
    made = {box: Cell("".join(char for char, _ in found), chars=tuple(at for _, at in found)) for box, found in held.items()}
    return [[made[box] for box in row] for row in boxes]


def _glyphs(run: Run) -> Iterator[tuple[str, Box]]:
    for char, left, right in zip(run.text, run.left, run.right, strict=True):
        if not char.isspace():
            yield char, (left, run.top, right, run.bottom)


def _without(runs: list[Run], box: Box) -> list[Run]:
    """The runs that stand outside a table."""
    return [run for run in runs if not _inside(run, box)]


def _inside(run: Run, box: Box) -> bool:
    x, y = _middle((run.x0, run.top, run.x1, run.bottom))
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _placeholder(number: int, box: Box, size: float) -> Run:
    """A run that stands for a table while the page is put in reading order."""
    edges = array("f", [box[0]]), array("f", [box[2]])
    return Run("\ufffc", edges[0], edges[1], box[1], box[3], size, table=number)
