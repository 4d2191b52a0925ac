"""Dates and periods: 2021年以来, 截至2021年底, “十四五”时期, 1—6月, 目前."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.anchors import Anchors, Note
from extractors.calendar import Closed, Period, add_months, add_years, days, half, months, quarters, ten_days, years
from extractors.dates import Endpoint, Mention, find_mentions, normalise, tables
from extractors.spans import Cover, Span

__all__ = ["Period", "Time", "find_time_like", "find_times"]

_TITLES = re.compile(r"《[^《》\n]*(?:《[^《》\n]*》[^《》\n]*)*》")
_RECURRING = re.compile(r"(?:每|逐|历)(?:个?自然|一|个)?[年月]?(?:的)?$")
_UNTIL = re.compile(
    r"(?:截[至止](?:到|至|于)?|截止(?:日期|时间)[为:]?|不晚于|不迟于|迄至?|有效期[为至到]|直[到至]|延[长期续](?:到|至))(?:了|于)? ?$"
)
_SINCE = re.compile(r"(?<![来源出各独亲擅])自从? ?$")
_START = re.compile(r" ?(?:零时)?(?:起(?![草到源步点诉伏])|开始|(?:正式)?起(?:施行|实施|执行)|启动以来)")
_SINCE_EVENT = re.compile(r"(?:(?![,;。:\n]|自|从|是|党的|[0-9]年).){0,40}?以来")
_FROM = re.compile(r"[自从由] ?$")
_FROM_EVENT = re.compile(r"[^,;。:\n]{0,10}?起(?![草到源步点诉伏])")
_SINGLE = re.compile(r"[^,;。:\n]{0,8}(?:相比|比较|持平|对比)|的[0-9.]+倍")
_CLAUSE_START = re.compile(r"[,;。:!?！？\n]")


@dataclass(frozen=True, slots=True)
class Time:
    """A date or period of the text. `role`: point, in, since, until, anchor (目前), or baseline: a date that
    something is compared with (较2020年底), never the time of the numbers beside it."""

    start: int
    end: int
    text: str
    period: Period
    role: str


def find_times(text: str, published: dt.date | None = None) -> list[Time]:
    """The dates and periods of a text that can be told, in order; offsets are code points, periods inclusive.

    Years that the text leaves out are taken from `published`, else from the years that the text speaks of
    (see extractors/anchors.py). Nothing inside 《》 is given."""
    norm = normalise(text)
    mentions = _outside_titles(norm, find_mentions(norm))
    reader = _Reader(norm, mentions, published)
    return [Time(m.start, m.end, text[m.start : m.end], period, role) for m in mentions for period, role in reader.read(m)]


def find_time_like(text: str) -> list[Span]:
    """Spans of everything that reads like a date, a period or a time of day, resolved or not; no ages, no lengths of time."""
    norm = normalise(text)
    spans = [(m.start, m.end) for m in find_mentions(norm)]
    cover = Cover(spans)
    others = [m.span() for m in _like().finditer(norm) if not cover.touches(*m.span())]
    return sorted(spans + others)


@cache
def _like() -> re.Pattern[str]:
    number = "[0-9一二两三四五六七八九十几]{1,3}"
    return re.compile(
        rf"""近(?:{number}|些|几)?(?:个?[年月周]|日|天)(?:以?来)? | {number}多?年(?:以?来|前|后(?!备|勤))
        | 每(?:年|月)(?:{number}月)?(?:{number}日|底|末|初)? | (?:20|21)?世纪 | [0-9]{{2,4}}年代
        | (?:上午|下午|中午|晚上?|凌晨|早上?) ?{number}(?:[时点](?:半|{number}分?)?|:[0-9]{{2}})
        | [0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?(?:-[0-9]{{1,2}}:[0-9]{{2}})? | [0-9]{{1,2}}时(?:[0-9]{{1,2}}分)?(?=[至到,-])
        | (?:19|20)[0-9]{{2}}-(?:19|20)[0-9]{{2}}(?:学年)? | (?:星期|周)[一二三四五六日]
        | 十[一二三四五六]五(?=["时期规末以发]) | {number}年(?=行动|攻坚|计划|规划)""",
        re.VERBOSE,
    )


def _outside_titles(norm: str, mentions: Sequence[Mention]) -> list[Mention]:
    titles = Cover(m.span() for m in _TITLES.finditer(norm))
    return [m for m in mentions if not titles.touches(m.start, m.end)]


class _Reader:
    """Reads mentions from left to right, each in the light of those before it."""

    def __init__(self, norm: str, mentions: Sequence[Mention], published: dt.date | None) -> None:
        self._norm = norm
        self._anchors = Anchors(norm, mentions, published)

    def read(self, m: Mention) -> Iterator[tuple[Period, str]]:
        """The period and role of a mention; nothing when it cannot be told."""
        if _RECURRING.search(self._norm, max(0, m.start - 5), m.start):
            return
        role = self._role(m)
        closed = self._resolve(m, role)
        if closed is None:
            return
        period: Period = closed
        if role == "in" and closed[0] == closed[1]:
            role = "point"
        if role in ("until", "anchor"):
            period = (None, closed[1])
        elif role == "since":
            period = (closed[0], None)
        self._anchors.note(Note(m.start, period, role, m.first.has_year or m.kind == "plan"))
        yield period, role

    def _role(self, m: Mention) -> str:
        """What the words around say: a limit, a start, a comparison, or simply when."""
        norm, start, end = self._norm, m.start, m.end
        if m.kind == "now":
            return "anchor"
        if m.open is not None:
            return "until" if m.open.endswith("前") else "since"
        if _is_compared(norm, start, end):
            return "baseline"
        if m.last is not None:
            return "in"
        if _UNTIL.search(norm, max(0, start - 8), start) or _is_reached(norm, start):
            return "until"
        if _SINCE.search(norm, max(0, start - 4), start) or _START.match(norm, end) or _SINCE_EVENT.match(norm, end):
            return "since"
        if _FROM.search(norm, max(0, start - 2), start) and _FROM_EVENT.match(norm, end):
            return "since"
        return "in"

    def _resolve(self, m: Mention, role: str) -> Closed | None:
        published = self._anchors.published
        if m.kind == "now":
            return (published, published) if published else None
        if m.kind == "event":
            return (tables().events[m.name],) * 2
        if m.kind == "recent":
            count = m.first.year or 0
            return (add_years(published, -count), published) if published else None
        if m.kind == "plan":
            return self._plan(m, role)
        if m.first.whole and not m.first.has_year and not _CLAUSE_START.match(self._norm, m.start - 1):
            return None
        return self._date(m, self._hint(m, role))

    def _plan(self, m: Mention, role: str) -> Closed | None:
        """A plan period when it is used as one: with 时期, 末, 以来 …, or under 截至, 较 …; “十四五”规划 is a name."""
        first, last = tables().plans[m.name]
        named = self._norm[m.end - 1 : m.end] in ('"', "五") and m.open is None and m.first.edge is None and m.first.first_year is None
        if named and role == "in":
            return None
        if m.first.first_year is not None:
            last = first + m.first.first_year - 1
        return _cut(years(first, last), m.first.edge)

    def _date(self, m: Mention, hint: str | None) -> Closed | None:
        first, last, anchors = m.first, m.last, self._anchors
        if first.same:
            return self._same_period(m)
        if first.month is None and first.day is not None:
            end = last.day if last is not None and last.day is not None else first.day
            return anchors.day(first.first_day or first.day, end, m.start, hint)
        if first.bare is not None and first.bare.startswith("月"):
            month = anchors.published and add_months(anchors.published, 0)
            return _cut(months(month.year, month.month, month.month), first.bare[1:]) if month else None
        if first.has_year:
            year = first.year if first.year is not None else anchors.year_of(first.word or "", m.start)
            return None if year is None else self._range(m, year)
        return anchors.place(lambda year: self._range(m, year), m.start, hint)

    def _range(self, m: Mention, year: int) -> Closed | None:
        start = _closed(m.first, year)
        if m.last is None or start is None:
            return start
        last = m.last
        last_year = last.year
        if last.word is not None:
            last_year = (
                year + tables().from_context[last.word] if last.word in tables().from_context else self._anchors.year_of(last.word, m.start)
            )
        month = m.first.month if last.month is None and last.day is not None else None
        end = _closed(last, last_year or year, month)
        if end is not None and end[1] < start[0] and last_year is None:
            end = _closed(last, year + 1, month)
        return None if end is None or end[1] < start[0] else (start[0], end[1])

    def _same_period(self, m: Mention) -> Closed | None:
        """去年同期: the period just spoken of, a year (or more) earlier."""
        note = self._anchors.last(m.start)
        if note is None:
            return None
        start, end = note.period
        shift = -1 if m.first.word is not None else (m.first.year or 0) - note.year
        if end is None:
            today = self._anchors.published
            if today is None or start is None or start.year != today.year:
                return None
            return add_years(start, shift), add_years(today, shift)
        until = _shift_end(end, shift)
        return (add_years(start, shift), until) if start is not None else (until, until)

    def _hint(self, m: Mention, role: str) -> str | None:
        """Whether the clause looks ahead or back."""
        norm = self._norm
        before = re.split(r"[,;。:\n]", norm[max(0, m.start - 20) : m.start])[-1]
        after = re.split(r"[,;。\n]", norm[m.end : m.end + 40].lstrip(","))[0][:24]
        clause = before + after
        if "截" in before[-4:]:
            return "past"
        words = tables()
        past = any(w in clause for w in words.past)
        if role == "until":
            return "past" if past else "future"
        if any(w in clause for w in words.future):
            return "future"
        return "past" if past else "near" if role == "since" else None


def _is_compared(norm: str, start: int, end: int) -> bool:
    if _compared().search(norm, max(0, start - 10), start):
        return True
    beside = norm[max(0, start - 1) : start]
    if beside in ("与", "同", "和", "跟") and _SINGLE.match(norm, end):
        return True
    if beside == "以" and re.compile("为(?:基[数期准])").match(norm, end):
        return True
    return (
        norm[max(0, start - 1) : start] in ("是", "为")
        and re.compile(r"的[0-9.]+倍").match(norm, end) is not None
        or (beside == "在" and re.compile(r"的?基础上").match(norm, end) is not None)
    )


@cache
def _compared() -> re.Pattern[str]:
    words = "|".join(sorted(tables().compared, key=len, reverse=True))
    return re.compile(rf"(?<![占])(?:{words})(?:了|着|起|全[国省市区县州]|我[省市县区]|[本该][省市县区])? ?$")


@cache
def _reached() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(tables().reaching)})[到至] ?$")


