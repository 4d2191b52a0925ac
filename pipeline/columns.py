"""Columns: a page cut into stretches of single columns, in reading order, with headlines set across them.

White strips that part the whole region are tried first, then those that part some of its rows. `em` is the size of the body text in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from operator import attrgetter

from pipeline.runs import Run, across, find_rows, merged

_WIDE = 2.0  # em: a gap as wide as between cells
_GUTTER = 0.8  # em: the narrowest white strip between columns
_COLUMN = 7.0  # em: the narrowest column
_FLUSH = 1.3  # em: how early a full line may end, since no line begins with a closing mark
_DEPTH = 12
_HEAD = 12  # lines of headlines at most


@dataclass(frozen=True, slots=True)
class Leaf:
    """A stretch of one column, in which lines follow each other from top to bottom."""

    runs: tuple[Run, ...]
    column: int


def find_leaves(runs: Sequence[Run], em: float) -> list[Leaf]:
    """The page cut into stretches of single columns, in reading order."""
    return list(_cut(list(runs), em, 0, _DEPTH))


def _cut(runs: list[Run], em: float, column: int, depth: int) -> Iterable[Leaf]:
    """Columns where a white strip parts the whole region, else bands above each other where it parts some of the rows."""
    if depth and len(runs) > 1:
        head, rest = _peel(runs, em)
        if head and rest:
            yield Leaf(tuple(head), column)
            yield from _cut(rest, em, column, depth)
            return
        parts = _columns(runs, em)
        if len(parts) > 1:
            for number, part in enumerate(parts):
                yield from _cut(part, em, column + number, depth - 1)
            return
        bands = _bands(runs, em)
        if len(bands) > 1:
            for band in bands:
                yield from _cut(band, em, column, depth - 1)
            return
    if runs:
        yield Leaf(tuple(runs), column)


def _peel(runs: list[Run], em: float) -> tuple[list[Run], list[Run]]:
    """The headline lines at the region's top with nothing beside them, and the rest.

    They are centred over the region, or large and not over its right half only, as where the text does not fill all columns; or on one axis
    with a large one under or over them.
    """
    x0, x1 = min(r.x0 for r in runs), max(r.x1 for r in runs)
    atoms = list(islice(_atoms(runs), _HEAD + 1))
    head: list[Run] = []
    axis: float | None = None
    for number, atom in enumerate(atoms[:_HEAD]):
        middle, large = _middle(atom), _is_large(atom, em)
        below = atoms[number + 1] if number + 1 < len(atoms) else None
        over = below is not None and _is_large(below, em) and not large and abs(_middle(below) - middle) <= 1.5 * em
        if over or (large and atom[0].x0 < (x0 + x1) / 2):
            axis = middle
        centred = abs(middle - (x0 + x1) / 2) <= 1.5 * em
        on_axis = axis is not None and abs(middle - axis) <= 1.5 * em
        room = 2 * atom[0].size if large or over else em
        gaps = [(b.x0 - a.x1) / room for a, b in pairwise(across(atom))]
        if len(find_rows(atom)) != 1 or not (centred or on_axis) or max(gaps, default=0) >= _GUTTER:
            break
        head += atom
    taken = {id(run) for run in head}
    return head, [run for run in runs if id(run) not in taken]


def _middle(atom: Sequence[Run]) -> float:
    return (min(r.x0 for r in atom) + max(r.x1 for r in atom)) / 2


def _is_large(atom: Sequence[Run], em: float) -> bool:
    return all(run.size >= 1.15 * em for run in atom)


def _columns(runs: list[Run], em: float) -> list[list[Run]]:
    """The runs left and right of the white strips that part columns of text; one list when there are none."""
    spans = merged(runs)
    pieces = [[r for r in runs if a <= r.x0 < b] for a, b in spans]
    gaps = [b[0] - a[1] for a, b in pairwise(spans)]
    parts = [pieces[0]] if pieces else []
    for at, gap in enumerate(gaps):
        right = pieces[at + 1]
        for following, piece in zip(gaps[at + 1 :], pieces[at + 2 :], strict=True):
            if following >= _GUTTER * em and _is_column(right, em):
                break
            right = right + piece
        if gap >= _GUTTER * em and _beside(parts[-1], right, em):
            parts.append(pieces[at + 1])
        else:
            parts[-1] = parts[-1] + pieces[at + 1]
    return parts


def _beside(left: list[Run], right: list[Run], em: float) -> bool:
    """Whether these are columns of running text: wide, filled, side by side; the last may hold the end of the text only."""
    if not _is_column(left, em) or min(max(r.bottom for r in left), max(r.bottom for r in right)) <= max(
        min(r.top for r in left), min(r.top for r in right)
    ):
        return False
    level = min(r.top for r in right) - min(r.top for r in left) < em
    return _is_column(right, em) or (level and len(find_rows(right)) * 2 < len(find_rows(left)))


def _is_column(runs: list[Run], em: float) -> bool:
    """Whether half of at least two lines, or a table, reach from edge to edge (but for a paragraph's indent)."""
    x0, x1 = min(r.x0 for r in runs), max(r.x1 for r in runs)
    if x1 - x0 < _COLUMN * em:
        return False
    rows = find_rows(runs)
    filled = sum(row[0].x0 <= x0 + 2.5 * em and row[-1].x1 >= x1 - _FLUSH * em and _is_solid(row, em) for row in rows)
    return (len(rows) > 1 and filled * 2 >= len(rows)) or any(r.table is not None for r in runs)


def _is_solid(row: Sequence[Run], em: float) -> bool:
    return all(b.x0 - a.x1 < _WIDE * em for a, b in pairwise(row))


def _bands(runs: list[Run], em: float) -> list[list[Run]]:
    """The region cut where rows that a white strip parts meet rows that cross it."""
    atoms = list(_atoms(runs))
    strips = [_strips(atom, em) for atom in atoms]
    at = _best_strip(strips, atoms)
    if at is None:
        return [runs]
    bands: list[list[Run]] = []
    last: bool | None = None
    for atom in atoms:
        crosses = any(r.x0 < at < r.x1 for r in atom)
        if crosses != last:
            bands.append([])
            last = crosses
        bands[-1] += atom
    return bands


def _strips(atom: list[Run], em: float) -> list[tuple[float, float]]:
    return [(a[1], b[0]) for a, b in pairwise(merged(atom)) if b[0] - a[1] >= _GUTTER * em]


def _best_strip(strips: list[list[tuple[float, float]]], atoms: list[list[Run]]) -> float | None:
    """The middle of the white strip that parts the greatest height of text."""
    heights = [max(r.bottom for r in atom) - min(r.top for r in atom) for atom in atoms]
    best, most = None, 0.0
    for middle in {round((a + b) / 2, 1) for found in strips for a, b in found}:
        height = sum(h for h, found in zip(heights, strips, strict=True) if any(a < middle < b for a, b in found))
        if (height, -middle) > (most, -(best or 0.0)):
            best, most = middle, height
    return best


def _atoms(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Groups of runs with white all across between one and the next, from top to bottom."""
    atom: list[Run] = []
    bottom = float("-inf")
    for run in sorted(runs, key=attrgetter("top")):
        if atom and run.top >= bottom - 0.15 * run.size:  # lines set solid overlap a little
            yield atom
            atom = []
        atom.append(run)
        bottom = max(bottom, run.bottom)
    if atom:
        yield atom
