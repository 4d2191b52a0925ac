"""From a table's layout to its figures, each with the labels of its row and the headings of its column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.gridunits import choose_unit, parse_unit, unit_of
from extractors.layouts import GENERIC, TIMELY, Column, Layout, counts_columns, find_columns, is_across, is_blank, is_figure, is_no_count
from extractors.numbers import Number, find_numbers
from extractors.spans import Span
from extractors.units import find_rate, find_unit

_CHANGE = re.compile(r"同比|环比|增长|增幅|增速|增减|[±+]")
_MINUS = "-−－–↓"
_ABOUTS = {
    "约": "~",
    "近": "<",
    "超": ">",
    "超过": ">",
    "逾": ">",
    "不足": "<",
    "≥": ">=",
    "≤": "<=",
    ">": ">",
    "<": "<",
    "＞": ">",
    "＜": "<",
}
_ABOUT = re.compile("|".join(sorted(_ABOUTS, key=len, reverse=True)))
_SIGN = re.compile(rf"[{_MINUS}+＋±↑]\s*")
_NOTE_MARK = r"[①-⑳*＊※]|[\[【（(]注?\d{1,2}[)）】\]]"  # of a note under the table
_CLOSES = re.compile(rf"\s*(?:$|(?:{_NOTE_MARK})+$|[（(]|(?:左右|以上|以内|以下|余|多)\s*$)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table: its number, the unit that governs it, and the spans that say what, where and when.

    `labels` and `headings` are ordered from the outermost to the one beside the figure, `section` is a line across the table above.
    `beside` are the headings that a column of changes is about, `by_row` says that the row tells what is counted, as where
    a column gives units, `area` that the row's label stands under a heading like 县区.
    """

    number: Number
    end: int
    unit: str | None
    scale: float
    per: str | None
    labels: tuple[Span, ...]
    headings: tuple[Span, ...]
    section: Span | None
    change: bool
    by_row: bool
    beside: tuple[Span, ...] = ()
    area: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[Span, ...]
    labels: tuple[Span, ...]
    section: Span | None
    columns: Sequence[Column]


def find_cells(text: str, layout: Layout, named: tuple[str, ...]) -> Iterator[Cell]:
    """The figures of a table in the order of its rows; `named` are the units of its caption."""
    rows = [row for part in _side_by_side(text, layout) for row in _rows(text, part)]
    places: dict[Span, list[tuple[_Row, int]]] = {}
    for row in rows:
        for at, cell in enumerate(row.cells):
            if row.columns[at].kind == "figures" and is_figure(text, cell):
                places.setdefault(cell, []).append((row, at))
    for cell, where in places.items():
        if (figure := _figure(text, cell, where, named)) is not None:
            yield figure


