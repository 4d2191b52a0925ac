"""From a document's tables to where their cells stand in a bulletin's text."""

from __future__ import annotations

from extractors.layouts import Layout
from extractors.spans import Span
from pipeline.blanks import trim
from pipeline.document import ROW, Document, Table
from pipeline.repair import Repaired


def find_layouts(document: Document, repaired: Repaired, item: Span) -> tuple[Layout, ...]:
    """The tables whose rows stand in `item`, a span of the repaired text; offsets count from the item's start.

    Cells whose text was left out of the bulletin are empty.
    """
    found: dict[int, dict[int, Span]] = {}
    for paragraph in repaired.paragraphs:
        block = document.blocks[paragraph.blocks[0]]
        inside = item[0] <= paragraph.start and paragraph.end <= item[1]
        if inside and block.kind == ROW and block.table is not None and block.row is not None:
            start = paragraph.start - item[0] - trim(block.text)[0]
            found.setdefault(block.table, {})[block.row] = (start, paragraph.end - item[0])
    layouts = (_layout(document.tables[table], rows) for table, rows in sorted(found.items()))
    return tuple(layout for layout in layouts if layout.rows and len(layout.rows[0]) > 1)


def _layout(table: Table, lines: dict[int, Span]) -> Layout:
    """The table's rows that stand in the text, or that only hold cells which reach down from rows above."""
    if not table.origins:
        return Layout((), 0)
    first, last = min(lines), max(lines)
    rows, headers, at = [], 0, lines[first][0]
    for number in range(first, last + 1):
        at = lines.get(number, (at, 0))[0]
        cells = []
        for text, (row, offset) in zip(table.rows[number], table.origins[number], strict=True):
            start = lines[row][0] + offset if text and row in lines else at
            cells.append((start, start + len(text)) if text and row in lines else (at, at))
        rows.append(tuple(cells))
        headers += number < table.header_rows
    return Layout(tuple(rows), headers)
