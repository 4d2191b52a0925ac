"""Quantities: how many or how much of something in the world, with what is counted, when, where and in what sense."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.amounts import find_amounts
from extractors.bounds import far_comparator, shared_bound
from extractors.clauses import Slot, find_slots
from extractors.codes import Codes
from extractors.gaps import LINK, Gaps
from extractors.gridcells import Cell
from extractors.gridreading import CellReader
from extractors.grids import Grid, find_grids
from extractors.indicators import Catalogue
from extractors.layouts import Layout
from extractors.lexicon import Tagger, lexicon
from extractors.lists import Measure, areas_of, find_runs, respectively
from extractors.measures import Measurer
from extractors.places import Place, Region
from extractors.placescopes import PlaceScopes
from extractors.quantity import Quantity
from extractors.rates import Rates
from extractors.roles import Rate, aspect_of, genre_of, status_of
from extractors.spans import Cover, Span
from extractors.times import Period, Time
from extractors.timescopes import TimeScopes


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a text before its quantities are read.

    `areas` are places and area words (全市); `skip` are spans in which no number counts anything: dates, titles, labels, names; `bodies` are organizations;
    `moments` are what reads like a time, told or not; `layouts` are the tables that the source lays out as such.
    """

    sentences: Sequence[Span]
    times: Sequence[Time]
    areas: Sequence[Place]
    home: Region | None
    published: dt.date | None
    skip: Iterable[Span]
    tag: Tagger
    catalogue: Catalogue
    bodies: Sequence[Span] = ()
    moments: Sequence[Span] = ()
    layouts: Sequence[Layout] = ()


def find_quantities(text: str, around: Surroundings) -> list[Quantity]:
    """Quantities in text order."""
    grids = find_grids(text, around.layouts)
    amounts = find_amounts(text, [*around.skip, *(grid.span for grid in grids)])
    if not amounts and not grids:
        return []
    reader = _Reader(text, around)
    found = reader.read(find_slots(text, around.sentences, amounts))
    found += [reader.cell(grid, cell) for grid in grids for cell in grid.cells]
    return sorted(found, key=lambda quantity: quantity.start) if grids else found


_TO = re.compile(r"(?:到|至|为)(?:目前的?|[^，,。；;]{2,10}的)?\s*(?:约|近|超)?$")
_LASTS = frozenset(("年", "个月", "天", "日", "周", "学时", "课时", "小时"))
_GRANT = re.compile(r"的?(?:一次性)?(?:补贴|补助|奖励|奖补|资助|给予)")
_GRADE = re.compile(r"[一二三四]级(?:的)?$")
_ROUND = frozenset("百千万十")


_TITLE = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,2}(?:[)）]|[.．、]))\s*(?P<title>[\u4e00-\u9fff]{2,14})。")