def _side_by_side(text: str, layout: Layout) -> list[Layout]:
    """The tables that are set beside each other to save paper: 乡镇 | 人数 | 乡镇 | 人数."""
    width = len(layout.rows[0])
    heads = [tuple(text[row[at][0] : row[at][1]] for row in layout.rows[: layout.headers]) for at in range(width)]
    for part in range(2, width // 2 + 1):
        alike = width % part == 0 and any(heads[0]) and heads == heads[:part] * (width // part) and len(set(heads[:part])) == part
        if alike and any(_holds_labels(text, layout, at) for at in range(part, 2 * part)):
            return [Layout(tuple(row[at : at + part] for row in layout.rows), layout.headers) for at in range(0, width, part)]
    return [layout]


def _holds_labels(text: str, layout: Layout, at: int) -> bool:
    cells = [row[at] for row in layout.rows[layout.headers :] if not is_blank(row[at])]
    return bool(cells) and not any(is_figure(text, cell) for cell in cells)


def _rows(text: str, layout: Layout) -> Iterator[_Row]:
    """The rows under their headings; a line across the table followed by headings of its own starts a new part."""
    width = len(layout.rows[0])
    head = [row for row in layout.rows[: layout.headers] if not is_across(row) and not counts_columns(text, row)]
    body = layout.rows[layout.headers :]
    columns = find_columns(text, head, body, width)
    section: Span | None = None
    above: list[Span] = [(0, 0)] * width
    for at, row in enumerate(body):
        if is_across(row):
            section, above = row[0], [(0, 0)] * width
            continue
        if section is not None and at and is_across(body[at - 1]) and _heads(text, row, columns):
            columns, section = find_columns(text, [row], body[at + 1 :], width), None if at > 1 else section
            continue
        if counts_columns(text, row):
            continue
        labels = _labels(row, columns, above)
        yield _Row(row, labels, section, columns)


def _heads(text: str, row: Sequence[Span], columns: Sequence[Column]) -> bool:
    cells = [cell for cell, column in zip(row, columns, strict=True) if column.kind == "figures"]
    return all(not is_blank(cell) and not is_figure(text, cell) for cell in cells) and len(set(cells)) == len(cells)


def _labels(row: Sequence[Span], columns: Sequence[Column], above: list[Span]) -> tuple[Span, ...]:
    """The row's labels; a blank one left of another means the one above it."""
    places = [at for at, column in enumerate(columns) if column.kind in ("labels", "years")]
    found = []
    for at in places:
        if is_blank(row[at]) and at != places[-1]:
            found.append(above[at])
        else:
            above[at] = row[at]
            found.append(row[at])
    return tuple(span for span in dict.fromkeys(found) if not is_blank(span))


def _figure(text: str, cell: Span, where: Sequence[tuple[_Row, int]], named: tuple[str, ...]) -> Cell | None:
    number = _number(text, cell)
    if number is None:
        return None
    row, at = where[0]
    columns = [r.columns[i] for r, i in where]
    labels = tuple(span for span in row.labels if all(span in other.labels for other, _ in where))
    column = columns[0]
    headings = tuple(span for span in column.headings if all(span in other.headings for other in columns))
    label = labels[-1] if labels else None
    if not column.headings:  # a pair of label and figure, as in a form
        beside = next((row.cells[i] for i in range(at - 1, -1, -1) if not is_blank(row.cells[i])), None)
        label = None if beside is None or is_figure(text, beside) else beside
        labels = (label,) if label else ()
    if not (labels or headings) or (row.labels and not labels and len(where) > 1):
        return None
    if not column.headings and label and is_no_count(text, label):
        return None  # 联系电话 | 0930-5621234
    change = bool(_CHANGE.search(column.words)) or bool(label and _CHANGE.search(text, *label))
    by_row = not column.headings or any(c.kind == "units" for c in row.columns)
    label_unit, label_end = unit_of(text, label) if label else (None, 0)
    if label and label_unit:
        labels = (*labels[:-1], (label[0], label_end))
    unit_cell = next((row.cells[i] for i, c in enumerate(row.columns) if c.kind == "units"), None)
    given = text[unit_cell[0] : unit_cell[1]] if unit_cell and not is_blank(unit_cell) else None
    own = column.unit or ("%" if change and "%" in column.words else None) or given or label_unit
    by_label = by_row or not column.words or bool(GENERIC.fullmatch(column.words) or TIMELY.fullmatch(column.words))
    words = text[labels[-1][0] : labels[-1][1]] if by_label and labels else column.words
    bare = Cell(number, number.end, None, 1.0, None, labels, headings, row.section, change, by_row or bool(label_unit))
    area = next((c.areas for c in reversed(row.columns) if c.kind == "labels"), False)
    bare = replace(bare, beside=_beside(row.columns, at) if change else (), area=area)
    return _with_unit(text, cell, bare, own or (choose_unit(words, named) if not change else None))


def _with_unit(text: str, cell: Span, figure: Cell, given: str | None) -> Cell | None:
    """The figure with the unit printed in its cell, else the given one; None where the cell says more than one number."""
    number = figure.number
    found = find_unit(text, number.end) if number.end < cell[1] else None
    end = found[1] if found and found[1] <= cell[1] else number.end
    rate = find_rate(text, end) if found and end < cell[1] else None
    if not _CLOSES.match(text[rate[1] if rate else end : cell[1]]):
        return None
    if found or number.unit:
        return replace(figure, end=end, unit=number.unit or (found[0] if found else None), per=rate[0] if rate else None)
    scale, unit, per = (parse_unit(given) if given else None) or (1.0, given, None)
    return replace(figure, unit=unit, scale=scale, per=per)


def _number(text: str, cell: Span) -> Number | None:
    """The number that a cell starts with, its sign included; None for a fraction like 3/5, which tells two figures."""
    words = text[cell[0] : cell[1]]
    sign = _SIGN.match(words)
    start = sign.end() if sign else 0
    lead = _ABOUT.match(words, start)
    start = lead.end() if lead else start
    number = next((n for n in find_numbers(words[start:]) if n.start == 0), None)
    if number is None or number.kind == "fraction" or number.low < 0:
        return None
    turned = -1 if sign and words[0] in _MINUS else 1
    begin = cell[0] if turned < 0 else cell[0] + start
    comparator = number.comparator or (_ABOUTS[lead.group()] if lead else None)
    low, high = sorted((turned * number.low, turned * number.high))
    return Number(begin, cell[0] + start + number.end, low, high, comparator, number.unit, number.kind)


def _beside(columns: Sequence[Column], at: int) -> tuple[Span, ...]:
    """The headings of the figures left of a column of changes, which say what changed."""
    return next((c.headings for c in reversed(columns[:at]) if c.kind == "figures" and not _CHANGE.search(c.words)), ())
