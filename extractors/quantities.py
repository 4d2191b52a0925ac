"""Quantities: how many or how much of something in the world, with what is counted, when, where and in what sense."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.amounts import find_amounts
from extractors.clauses import Slot, find_slots
from extractors.gaps import LINK, Gaps
from extractors.gridcells import Cell
from extractors.gridreading import CellReader
from extractors.grids import Grid, find_grids
from extractors.indicators import Catalogue
from extractors.layouts import Layout
from extractors.lists import Measure, areas_of, find_runs, respectively
from extractors.measures import Measurer
from extractors.nouns import Tagger, lexicon
from extractors.places import Place, Region
from extractors.roles import Rate, aspect_of, genre_of, status_of
from extractors.scopes import PlaceScopes, TimeScopes, denominator
from extractors.spans import Cover, Span
from extractors.times import Period, Time


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity; fields as in `corpus.records.Quantity`. `how` says where the measure came from."""

    start: int
    end: int
    text: str
    low: float
    high: float
    comparator: str | None
    unit: str | None
    per: str | None
    measure: str | None
    indicator: str | None
    status: str
    aspect: str
    time: Period | None
    place: Region | None
    sentence: int
    how: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a text before its quantities are read.

    `areas` are places and area words (全市); `skip` are spans in which no number counts anything: dates, titles, labels, names; `bodies` are organizations;
    `layouts` are the tables that the source lays out as such.
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
_MOVED = re.compile(r"累计|共")
_LASTS = frozenset(("年", "个月", "天", "日", "周", "学时", "课时", "小时"))
_SUM = re.compile(r"累计|共|总")
_DIFFERS = re.compile(
    r"^(?:同比|环比|[较比][^，,。；;]{2,12}|高[于出][^，,。；;]{2,12}|低于[^，,。；;]{2,12})?(?:净|再)?(?:增[加长]|减少|提高|提升|上升|下降|多|少)?了?$"
)
_DONE = re.compile(r"(?:家庭)?(?:实施|进行|完成|开展)(?:了)?(?P<what>[\u4e00-\u9fff]{2,12})")
_GRANT = re.compile(r"的?(?:一次性)?(?:补贴|补助|奖励|奖补|资助|给予)")
_RECEIVES = re.compile(r"(?:享受|享有|领取|纳入)(?P<what>[\u4e00-\u9fff]{2,12})(?:保障)?(?:范围)?的$")
_HEADS = frozenset("名人位")
_LAID_OUT = re.compile(r"(?:安排|投入|下达|拨付|列支|统筹)(?:了|各类)?[^，,。；;]{0,6}$")
_FUNDS = re.compile(r"(?:资金|经费|补助款)$")
_GRADE = re.compile(r"[一二三四]级(?:的)?$")
_ROUND = frozenset("百千万十")