class _Reader:
    """Walks the sentences of one text; keeps what carries over from clause to clause and sentence to sentence."""

    def __init__(self, text: str, around: Surroundings) -> None:
        self._text, self._around = text, around
        self._places = PlaceScopes(text, around.areas, around.home)
        self._times = TimeScopes(text, around.times, around.published, self._places.are_apart)
        spans = [*around.moments, *((t.start, t.end) for t in around.times)] + [(a.start, a.end) for a in around.areas]
        gaps = Gaps(text, around.tag, Cover(spans), Cover(around.bodies))
        self._measurer = Measurer(gaps, [(a.start, a.end) for a in self._places.areas])
        self._rates, self._codes = Rates(text, around.tag), Codes(text, around.catalogue)
        self._genre = genre_of(text)
        self._latest = max((t.period[1].year for t in around.times if t.role != "until" and t.period[1]), default=0)
        self._cells = CellReader(text, self._times, self._places, around)

    def read(self, sentences: Sequence[Sequence[Slot]]) -> list[Quantity]:
        found: list[Quantity] = []
        last: dict[str | None, Measure] = {}
        for slots in sentences:
            measures = self._measurer.measures(slots, self._titled(slots[0].sentence_span[0]) or last)
            runs = find_runs(self._text, slots)
            here: list[Quantity] = []
            for i, (slot, measure) in enumerate(zip(slots, measures, strict=True)):
                own_place = self._own_place(slots, runs[i], i) if measure is None else None
                old, own_time = self._is_old(slots, runs, i), self._own_time(slots, runs[i], i)
                quantity = self._quantity(slot, measure, here, old, own_time, own_place)
                here.append(self._rates.with_per_of_pair(quantity, here, runs[i], i, slots))
            found += self._continued(here, found, slots)
            told: dict[str | None, Measure] = {slot.amount.unit: m for slot, m in zip(slots, measures, strict=True) if m is not None}
            last = told and {**told, None: next(reversed([m for m in measures if m is not None]))}
        return _headline_agrees(found, self._text.find("\n"))

    def _titled(self, start: int) -> dict[str | None, Measure]:
        """What the item is about whose first sentence begins here: 1.老年食堂。全年目标15家."""
        line = self._text.rfind("\n", 0, start) + 1
        title = _TITLE.fullmatch(self._text, line, start)
        return {None: Measure(title.start("title"), title.end("title"), "carried")} if title else {}

    def cell(self, grid: Grid, cell: Cell) -> Quantity:
        """A figure of a table."""
        said, number = self._cells.read(grid, cell), cell.number
        return Quantity(
            start=number.start,
            end=cell.end,
            text=self._text[number.start : cell.end],
            low=number.low * cell.scale,
            high=number.high * cell.scale,
            comparator=number.comparator,
            unit=cell.unit,
            per=said.per,
            measure=said.measure,
            indicator=said.indicator,
            status=said.status,
            aspect=said.aspect,
            time=said.time,
            place=said.place,
            sentence=max(0, bisect_right(self._around.sentences, (number.start, len(self._text))) - 1),
            how="cell",
        )

    def _own_time(self, slots: Sequence[Slot], run: Sequence[int], i: int) -> Period | None:
        """The time that a list hands out: 5月20日、8月22日分别办理112对和139对."""
        mark = respectively(self._text, slots[run[0]]) if len(run) > 1 else None
        listed = self._times.listed((slots[i].sentence_span[0], mark), len(run)) if mark is not None else None
        return listed[i - run[0]] if listed else None

    def _own_place(self, slots: Sequence[Slot], run: Sequence[int], i: int) -> Region | None:
        """The area that a list hands out where nothing tells what is counted: 道里区、香坊区分别为248和201."""
        mark = respectively(self._text, slots[run[0]]) if len(run) > 1 else None
        if mark is None:
            return None
        areas = [(area.start, area.end) for area in self._places.areas]
        handed = areas_of(self._text, areas, (slots[i].sentence_span[0], mark), len(run))
        return self._places.region(handed[i - run[0]]) if handed else None

    def _is_old(self, slots: Sequence[Slot], runs: Sequence[Sequence[int]], i: int) -> bool:
        """Whether an amount is where a change starts: 由46个增加到112个, 分别由46个、20个增加到112个、50个."""
        run = runs[i]
        first, after = slots[run[0]], slots[run[-1] + 1] if run[-1] + 1 < len(slots) else None
        if after is None or after.clause != first.clause or after.amount.unit != first.amount.unit:
            return False
        return bool(_TO.search(after.before(self._text)) and re.search(r"[由从]", first.before(self._text)))

    def _continued(self, here: list[Quantity], found: Sequence[Quantity], slots: Sequence[Slot]) -> list[Quantity]:
        """其中，… goes on with the sentence before: its time holds where the sentence names none."""
        start = slots[0].sentence_span[0]
        if (
            not found
            or found[-1].sentence != slots[0].sentence - 1
            or not self._text.startswith("其中", start)
            or self._text[start - 1 : start] == "\n"
        ):
            return here
        return [replace(q, time=q.time if self._times.names(start, q.start) else found[-1].time) for q in here]

    def _quantity(
        self, slot: Slot, measure: Measure | None, here: Sequence[Quantity], old: bool, own_time: Period | None, own_place: Region | None
    ) -> Quantity:
        text, amount = self._text, slot.amount
        previous = here[-1] if here else None
        per = self._rates.per(slot, measure, here)
        comparator = amount.comparator or far_comparator(slot.before(text), amount.unit) or shared_bound(text, slot, previous)
        aspect = aspect_of(text, slot, self._inherited(slot, measure, previous))
        if aspect == "cumulative" and per is not None and "累计" not in slot.before(text):
            aspect = "level"  # 累计发放18.7亿元，月均保障71.3万人
        period = self._times.of(slot, old) if own_time is None else own_time
        status = self._status(slot, Rate(per, comparator), period, aspect, previous, old)
        code = self._codes.code(slot, measure, per, status, aspect, here)
        return Quantity(
            start=amount.start,
            end=amount.end,
            text=text[amount.start : amount.end],
            low=amount.low,
            high=amount.high,
            comparator=comparator,
            unit=amount.unit,
            per=per,
            measure=text[measure.start : measure.end] if measure else None,
            indicator=code,
            status=status,
            aspect="level" if code == "areas.covered" and aspect == "cumulative" else aspect,
            time=period,
            place=self._place(slot, measure, previous) if own_place is None else own_place,
            sentence=slot.sentence,
            how=measure.how if measure else "none",
        )

    def _status(self, slot: Slot, rate: Rate, period: Period | None, aspect: str, previous: Quantity | None, old: bool) -> str:
        if slot.listed and previous is not None and previous.unit == slot.amount.unit and not slot.before(self._text).strip():
            return previous.status  # 10%、25%和50%
        status = status_of(self._text, slot, rate, period, self._around.published, self._genre)
        if aspect == "change" and (
            status == "standard" or (previous is not None and previous.status == "standard" and "\n" not in slot.before(self._text))
        ):
            return "actual"  # the growth of a standard is a report
        if old and status == "target":
            status = "standard" if slot.amount.unit in ("元", "工作日", "个工作日") else "actual"
        if status != "target" and self._is_remote(slot, period):
            return "target"
        if status != "actual":
            return status
        ruled = previous is not None and previous.status == "standard" and previous.sentence == slot.sentence
        bound = rate.comparator in (">=", "<=") or slot.amount.unit in _LASTS
        each = rate.per is not None and rate.per[0] not in _ROUND and "均" not in slot.before(self._text)
        each = each or (slot.amount.unit == "元" and _GRANT.match(slot.before(self._text)) is not None)
        each = each or slot.listed or bool(_GRADE.search(slot.before(self._text)))
        return "standard" if ruled and (bound or each) else "actual"  # 每个项目资助不超过20万元，服务不少于500人次

    def _is_remote(self, slot: Slot, period: Period | None) -> bool:
        """Whether, without a day of publication, a time limit lies two years after all that the text reports on: 到2025年底，建成1座."""
        if self._around.published is not None or period is None or period[0] is not None or period[1] is None:
            return False
        told = self._text[slot.sentence_span[0] : slot.amount.start]
        beyond = 1 if f"到{period[1].year}年，" in told else 2
        return bool(self._latest) and period[1].year >= self._latest + beyond and not re.search(r"截|已|共有|现有|累计", told)

    def _place(self, slot: Slot, measure: Measure | None, previous: Quantity | None) -> Region | None:
        if measure is not None and measure.area is not None:
            return self._places.region(measure.area)
        if (
            previous is not None
            and measure is not None
            and measure.how == "carried"
            and not self._places.names(*slot.gap)
            and previous.end >= slot.clause[0] - 1
            and "；" not in self._text[previous.end : slot.amount.start]
        ):
            return previous.place  # 同比增长3.7%: where the number before holds
        return self._places.of(slot)

    def _inherited(self, slot: Slot, measure: Measure | None, previous: Quantity | None) -> str | None:
        """The aspect that a list's or a total's part shares with the number before."""
        part = slot.before(self._text).strip().startswith("其中")
        joint = previous is not None and previous.end == slot.amount.start  # 46户89人
        if previous is None or not (slot.listed or part or joint) or not self._adds_no_verb(slot, measure):
            return None
        return None if part and previous.aspect != "new" else previous.aspect

    def _adds_no_verb(self, slot: Slot, measure: Measure | None) -> bool:
        """Whether at most a noun stands between the number before and this one (、养老床位60张)."""
        rest = LINK.sub("", slot.before(self._text)).strip().removeprefix("其中")
        if not rest or measure is None or self._text[measure.start : measure.end] != rest:
            return not rest
        first = self._around.tag(rest)[0][0]
        return first not in lexicon().content | lexicon().light


def _headline_agrees(found: list[Quantity], headline_end: int) -> list[Quantity]:
    """A number in the headline is told as its twin in the body is: same value and unit, same status."""

    if headline_end < 0:
        return found
    body = {(q.low, q.high, q.unit): q for q in reversed(found) if q.start > headline_end}
    return [replace(q, status=twin.status) if q.end <= headline_end and (twin := body.get((q.low, q.high, q.unit))) else q for q in found]
