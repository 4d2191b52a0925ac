"""Page furniture: running heads, footers, page numbers and watermarks, told by their repetition and their place.

Works on the runs of all pages before lines are made, so that a watermark is gone from between the lines it is printed over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from pipeline.runs import Run, body_size, find_rows

_ZONE = 0.15  # of the page's height, at its top and its bottom
_LARGE = 1.5  # times the body's size
_MANY = 6  # pages that show what recurs by themselves
_AWAY = 1.0  # em
_MOST = 0.4  # of the pages: left and right ones may have heads of their own
_LETTERHEAD = 1.3  # times the body's size: no running head is as large, but the name over a notice is
_SHIFT = 4.0  # points that a running head may move from page to page
_DIGITS = re.compile(r"\d+|(?<=第)[一二三四五六七八九十百]+(?=[页期])")
_DRESSED = re.compile(
    r"""[-—–―－·•～~\s]+\d{1,4}[-—–―－·•～~\s]+        # — 3 —
      | 第\s*[\d一二三四五六七八九十百]+\s*页.{0,12}     # 第3页 共8页
      | \d{1,4}\s*[/／]\s*\d{1,4}                      # 3 / 8
      | [Pp](?:age|\.)\s*\d{1,4}.{0,8}""",
    re.VERBOSE,
)
_BARE = re.compile(r"\d{1,4}|[ivxlIVXL]{1,6}")


@dataclass(frozen=True, slots=True)
class Page:
    """The runs of one page and its size in points."""

    width: float
    height: float
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class _Row:
    page: int
    text: str
    key: str
    top: float  # from the page's top in the upper zone, from its bottom in the lower
    runs: tuple[Run, ...]
    away: float  # distance to the next row towards the middle, in ems


def drop_furniture(pages: Sequence[Page]) -> list[Page]:
    """The pages without what is printed on every one of them."""
    return drop_running(drop_watermarks(pages))


def drop_watermarks(pages: Sequence[Page]) -> list[Page]:
    """The pages without text that is printed over theirs. Tables are still part of it."""
    return _without(pages, {id(run) for run in _watermarks(pages)})


def drop_running(pages: Sequence[Page]) -> list[Page]:
    """The pages without running heads, footers and page numbers. A table is one run, lest its headings be taken for one."""
    return _without(pages, {id(run) for upper in (True, False) for row in _running(pages, upper) for run in row.runs})


def _without(pages: Sequence[Page], gone: set[int]) -> list[Page]:
    return [Page(p.width, p.height, [r for r in p.runs if id(r) not in gone]) for p in pages]


def _running(pages: Sequence[Page], upper: bool) -> Iterator[_Row]:
    """Rows of the upper or lower margin to drop, from the outermost inwards until one stays; those of a few pages only if they stand apart."""
    margins = [_margin(index, page, upper) for index, page in enumerate(pages)]
    repeated = _repeated([row for rows in margins for row in rows], len(pages))
    numbers = _numbers(margins, len(pages))
    for rows in margins:
        found = list(takewhile(lambda row: id(row) in repeated or id(row) in numbers, rows))
        while found and not _is_running(found[-1], repeated.get(id(found[-1]), len(pages)), len(pages)):
            found.pop()
        yield from found


def _is_running(row: _Row, count: int, pages: int) -> bool:
    """Whether a row that recurs on so many of the pages, the innermost of its margin, is no line of the text: it stands apart or is on most."""
    return row.away >= _AWAY or (pages >= _MANY and count >= _MOST * pages)


def _margin(index: int, page: Page, upper: bool) -> list[_Row]:
    """The rows in the page's upper or lower zone, from the outermost inwards."""
    edge = page.height * _ZONE
    near = [r for r in page.runs if r.table is None and (r.bottom < 2 * edge if upper else r.top > page.height - 2 * edge)]
    rows = find_rows(near)
    if not upper:
        rows.reverse()
    out = []
    large = _LETTERHEAD * body_size(page.runs) if page.runs else 0.0
    for at, row in enumerate(rows):
        top = min(r.top for r in row) if upper else page.height - max(r.bottom for r in row)
        if top > edge or (upper and row[0].size >= large):
            break
        text = "".join(r.text for r in row).strip()
        away = 99.0
        if at + 1 < len(rows):
            a, b = (row, rows[at + 1]) if upper else (rows[at + 1], row)
            away = (min(r.top for r in b) - max(r.bottom for r in a)) / row[0].size
        out.append(_Row(index, text, _DIGITS.sub("#", text), top, tuple(row), away))
    return out


def _repeated(rows: Sequence[_Row], pages: int) -> dict[int, int]:
    """Rows by their ids whose text, but for digits, stands at the same height of several pages, and of how many."""
    places: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.key.strip("# "):
            places[row.key].append(row)
    need = 2 if pages < _MANY else 3
    found: dict[int, int] = {}
    for same in places.values():
        for row in same:
            at = {other.page for other in same if abs(other.top - row.top) <= _SHIFT}
            if len(at) >= need:
                found[id(row)] = len(at)
    return found


def _numbers(margins: Sequence[Sequence[_Row]], pages: int) -> set[int]:
    """Ids of page numbers: dressed ones anywhere in the margin, bare ones that count with the pages or stand well apart."""
    found: set[int] = set()
    bare: dict[int, list[_Row]] = defaultdict(list)
    for rows in margins:
        for row in rows[:3]:
            text = row.text
            if _DRESSED.fullmatch(text):
                found.add(id(row))
            elif _BARE.fullmatch(text):
                bare[int(text) - row.page if text.isdigit() else -1].append(row)
    for same in bare.values():
        if len(same) > 1 or (pages == 1 and same[0].away >= 1.0):
            found.update(id(row) for row in same)
    return found


def _watermarks(pages: Sequence[Page]) -> Iterator[Run]:
    """Upright text that is pale and large, or printed over other text: at one place of most pages, or much larger than the text under it."""
    places: dict[tuple[str, int, int], int] = defaultdict(int)
    for page in pages:
        for run in page.runs:
            places[_place(run)] += 1
    for page in pages:
        em = body_size(page.runs)
        for run in page.runs:
            repeated = len(pages) > 2 and places[_place(run)] * 5 >= len(pages) * 3
            over = (repeated or run.size >= 2 * em) and _covers(run, page.runs, 1 if repeated else 2)
            if len(run.text) > 1 and (over or (run.pale and run.size >= _LARGE * em)):
                yield run


def _place(run: Run) -> tuple[str, int, int]:
    return run.text, round(run.x0 / 2), round(run.top / 2)


def _covers(run: Run, runs: Sequence[Run], least: int) -> bool:
    """Whether the run is printed over at least so many others."""
    under = 0
    for other in runs:
        if other is run or other.top >= run.bottom or other.bottom <= run.top or other.x0 >= run.x1 or other.x1 <= run.x0:
            continue
        high = min(run.bottom, other.bottom) - max(run.top, other.top)
        wide = min(run.x1, other.x1) - max(run.x0, other.x0)
        under += high > 0.35 * other.size and wide > 0.5 * other.size
    return under >= least