def _is_reached(norm: str, start: int) -> bool:
    """到2025年, not 增加到2022年的12个."""
    before = norm[max(0, start - 6) : start].rstrip()
    return before.endswith(("到", "至")) and not _reached().search(before)


def _cut(period: Closed | None, edge: str | None) -> Closed | None:
    """The first or last day, or the ten days, that 初, 末, 底, 上旬 … take of a period."""
    if period is None or edge is None or edge.endswith("内"):
        return period
    if edge.endswith("旬"):
        return ten_days(period, edge)
    day = period[0] if "初" in edge else period[1]
    return day, day


def _closed(e: Endpoint, year: int, month: int | None = None) -> Closed | None:
    """The days of one date, its year given; None when there is no such date."""
    if e.bare is not None:
        return _cut(years(year, year), e.bare)
    period: Closed | None
    if e.day is not None:
        period = days(year, e.month or month or 0, e.first_day or e.day, e.day)
    elif e.month is not None:
        period = months(year, e.first_month or e.month, e.month)
    elif e.quarter is not None:
        period = quarters(year, e.first_quarter or e.quarter, e.quarter)
    elif e.half is not None:
        period = half(year, e.half)
    else:
        first = e.first_year or year
        period = years(first, year) if first <= year else None
    return _cut(period, e.edge)


def _shift_end(day: dt.date, number: int) -> dt.date:
    """The same day of another year; the last day of February stays the last."""
    moved = add_years(day, number)
    return (
        moved + dt.timedelta(1)
        if day.month == 2 and day.day == 28 and (day + dt.timedelta(1)).month == 3 and moved.replace(day=28) == moved and _leap(moved.year)
        else moved
    )


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
