"""From the runs of all pages to the document's blocks and tables: what PDF and scans have in common once their text is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.document import Block, Table
from pipeline.furniture import Page, drop_running, drop_watermarks
from pipeline.layout import Line, find_lines
from pipeline.printed import column_edges, printed_block
from pipeline.read.continued import Grid, Part, join_tables
from pipeline.read.lifting import lift_aligned, lift_tables
from pipeline.read.pdf_rules import Ruled
from pipeline.read.tables import row_blocks
from pipeline.runs import body_size


def assemble(pages: Sequence[Page], ruled: Sequence[Sequence[Ruled]]) -> tuple[list[Block], list[Table]]:
    """The blocks in reading order, page by page, and the tables; `ruled` are the tables that lines draw on each page."""
    grids: list[Grid] = []
    lifted = [
        _lifted(page, tables, number, grids) for number, (page, tables) in enumerate(zip(drop_watermarks(pages), ruled, strict=True), 1)
    ]
    body = body_size(run for page in lifted for run in page.runs if run.table is None)
    lines = [find_lines(page.runs, body) if page.runs else [] for page in drop_running(lifted)]
    parts, tables = join_tables(grids, _continued(lines, len(grids)))
    return [block for number, found in enumerate(lines, 1) for block in _blocks(found, number, body, parts)], tables


def _lifted(page: Page, tables: Sequence[Ruled], number: int, grids: list[Grid]) -> Page:
    """The page with a placeholder for each of its tables, whose rows go to `grids`: ruled ones first, then what else stands in columns."""
    runs = lift_tables(page.runs, tables, number, grids)
    return Page(page.width, page.height, lift_aligned(runs, number, page.height, grids))


def _continued(pages: Sequence[Sequence[Line]], count: int) -> list[bool]:
    """Of each grid, whether it opens its page and the grid before it closes the page before."""
    found = [False] * count
    for before, page in pairwise(pages):
        if before and page and before[-1].table is not None and page[0].table is not None:
            found[page[0].table] = True
    return found


def _blocks(lines: Sequence[Line], number: int, body: float, parts: Sequence[Part]) -> Iterator[Block]:
    edges = column_edges(lines, body)
    for line in lines:
        if line.table is not None:
            part = parts[line.table]
            paths = [f"page {number}, row {i}" for i in range(1, len(part.rows) + 1)]
            yield from row_blocks(part.rows, part.table, paths, number, part.first)
        else:
            yield printed_block(line, number, body, edges)
