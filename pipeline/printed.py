"""Printed lines to blocks: heading or body, centred, indented, filling its column or not.

Coordinates are PDF points from the page's top left corner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.document import HEADING, LINE, Block, Boxes
from pipeline.layout import Line

_HEADING = 1.2  # times the body's size
_INDENT = 1.2  # em: a paragraph's first line starts this far in
_SHORT = 2.2  # em: a line that ends this far from the column's edge ends its paragraph; closing marks may hang over it


Edges = dict[int, tuple[float, float]]
"""Left and right edge of each column."""


def printed_blocks(lines: Sequence[Line], page: int, body: float) -> Iterator[Block]:
    """A block for each line of the page; `body` is the document's body size."""
    edges = column_edges(lines, body)
    return (printed_block(line, page, body, edges) for line in lines)


def printed_block(line: Line, page: int, body: float, edges: Edges) -> Block:
    """The block of one line."""
    left, right = edges.get(line.column, (line.left[0], line.right[-1]))
    before, after = line.left[0] - left, right - line.right[-1]
    return Block(
        text=line.text,
        kind=HEADING if line.size >= _HEADING * body else LINE,
        page=page,
        box=line.box,
        size=line.size,
        bold=line.bold,
        centred=before > _INDENT * line.size and abs(before - after) < 2 * line.size,
        full=after < _SHORT * line.size,
        indented=before > _INDENT * line.size,
        column=line.column,
        chars=Boxes(line.left, line.right, line.top, line.bottom),
        confidence=line.confidence,
    )


def column_edges(lines: Sequence[Line], body: float) -> Edges:
    """Left and right edge of each column, from lines of body size: a headline may be set across columns."""
    columns: Edges = {}
    for line in lines:
        if abs(line.size - body) < 0.1 * body:
            left, right = columns.get(line.column, (line.left[0], line.right[-1]))
            columns[line.column] = min(left, line.left[0]), max(right, line.right[-1])
    return columns
