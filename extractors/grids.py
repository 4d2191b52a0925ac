"""Tables in plain text: rows of cells set apart by tabs or wide blanks, under a line of headings.

    市县      养老机构（家）    机构床位（张）        指标        单位    数量    同比（%）
    海口市    42               6,835               养老机构    家      213     3.6

Measure and unit come from the heading or the row's first cell, the place from the row, the time from heading or caption.
A row with another number of cells than its headings is refused: its figures could belong to any column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.numbers import Number, find_numbers
from extractors.spans import Span
from extractors.units import find_unit

_CELL = re.compile(r"[^\s|｜](?:[^\t\n|｜\u3000]|(?<! )\u3000(?![ \u3000]))*?(?=\s*$|\t|\u3000| {2,}|\s*[|｜])", re.MULTILINE)
_UNIT_IN_HEADING = re.compile(r"[（(](?:单位[:：])?(?P<unit>[^（）()]{1,6})[)）]\s*$")
_UNIT_IN_CAPTION = re.compile(r"(?:计量)?单位[:：]\s*(?P<unit>[^\s、，,；;）)]{1,5})(?=[\s）)]|$)")
_UNIT_COLUMN = re.compile(r"(?:计量)?单位")
_CHANGE_COLUMN = re.compile(r"同比|环比|增长|增幅|增速|增减|[±+]")
_LABEL_COLUMN = re.compile(
    r"地区|市县|县区|区县|县（市、区）|县\(市、区\)|市州|地市|单位名称|名称|乡镇|街道|指标|项目|类别|年份|序号|市|区|县"
)
_SCALE = re.compile(r"[万亿千百]+")
_SCALES = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_TOTAL = re.compile(r"合\s*计|总\s*计|总数|小\s*计|全[省市县区州盟旗国]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table: its number, the unit that governs it, and the spans that say what, where and when."""

    number: Number
    end: int
    unit: str | None
    scale: float
    measure: Span | None
    row: Span
    column: Span
    change: bool
    line: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: `span` covers headings and rows, `caption` the lines before it that may say when."""

    span: Span
    caption: Span
    cells: tuple[Cell, ...]


def find_grids(text: str) -> list[Grid]:
    """The tables of a text, in order."""
    if "\t" not in text and "  " not in text and "|" not in text and "\u3000" not in text:
        return []
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]*", text) if m.end() > m.start()]
    rows = [_cells(text, line) for line in lines]
    grids, at = [], 0
    while at < len(lines):
        stop = _grid_end(text, rows, at)
        if stop is None:
            at += 1
            continue
        caption = (lines[max(0, at - 2)][0], lines[at][0])
        found = tuple(_figures(text, rows[at], rows[at + 1 : stop], _caption_unit(text, caption)))
        grids += [Grid((lines[at][0], lines[stop - 1][1]), caption, found)] if found else []
        at = stop
    return grids


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


def _is_figure(text: str, cell: Span) -> bool:
    return cell[1] > cell[0] and text[cell[0]].isdigit() and not re.search(r"[年月日]$", text[cell[0] : cell[1]])


def _grid_end(text: str, rows: list[list[Span]], at: int) -> int | None:
    """Where the rows under a line of headings end; None when the line is none."""
    headings = rows[at]
    if (
        len(headings) < 2
        or any(_is_figure(text, cell) for cell in headings)
        or any(text[c[1] - 1 : c[1]] in tuple("。；;，,：:") for c in headings)
    ):
        return None
    stop = at + 1
    while (
        stop < len(rows)
        and len(rows[stop]) > 1
        and not _is_figure(text, rows[stop][0])
        and any(_is_figure(text, c) for c in rows[stop][1:])
    ):
        stop += 1
    return stop if stop > at + 1 and any(len(row) == len(headings) for row in rows[at + 1 : stop]) else None


def _caption_unit(text: str, caption: Span) -> str | None:
    found = _UNIT_IN_CAPTION.search(text, *caption)
    return found["unit"] if found else None


def _figures(text: str, headings: list[Span], rows: list[list[Span]], unit: str | None) -> Iterator[Cell]:
    unit_column = next((i for i, h in enumerate(headings) if _UNIT_COLUMN.fullmatch(text[h[0] : h[1]])), None)
    for line, row in enumerate(rows):
        if len(row) != len(headings):
            continue
        for i in range(1, len(row)):
            if i != unit_column and _is_figure(text, row[i]):
                given = text[row[unit_column][0] : row[unit_column][1]] if unit_column is not None else unit
                cell = _figure(text, row, i, headings[i], given, unit_column is not None, line)
                if cell is not None:
                    yield cell


def _figure(text: str, row: list[Span], i: int, heading: Span, given: str | None, by_row: bool, line: int) -> Cell | None:
    number = next((n for n in find_numbers(text[row[i][0] : row[i][1]]) if n.start == 0), None)
    if number is None:
        return None
    start = row[i][0]
    number = Number(start, start + number.end, number.low, number.high, number.comparator, number.unit, number.kind)
    bracket = _UNIT_IN_HEADING.search(text, *heading)
    title = (heading[0], bracket.start() if bracket else heading[1])
    change = bool(_CHANGE_COLUMN.search(text, *title))
    found = find_unit(text, number.end) if number.end < row[i][1] else None
    printed = number.unit or (found[0] if found else None)
    unit = printed or (bracket["unit"] if bracket else "%" if change and "%" in text[heading[0] : heading[1]] else given)
    scale, unit = _scaled(unit) if printed is None and unit else (1.0, unit)
    measure = row[0] if by_row or change else title
    return Cell(number, found[1] if found else number.end, unit, scale, measure, row[0], heading, change, line)


def _scaled(unit: str) -> tuple[float, str | None]:
    """万元 → 10,000 and 元."""
    mark = _SCALE.match(unit)
    scale = 1.0
    for ch in mark.group() if mark else "":
        scale *= _SCALES[ch]
    return scale, unit[mark.end() :] if mark else unit


def is_total(text: str, row: Span) -> bool:
    """Whether a row sums the others (合计, 全省)."""
    return bool(_TOTAL.match(text, *row))
