"""Tables without ruling lines on a printed page: figures that stand in columns under headings, row after row.

Only figures show columns: names set side by side may be columns of text. What has no headings is left as lines, unless it opens a page and
the table before it closes the page before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.document import Box
from pipeline.read.tables import Cell, is_figure
from pipeline.runs import Run, body_size, find_rows

_CELL = 0.9  # em: gap between cells of a row of figures
_PIECE = 0.25  # em: gap between headings, which may stand close
_LABEL = 24  # characters of the longest name of a row
_ROWS, _NARROW = 2, 3  # rows of a table, and of one with a single column of figures
_APART = 2.6  # em: rows further apart are of two tables
_HEADS = 4  # lines of headings at most
_SENTENCE = "。；！？"
_ASIDE = ("单位", "计量单位", "注", "附表", "表")

Glyph = tuple[str, Box]
Extent = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of one row that stand together."""

    text: str
    glyphs: tuple[Glyph, ...]

    @property
    def x0(self) -> float:
        return self.glyphs[0][1][0]

    @property
    def x1(self) -> float:
        return self.glyphs[-1][1][2]


@dataclass(slots=True)
class Row:
    """A row of the page: its runs, extents and pieces."""

    runs: list[Run]
    top: float
    bottom: float
    pieces: list[Piece]


@dataclass(slots=True)
class Aligned:
    """A table: the runs that it takes, its box, the extent of each column and the cells row by row, headings first.

    `headed` is False where it has none and can only go on with a table of the page before.
    """

    runs: list[Run]
    box: Box
    columns: list[Extent]
    cells: list[list[Cell]] = field(default_factory=list)
    headed: bool = True


def find_aligned(runs: Sequence[Run]) -> list[Aligned]:
    """The tables among the runs of a page or of one of its columns, from top to bottom."""
    figures = sum(len(run.text) <= _LABEL and is_figure(run.text) for run in runs)
    if figures < _ROWS:
        return []
    em = body_size(runs)
    rows = [_row(found, em) for found in find_rows(runs)]
    return [table for start, end in _stretches(rows, em) if (table := _table(rows, start, end, em)) is not None]


def _row(runs: list[Run], em: float) -> Row:
    glyphs = [glyph for run in runs for glyph in _glyphs(run)]
    solid = all(run.table is None for run in runs)
    return Row(runs, min(r.top for r in runs), max(r.bottom for r in runs), list(_pieces(glyphs, _CELL * em)) if solid else [])


def _glyphs(run: Run) -> Iterator[Glyph]:
    for char, left, right in zip(run.text, run.left, run.right, strict=True):
        if not char.isspace():
            yield char, (left, run.top, right, run.bottom)


def _pieces(glyphs: Sequence[Glyph], gap: float) -> Iterator[Piece]:
    start = 0
    for at, (a, b) in enumerate(pairwise(glyphs), 1):
        if b[1][0] - a[1][2] >= gap:
            yield _piece(glyphs[start:at])
            start = at
    if glyphs:
        yield _piece(glyphs[start:])


def _piece(glyphs: Sequence[Glyph]) -> Piece:
    return Piece("".join(char for char, _ in glyphs), tuple(glyphs))


def _stretches(rows: Sequence[Row], em: float) -> Iterator[tuple[int, int]]:
    """Half-open spans of rows that hold figures in columns; a name alone may stand between two of them, as one that heads a section."""
    start: int | None = None
    last = -1
    for at, row in enumerate(rows):
        if start is not None and row.top - rows[at - 1].bottom > _APART * em:
            yield start, last + 1
            start = None
        if _is_data(row):
            start = at if start is None else start
            last = at
        elif start is not None and not (_is_name(row, rows[last]) and at == last + 1):
            yield start, last + 1
            start = None
    if start is not None:
        yield start, last + 1


def _is_data(row: Row) -> bool:
    """Whether the row is a name and figures, or figures alone."""
    if len(row.pieces) < 2:
        return False
    first, *rest = row.pieces
    if len(first.text) > _LABEL or any(mark in first.text for mark in _SENTENCE):
        return False
    figures = sum(is_figure(piece.text) for piece in rest)
    return figures > 0 and figures * 2 >= len(rest) and all(len(piece.text) <= _LABEL for piece in rest)


def _is_name(row: Row, above: Row) -> bool:
    return len(row.pieces) == 1 and len(row.pieces[0].text) <= _LABEL and row.pieces[0].x0 < above.pieces[0].x1


def _table(rows: Sequence[Row], start: int, end: int, em: float) -> Aligned | None:
    columns = _columns(rows[start:end])
    if len(columns) < 2:
        return None
    data = sum(_is_data(row) for row in rows[start:end])
    if start > 1 and _is_name(rows[start - 1], rows[start]) and len(rows[start - 2].pieces) > 1:
        start -= 1  # the first section's name
    body = rows[start:end]
    grid = [_cells(row.pieces, columns) for row in body]
    if any(row is None for row in grid):
        return None
    first = _first_heading(rows, start, columns, em)
    heads = _headings(rows[first:start], columns, em)
    if heads is None:
        return None
    taken = [run for row in rows[first if heads else start : end] for run in row.runs]
    box = min(r.x0 for r in taken), min(r.top for r in taken), max(r.x1 for r in taken), max(r.bottom for r in taken)
    named = sum(any(row[at].text for row in heads) for at in range(1, len(columns)))
    if heads and (named * 2 < len(columns) - 1 or data < (_ROWS if len(columns) > 2 else _NARROW)):
        return None
    return Aligned(taken, box, columns, [*heads, *(row for row in grid if row)], bool(heads))


