"""Tables of a text: those that its source lays out as such, and rows of cells set apart by tabs or wide blanks under a line of headings.

    市县      养老机构（家）    机构床位（张）        指标        单位    数量    同比（%）
    海口市    42               6,835               养老机构    家      213     3.6

Measure and unit come from the heading or the row's first cell, the place from the row, the time from heading or caption.
A typed row with another number of cells than its headings is refused unless its cells stand under them: they could belong to any column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.gridcells import Cell, find_cells
from extractors.gridunits import find_named_units, is_unit_note
from extractors.layouts import Layout, is_across, is_figure
from extractors.spans import Cover, Span

_CELL = re.compile(r"[^\s|｜](?:[^\t\n|｜\u3000]|(?<! )\u3000(?![ \u3000]))*?(?=\s*$|\t|\u3000| {2,}|\s*[|｜])", re.MULTILINE)
_NUMBERED = re.compile(r"序\s*号|编\s*号|名次|排名|年份|年度")
_CONTEXT = 300  # characters of caption and headings that say what a table is about
_SHORT = 40  # a caption's line is no longer
_HOLE = 6  # blanks in a row that leave a cell out


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: `span` covers headings and rows, `caption` the lines before its headings that may say when.

    `context` is the text of caption and headings.
    """

    span: Span
    caption: Span
    context: str
    cells: tuple[Cell, ...]


def find_grids(text: str, layouts: Sequence[Layout] = ()) -> list[Grid]:
    """The tables of a text, in order. `layouts` are those known from the source; the lines that they cover are not looked at again."""
    if not layouts and not any(mark in text for mark in ("\t", "  ", "|", "\u3000")):
        return []
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]*", text) if m.end() > m.start()]
    laid = Cover(layout.span for layout in layouts)
    tables = sorted([*layouts, *_typed(text, [line for line in lines if not laid.touches(*line)])], key=lambda layout: layout.span)
    starts = {start: at for at, (start, _) in enumerate(lines)}
    grids: list[Grid] = []
    floor = 0
    for layout in tables:
        first = text.rfind("\n", 0, layout.span[0]) + 1
        before = [line for line in lines[max(0, starts.get(first, 0) - 3) : starts.get(first, 0)] if line[0] >= floor]
        floor = layout.span[1]
        grid = _grid(text, layout, before)
        if grid.cells:
            grids.append(grid)
    return grids


def _grid(text: str, layout: Layout, before: Sequence[Span]) -> Grid:
    """The table under the lines before it: two of them, three when one only names units."""
    if len(before) > 2 and not any(is_unit_note(text[a:b].strip()) and b - a < _SHORT for a, b in before[1:]):
        before = before[1:]
    tops = 0
    while tops < layout.headers and is_across(layout.rows[tops]):
        tops += 1
    heads = layout.rows[tops : layout.headers] or layout.rows[tops : tops + 1]
    start = before[0][0] if before else layout.span[0]
    stop = max((a for a, _ in heads[0]), default=start) if tops else layout.span[0]
    body = max((b for row in heads for _, b in row), default=stop)
    units = find_named_units(text, ((start, stop), *{cell for row in heads for cell in row}))
    cells = tuple(find_cells(text, layout, units))
    return Grid(layout.span, (start, stop), text[max(start, body - _CONTEXT) : body], cells)


def _typed(text: str, lines: Sequence[Span]) -> Iterator[Layout]:
    """The tables that are typed with tabs or blanks."""
    rows = [_cells(text, line) for line in lines]
    at = 0
    while at < len(lines):
        stop = _typed_end(text, rows, at)
        if stop is None:
            at += 1
            continue
        aligned = [_aligned(text, line, row, rows[at], lines[at]) for line, row in zip(lines[at:stop], rows[at:stop], strict=True)]
        yield Layout(tuple(tuple(row) for row in aligned if row is not None), 1)
        at = stop


def _cells(text: str, line: Span) -> list[Span]:
    """Cells of a line; between single tabs or full-width blanks an empty cell is one too."""
    for mark in ("\t", "\u3000"):
        if mark in text[line[0] : line[1]].strip():
            return list(_split(text, line, mark))
    return [m.span() for m in _CELL.finditer(text, *line)]


def _split(text: str, line: Span, mark: str) -> Iterator[Span]:
    start = line[0]
    for part in text[line[0] : line[1]].split(mark):
        lead = len(part) - len(part.lstrip())
        yield start + lead, start + max(lead, len(part.rstrip()))
        start += len(part) + 1


def _typed_end(text: str, rows: list[list[Span]], at: int) -> int | None:
    """Where the rows under a line of headings end; None when the line is none."""
    headings = rows[at]
    if (
        len(headings) < 2
        or any(is_figure(text, cell) for cell in headings)
        or any(text[c[1] - 1 : c[1]] in tuple("。；;，,：:") for c in headings)
    ):
        return None
    numbered = bool(_NUMBERED.fullmatch(text, *headings[0]))
    stop = at + 1
    while (
        stop < len(rows)
        and len(rows[stop]) > 1
        and (numbered or not is_figure(text, rows[stop][0]))
        and any(is_figure(text, c) for c in rows[stop][1:])
    ):
        stop += 1
    return stop if stop > at + 1 and any(len(row) == len(headings) for row in rows[at + 1 : stop]) else None


def _aligned(text: str, line: Span, row: list[Span], headings: Sequence[Span], top: Span) -> list[Span] | None:
    """The row with an empty cell for each column that it lacks; None when its cells do not stand under headings."""
    missing = len(headings) - len(row)
    if missing <= 0:
        return row if not missing else None
    if "\t" in text[line[0] : line[1]]:
        return [*row, *[(line[1], line[1])] * missing]  # blanks at a line's end are not kept
    if " " * _HOLE not in text[line[0] : line[1]].strip():
        return None  # not set with blanks that keep columns
    columns = [_extent(text, top[0], cell) for cell in headings]
    out = [(line[1], line[1])] * len(headings)
    taken = set()
    for cell in row:
        left, right = _extent(text, line[0], cell)
        under = [i for i, (a, b) in enumerate(columns) if left < b and a < right]
        if len(under) != 1 or under[0] in taken:
            return None
        taken.add(under[0])
        out[under[0]] = cell
    return out


def _extent(text: str, start: int, cell: Span) -> Span:
    """Columns of a monospaced line that the cell takes, two for a Chinese character."""
    left = sum(2 if ch > "\u1100" else 1 for ch in text[start : cell[0]])
    return left, left + sum(2 if ch > "\u1100" else 1 for ch in text[cell[0] : cell[1]])
