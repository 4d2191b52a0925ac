"""What a table's figure says: measure, place, time and sense, from the labels of its row, its headings and the caption."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from extractors.denominators import each_in
from extractors.gridcells import Cell
from extractors.grids import Grid
from extractors.indicators import Catalogue
from extractors.layouts import GENERIC, TIMELY
from extractors.lexicon import Tagger
from extractors.places import Region
from extractors.placescopes import PlaceScopes
from extractors.regions import township_index
from extractors.spans import Span
from extractors.times import Period
from extractors.timescopes import TimeScopes

_TOTAL = re.compile(r"[（(]?(?:合\s*计|总\s*计|小\s*计|总\s*数|全[省市县区州盟旗国])(?:合\s*计|总\s*计|小\s*计)?[)）]?")
_YEAR = re.compile(r"(19|20)\d{2}(?=年?度?$)")
_BEFORE = re.compile(r"[上去前]年|上[月期季]|同期")
_RELATIVE = re.compile(r"([本上去])(?:年|年度|期|年同期)(?:数|累计|实际)?")
_ONLY_CHANGE = re.compile(
    r"(?:[比较]?(?:与|去年|上年|上月|上季度|同期|同|上期)*|同比|环比|增长|增幅|增速|增减|增|减|幅度|幅|率|情况|量|变化|百分比|[±+\-（）()%％/、])*"
)
_OF_WHICH = re.compile(r"(?:其\s*中|#)\s*[:：]?\s*")
_LISTED = re.compile(r"(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、．.](?!\d))\s*")
_TARGET = re.compile(
    r"(?:目标|任务|计划)(?:任务|指标|数|分解|安排|分配)*(?:情况)?(?:一览)?[表数值]?(?:[（(]|$)|目标任务|任务分解|计划[表数]"
)
_PLANNED = re.compile(r"(?:年初|全年)?(?:预算|计划|任务|目标|下达)(?:数|值|量)?")
_ONLY_STANDARD = re.compile(r"(?:补助|补贴|保障|救助|发放|执行|月)?标准")
_STANDARD = re.compile(r"标准(?:[（(]|$)")


@dataclass(frozen=True, slots=True)
class Said:
    """What governs one figure; fields as in `extractors.quantities.Quantity`."""

    measure: str | None
    indicator: str | None
    per: str | None
    status: str
    aspect: str
    time: Period | None
    place: Region | None


class Known(Protocol):
    """What is known of the text; see `extractors.quantities.Surroundings`."""

    @property
    def home(self) -> Region | None: ...
    @property
    def tag(self) -> Tagger: ...
    @property
    def catalogue(self) -> Catalogue: ...


class CellReader:
    """Reads the figures of one text's tables."""

    def __init__(self, text: str, times: TimeScopes, places: PlaceScopes, known: Known) -> None:
        self._text, self._times, self._places, self._known = text, times, places, known

    def read(self, grid: Grid, cell: Cell) -> Said:
        """A measure of several headings is their words one after the other, as the table is read from top to bottom."""
        parts = self._measure(cell)
        words = [self._text[a:b] for a, b in parts]
        measure = "".join(words) or None
        aspect = "change" if cell.change else "share" if cell.unit in ("%", "‰") else "new" if measure and "新" in measure[:2] else "level"
        own = [self._text[a:b] for a, b in cell.headings]
        return Said(
            measure=measure,
            indicator=self._code(words, cell, aspect, grid.context),
            per=cell.per or each_in("".join(own), self._known.tag),
            status=self._status(grid, cell, measure or ""),
            aspect=aspect,
            time=self._time(grid, cell),
            place=self._place(cell),
        )

    def _measure(self, cell: Cell) -> Sequence[Span]:
        """Headings that say what is counted, else the labels of the row; words of time, place and total are neither."""
        parts = self._nouns(cell.headings)
        if cell.change:
            parts = [part for part in parts if not _ONLY_CHANGE.fullmatch(self._text, *part)] or self._nouns(cell.beside) or parts
        if cell.change and all(_ONLY_CHANGE.fullmatch(self._text, *part) for part in parts) and (labels := self._nouns(cell.labels)):
            return labels
        if len(parts) == 1 and _ONLY_STANDARD.fullmatch(self._text, *parts[0]):
            return [*self._nouns(cell.labels)[:1], *parts]  # 城市低保 | 标准
        generic = all(GENERIC.fullmatch(self._text, *part) for part in parts)
        if cell.by_row or generic:
            labels = self._nouns(cell.labels)
            if labels:
                return labels
        return parts if not generic or not cell.headings else parts or [cell.headings[-1]]

    def _nouns(self, spans: Sequence[Span]) -> list[Span]:
        return [part for span in spans if (part := self._noun(span)) is not None]

    def _noun(self, span: Span) -> Span | None:
        """The words of a heading or label that can name what is counted, without 其中： and the mark of a list."""
        text = self._text
        start = span[0]
        for mark in (_LISTED, _OF_WHICH):
            if match := mark.match(text, start, span[1]):
                start = match.end()
        if start >= span[1] or TIMELY.fullmatch(text, start, span[1]) or self._is_area((start, span[1])):
            return None
        return start, span[1]

    def _is_area(self, span: Span) -> bool:
        """Whether a cell names an area or the sum of areas and little else."""
        if _TOTAL.fullmatch(self._text, *span):
            return True
        at = self._places.last_in(span)
        if at is None:
            return False
        area = self._places.areas[at]
        return 2 * (area.end - area.start) >= span[1] - span[0]

    def _place(self, cell: Cell) -> Region | None:
        """The area of the row, of the column or of the line across the table, else the bulletin's own.

        A row of an area that is not known has no place: its figure is not the whole's.
        """
        for span in (*reversed(cell.labels), *reversed(cell.headings), *((cell.section,) if cell.section else ())):
            if _TOTAL.fullmatch(self._text, *span):
                continue
            if (at := self._places.last_in(span)) is not None:
                return self._places.region(at)
            if (town := self._town(cell, span)) is not None:
                return town
        home = self._known.home
        if cell.labels and cell.area and not _TOTAL.fullmatch(self._text, *cell.labels[-1]):
            return home if home is not None and home.level == "county" else None
        return home

    def _town(self, cell: Cell, span: Span) -> Region | None:
        """The township that a label names under the county of a label before it: 广河县 | 城关镇."""
        for outer in cell.labels[: cell.labels.index(span)] if span in cell.labels else ():
            county = self._places.within(outer)
            if county and county.level == "county" and county.adcode in township_index().get(self._text[span[0] : span[1]], ()):
                return Region(self._text[span[0] : span[1]], county.adcode, "county")
        return None

    def _time(self, grid: Grid, cell: Cell) -> Period | None:
        """The time of the heading or row, else of the line across the table, the caption, the title."""
        above = self._times.within(grid.caption) or self._times.within((0, self._text.find("\n")))
        for span in (*reversed(cell.headings), *reversed(cell.labels)):
            if (relative := _RELATIVE.fullmatch(self._text, *span)) and above and (current := _year_of(above)):
                return _whole(current - (relative[1] in "上去"))  # of the caption's year, whenever it was published
            if (found := self._times.within(span)) is not None:
                return found
            if year := _YEAR.match(self._text, *span):
                return _whole(int(year.group()))
            if not cell.change and _BEFORE.match(self._text, *span):
                return None  # the year before that of the caption
        section = self._times.within(cell.section) if cell.section else None
        return section or above

    def _code(self, words: Sequence[str], cell: Cell, aspect: str, context: str) -> str | None:
        """The indicator of the words in either order (低保对象 over 城市 is 城市低保对象, too), else of the last ones alone."""
        if not words:
            return None
        tries = dict.fromkeys(("".join(words), "".join(reversed(words)), words[-1] if len(words) > 1 and len(words[-1]) > 3 else words[0]))
        codes = (self._known.catalogue.code_of(measure, cell.unit, None, aspect, context) for measure in tries)
        return next((code for code in codes if code is not None), None)

    def _status(self, grid: Grid, cell: Cell, measure: str) -> str:
        caption = self._text[grid.caption[0] : grid.caption[1]].strip()
        if _STANDARD.search(measure) and cell.unit == "元":
            return "standard"
        if any(_PLANNED.fullmatch(self._text, *span) for span in cell.headings):
            return "target"
        lines = [line.strip() for line in caption.split("\n") if len(line.strip()) <= 60]
        return "target" if any(_TARGET.search(line) for line in lines) or _TARGET.search(measure) else "actual"


def _year_of(period: Period) -> int | None:
    """The year that a period is, None for a part of one or more."""
    start, end = period
    return start.year if start and end and period == _whole(start.year) else None


def _whole(year: int) -> Period:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)