class _Reader:
    """Walks the sentences of one text; keeps what carries over from clause to clause and sentence to sentence."""

    def __init__(self, text: str, around: Surroundings) -> None:
        self._text, self._around = text, around
        self._times = TimeScopes(text, around.times, around.published)
        self._places = PlaceScopes(text, around.areas, around.home)
        spans = [(t.start, t.end) for t in around.times] + [(a.start, a.end) for a in around.areas]
        gaps = Gaps(text, around.tag, Cover(spans), Cover(around.bodies))
        self._measurer = Measurer(gaps, [(a.start, a.end) for a in self._places.areas])
        self._genre = genre_of(text)
        self._latest = max((t.period[1].year for t in around.times if t.role != "until" and t.period[1]), default=0)
        self._cells = CellReader(text, self._times, self._places, around)

    def read(self, sentences: Sequence[Sequence[Slot]]) -> list[Quantity]:
        found: list[Quantity] = []
        last: dict[str | None, Measure] = {}
        for slots in sentences:
            measures = self._measurer.measures(slots, last)
            runs = find_runs(self._text, slots)
            here: list[Quantity] = []
            for i, (slot, measure) in enumerate(zip(slots, measures, strict=True)):
                own_place = self._own_place(slots, runs[i], i) if measure is None else None
                old, own_time = self._is_old(slots, runs, i), self._own_time(slots, runs[i], i)
                quantity = self._quantity(slot, measure, here, old, own_time, own_place)
                here.append(self._with_per_of_pair(quantity, here, runs[i], i, slots))
            found += self._continued(here, found, slots)
            told: dict[str | None, Measure] = {slot.amount.unit: m for slot, m in zip(slots, measures, strict=True) if m is not None}
            last = told and {**told, None: next(reversed([m for m in measures if m is not None]))}
        return _headline_agrees(found, self._text.find("\n"))

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

    def _with_per_of_pair(
        self, quantity: Quantity, here: Sequence[Quantity], run: Sequence[int], i: int, slots: Sequence[Slot]
    ) -> Quantity:
        """由每人每月632元、每人每年5,592元提高到650元、5,880元: each new value has the denominator of its old one."""
        old = i - len(run)
        if (
            len(run) < 2
            or old < 0
            or here[old].unit != quantity.unit
            or here[old].per is None
            or not _TO.search(slots[run[0]].before(self._text))
        ):
            return quantity
        return replace(quantity, per=here[old].per, indicator=quantity.indicator or here[old].indicator)

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

    def _per(self, slot: Slot, measure: Measure | None, here: Sequence[Quantity]) -> str | None:
        """The denominator printed with the number, or the one it shares with the number before."""
        previous = here[-1] if here else None
        own = denominator(self._text, slot, self._around.tag)
        gap = slot.before(self._text)
        if own is None and not gap.strip() and slot.amount.comparator and not slot.listed:  # 日均20人次以上的…；40人次以上的
            previous = next((q for q in reversed(here) if q.unit == slot.amount.unit), previous)
        if own is not None or previous is None or previous.per is None:
            return own
        if slot.amount.unit == previous.unit == "元" and _GRADE.search(gap):
            return previous.per  # 按等级发放，一级150元、二级120元
        if previous.unit == slot.amount.unit and _TO.search(gap) and previous.end >= slot.clause[0]:
            return previous.per  # 由每站2.3名增加到3名
        if measure is not None and measure.how == "carried" and self._same_rate(slot, previous):
            return previous.per  # 每万人拥有社工11.6人，到2027年达到15人
        part = "其中" in gap and (slot.amount.unit == previous.unit or {slot.amount.unit, previous.unit} <= _HEADS)
        goes_on = part or (slot.listed and slot.amount.unit == previous.unit) or self._elliptical(slot, previous)
        goes_on = (goes_on or (slot.listed and None not in (previous.comparator, slot.amount.comparator))) and "累计" not in gap
        if slot.amount.unit not in ("元", "%", "百分点", "倍", "番") and goes_on:
            return previous.per
        if slot.amount.unit != previous.unit or slot.amount.high > 1e5 or previous.status == "actual" or _MOVED.search(gap):
            return None
        printed = self._text[measure.start : measure.end] if measure else ""
        alike = measure is None or measure.how == "carried" or (previous.measure or "")[-2:] == printed[-2:]
        return previous.per if alike or self._same_rate(slot, previous) else None

    def _same_rate(self, slot: Slot, previous: Quantity) -> bool:
        """Whether a number without a noun of its own says what became of the rate before it."""
        gap = slot.before(self._text)
        if _DIFFERS.search(gap) and (previous.per or "")[:1] in _ROUND:
            return slot.amount.unit == previous.unit and slot.amount.high < 3 * previous.high  # 38.6张，较上年增加6.2张
        alike = previous.unit == slot.amount.unit and previous.low < 10 * slot.amount.low < 100 * previous.low
        return alike and bool(_TO.search(gap)) and not _SUM.search(gap)

    def _elliptical(self, slot: Slot, previous: Quantity) -> bool:
        """Whether the clause goes on without a subject of its own: 每年安排经费不低于10万元，举办培训不少于2期."""
        gap = slot.before(self._text).strip()
        bounds = previous.comparator in (">=", "<=") and slot.amount.comparator in (">=", "<=")
        if (
            bounds
            and previous.per
            and previous.per[0] not in _ROUND
            and slot.amount.unit not in _LASTS
            and 0 < slot.clause[0] - previous.end < 3
        ):
            return True  # 每站社工不少于2名，场所不小于80平方米
        if (
            not gap
            or previous.status == "actual"
            or previous.comparator is None
            or slot.amount.comparator is None
            or slot.clause[0] - previous.end > 4
        ):
            return False
        return self._around.tag(gap)[0][0] in lexicon().light | lexicon().content

    def _quantity(
        self, slot: Slot, measure: Measure | None, here: Sequence[Quantity], old: bool, own_time: Period | None, own_place: Region | None
    ) -> Quantity:
        text, amount = self._text, slot.amount
        previous = here[-1] if here else None
        per = self._per(slot, measure, here)
        comparator = amount.comparator or _far_comparator(slot.before(text), amount.unit) or _shared_bound(text, slot, previous)
        aspect = aspect_of(text, slot, self._inherited(slot, measure, previous))
        if aspect == "cumulative" and per is not None and "累计" not in slot.before(text):
            aspect = "level"  # 累计发放18.7亿元，月均保障71.3万人
        period = self._times.of(slot, old) if own_time is None else own_time
        status = self._status(slot, Rate(per, comparator), period, aspect, previous, old)
        code = self._code(slot, measure, per, status, aspect, here)
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

    def _code(self, slot: Slot, measure: Measure | None, per: str | None, status: str, aspect: str, here: Sequence[Quantity]) -> str | None:
        """The indicator of a measure, else that of the total of which it is a part, or of the share that it changes."""
        if measure is None:
            return None
        text, unit, previous = self._text, slot.amount.unit, here[-1] if here else None
        printed = text[measure.start : measure.end]
        if measure.how == "carried" and aspect == "change" and (told := [q for q in here if q.measure == printed]):
            return told[-1].indicator
        if unit == "百分点" and previous and previous.unit == "%" and previous.measure == printed:
            return previous.indicator
        shares = unit == "%" and text[measure.start - 1 : measure.start] == "占"
        named = text[slot.gap[0] : measure.end] if shares else printed
        required = status != "actual" and unit != "元" and (per or "")[:1] not in "百千万"  # 每站不少于3名社工 is told of the noun itself
        sentence = text[slot.sentence_span[0] : slot.sentence_span[1]]
        code = self._around.catalogue.code_of(named, unit, None if required else per, aspect, sentence)
        if code is None and unit == "户" and (done := _DONE.match(text, measure.end)):
            code = self._around.catalogue.code_of(done["what"], unit, per, aspect, sentence)  # 为2户家庭实施适老化改造
        if (
            code is None
            and unit == "元"
            and per is None
            and _LAID_OUT.search(text, slot.clause[0], measure.start)
            and _FUNDS.search(printed)
        ):
            code = self._around.catalogue.code_of("投入资金", unit, per, aspect, sentence)  # 安排助餐补贴资金
        if code is None and (gets := _RECEIVES.search(text, slot.clause[0], measure.start)):
            code = self._around.catalogue.code_of(gets["what"], unit, per, aspect, sentence)  # 享受高龄津贴的老人
        return code or self._code_of_total(slot, printed, here)

    def _code_of_total(self, slot: Slot, part: str, here: Sequence[Quantity]) -> str | None:
        """救助对象120人，其中低保边缘对象46人: a part of the same noun is told as its total is."""
        mark = self._text.find("其中", slot.clause[0], slot.amount.start)
        total = next((q for q in reversed(here) if q.end <= mark), None)
        if total is None or total.measure is None or total.unit != slot.amount.unit:
            return None
        same = total.measure[-2:] == part[-2:] or total.unit == "元"
        return total.indicator if same else None

    def _place(self, slot: Slot, measure: Measure | None, previous: Quantity | None) -> Region | None:
        if measure is not None and measure.area is not None:
            return self._places.region(measure.area)
        if (
            previous is not None
            and measure is not None
            and measure.how == "carried"
            and not self._places.names(*slot.gap)
            and previous.end >= slot.clause[0] - 1
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


_AT_LEAST = re.compile(r"至少|最少|不少于|不低于(?=每)|不低于[^，,。；;]{0,3}$")
_AT_MOST = re.compile(r"至多|最多[^，,。；;]{0,4}$|最高(?:补贴|补助|奖励|资助)[^，,。；;]{0,2}$|最多可|最高可|最高给予|不超过|不高于(?=每)")


def _far_comparator(gap: str, unit: str | None) -> str | None:
    """至少打造1个: the limiting word stands before the verb."""
    if unit == "倍" and (times := re.search(r"(不?)(低于|高于|超过|超出)[^，,。；;的]{2,14}的?$", gap)):
        over = times.group(2) != "低于"
        return ("<=" if over else ">=") if times.group(1) else (">" if over else "<")  # 低于低保标准1.5倍
    if share := re.search(r"(约|大约|近|超过?)占", gap):
        return {"约": "~", "大约": "~", "近": "<"}.get(share.group(1), ">")
    if than := re.search(
        r"(?<!不)(?<!不得)(低于|不足|少于|高于|超过|超出|多于)(?!上年|去年|同期)(?![^，,。；;]*(?:平均|水平|标准|目标|任务|计划|全[国省市区县]))[^，,。；;]{1,14}$",
        gap,
    ):
        return "<" if than.group(1) in ("低于", "不足", "少于") else ">"
    if unit in ("%", "‰") and (share := re.search(r"不得?(超过|高于|多于|低于|少于)[^，,。；;]{1,14}$", gap)):
        return ">=" if share.group(1) in ("低于", "少于") else "<="  # 不超过总支出的10%
    if _AT_LEAST.search(gap):
        return ">="
    return "<=" if _AT_MOST.search(gap) else None


def _shared_bound(text: str, slot: Slot, previous: Quantity | None) -> str | None:
    """分别不低于780元/月、640元/月: the bound holds for the whole list."""
    bound = previous is not None and previous.comparator in (">=", "<=") and previous.unit == slot.amount.unit
    return (
        previous.comparator if previous and bound and slot.listed and not slot.before(text) and _BOUND.search(text, *slot.clause) else None
    )


_BOUND = re.compile(r"不(?:得)?(?:低于|少于|超过|高于)")


def _headline_agrees(found: list[Quantity], headline_end: int) -> list[Quantity]:
    """A number in the headline is told as its twin in the body is: same value and unit, same status."""

    if headline_end < 0:
        return found
    body = {(q.low, q.high, q.unit): q for q in reversed(found) if q.start > headline_end}
    return [replace(q, status=twin.status) if q.end <= headline_end and (twin := body.get((q.low, q.high, q.unit))) else q for q in found]