def _columns(rows: Sequence[Row]) -> list[Extent]:
    """The extents of the columns: what overlaps from row to row is one; names alone, which may be longer, do not count."""
    spans: list[Extent] = []
    for x0, x1 in sorted((piece.x0, piece.x1) for row in rows if len(row.pieces) > 1 for piece in row.pieces):
        if spans and x0 < spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], x1)
        else:
            spans.append((x0, x1))
    return spans


def _cells(pieces: Sequence[Piece], columns: Sequence[Extent]) -> list[Cell] | None:
    """The row's pieces under their columns; None where two pieces of the row stand in one."""
    held: dict[int, Piece] = {}
    for piece in pieces:
        at = max(range(len(columns)), key=lambda k: min(piece.x1, columns[k][1]) - max(piece.x0, columns[k][0]))
        if at in held:
            return None
        held[at] = piece
    return [_cell(held[at].glyphs) if at in held else Cell("") for at in range(len(columns))]


def _cell(glyphs: Sequence[Glyph]) -> Cell:
    return Cell("".join(char for char, _ in glyphs), chars=tuple(box for _, box in glyphs))


def _first_heading(rows: Sequence[Row], start: int, columns: Sequence[Extent], em: float) -> int:
    """The first of the rows over the figures that can hold headings."""
    first = start
    while first > max(start - _HEADS, 0):
        row, below = rows[first - 1], rows[first]
        gap = below.top - row.bottom
        pieces = list(_pieces([glyph for run in row.runs for glyph in _glyphs(run)], _PIECE * em))
        if gap > _APART * em or not row.pieces or any(mark in piece.text for piece in pieces for mark in _SENTENCE):
            break
        lone = len(pieces) == 1 and (gap > 0.5 * em or sum(_stands_in(pieces[0], column) for column in _zones(columns)) != 1)
        outside = pieces[-1].x1 > columns[-1][1] + 4 * em or pieces[0].x0 < columns[0][0] - 4 * em
        if lone or outside or pieces[0].text.startswith(_ASIDE) or any(len(piece.text) > _LABEL for piece in pieces):
            break
        first -= 1
    return first


def _zones(columns: Sequence[Extent]) -> list[Extent]:
    """The columns with half of the white between them."""
    edges = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    return list(zip([float("-inf"), *edges], [*edges, float("inf")], strict=True))


def _stands_in(piece: Piece, zone: Extent) -> bool:
    """Whether most of what can be seen of the piece stands there."""
    return min(piece.x1, zone[1]) - max(piece.x0, zone[0]) > 0.5 * (piece.x1 - piece.x0)


def _headings(rows: Sequence[Row], columns: Sequence[Extent], em: float) -> list[list[Cell]] | None:
    """The headings as one row, or as two where some stand over several columns; None where they stand too close to be told apart."""
    if not rows:
        return []
    upper: list[list[Glyph]] = [[] for _ in columns]
    lower: list[list[Glyph]] = [[] for _ in columns]
    over: dict[int, Cell] = {}
    for number, row in enumerate(rows):
        pieces = list(_pieces([glyph for run in row.runs for glyph in _glyphs(run)], _PIECE * em))
        if number + 1 == len(rows):
            pieces = [part for piece in pieces for part in _parted(piece, columns, em)]
        for piece in pieces:
            if number + 1 < len(rows):
                first, last = _under(piece, pieces, columns, em)
            elif sum(_is_over(piece, column) for column in columns) < 2:
                first = last = _nearest(piece, columns)
            else:
                return None
            if first < last:
                cell = _cell(piece.glyphs)
                over.update((at, cell) for at in range(first, last + 1))
            else:
                (lower if first in over else upper)[first].extend(piece.glyphs)
    if not all(lower[at] for at in over):
        return None
    below = [_cell(lower[at] if at in over else upper[at]) for at in range(len(columns))]
    if not over:
        return [below]
    return [[over.get(at, below[at]) for at in range(len(columns))], below]


def _under(piece: Piece, row: Sequence[Piece], columns: Sequence[Extent], em: float) -> tuple[int, int]:
    """The first and last column that the heading is centred over, of those that no other heading of its row is nearer to."""
    middle = (piece.x0 + piece.x1) / 2
    centres = [(a + b) / 2 for a, b in columns]
    free = [at for at, x in enumerate(centres) if min(row, key=lambda p: abs((p.x0 + p.x1) / 2 - x)) is piece]
    spans = [(a, b) for a in free for b in free if a <= b]
    if not spans:
        return (at := _nearest(piece, columns)), at
    return min(spans, key=lambda span: (round(abs((centres[span[0]] + centres[span[1]]) / 2 - middle) / em), span[1] - span[0]))


def _is_over(piece: Piece, column: Extent) -> bool:
    """Whether the piece reaches over the column's middle."""
    return piece.x0 <= (column[0] + column[1]) / 2 <= piece.x1


def _parted(piece: Piece, columns: Sequence[Extent], em: float) -> Iterator[Piece]:
    """Headings that touch, parted after the bracket with the first one's unit where it ends near the white between their columns."""
    start = 0
    over = [column for column in columns if _is_over(piece, column)]
    for a, b in pairwise(over):
        white = (a[1] + b[0]) / 2
        near = [at for at, (char, box) in enumerate(piece.glyphs, 1) if char in "）)" and abs(box[2] - white) < 1.5 * em]
        if near and start < near[0] < len(piece.glyphs):
            yield _piece(piece.glyphs[start : near[0]])
            start = near[0]
    yield _piece(piece.glyphs[start:])


def _nearest(piece: Piece, columns: Sequence[Extent]) -> int:
    middle = (piece.x0 + piece.x1) / 2
    return min(range(len(columns)), key=lambda at: abs(middle - (columns[at][0] + columns[at][1]) / 2))
