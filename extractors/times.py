"""Dates and periods: 2021年以来, 截至2021年底, “十四五”时期, 1—6月, 目前."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.anchors import Anchors
from extractors.calendar import Closed, Period, add_months, add_years, cut, days, months, years
from extractors.dates import Mention, find_mentions
from extractors.spans import Cover, Span
from extractors.timeroles import find_hint, find_role, is_recurring
from extractors.timewords import normalise, words

__all__ = ["Period", "Time", "find_time_like", "find_times"]

_TITLES = re.compile(r"《[^《》\n]*(?:《[^《》\n]*》[^《》\n]*)*》")
_OF_PUBLICATION = ("now", "today", "recent")
_WHOLE = ("年末", "年初", "岁末", "年底")


@dataclass(frozen=True, slots=True)
class Time:
    """A date or period of the text. `role`: point, in, since, until, anchor (目前), or baseline: a date that something
    is compared with (较2020年底), never the time of the numbers beside it."""

    start: int
    end: int
    text: str
    period: Period
    role: str
    resolved_from: str | None = None  # where a year, month or day that is not printed was taken from


def find_times(text: str, published: dt.date | None = None) -> list[Time]:
    """The dates and periods of a text that can be told, in order; offsets are code points, periods inclusive.

    Years that the text leaves out are taken from `published`, else from the years that the text speaks of
    (extractors/anchors.py). Nothing inside 《》 is given."""
    norm = normalise(text)
    mentions = find_mentions(norm)
    titles = Cover(m.span() for m in _TITLES.finditer(norm)) if "《" in norm else Cover(())
    mentions = [m for m in mentions if not titles.touches(m.start, m.end)]
    return [Time(m.start, m.end, text[m.start : m.end], period, role, why) for m, period, role, why in _read(norm, mentions, published)]


def find_time_like(text: str) -> list[Span]:
    """Spans of everything that reads like a date, a period or a time of day, resolved or not; no ages, no lengths of time."""
    norm = normalise(text)
    spans = [(m.start, m.end) for m in find_mentions(norm)]
    cover = Cover(spans)
    return sorted(spans + [m.span() for m in _like().finditer(norm) if not cover.touches(*m.span())])


@cache
def _like() -> re.Pattern[str]:
    digit = "[0-9一二两三四五六七八九十几]"
    number = digit + "{1,3}"
    return re.compile(
        rf"""(?:近|最近|过去|未来|今后)(?:{number}|些|几)?(?:个?[年月周]|日|天)(?:以?来)?
        | {number}多?年多?(?:以?来|间(?!隔)|前(?!{digit})|后(?![备勤]))
        | 每(?:年|月)(?:{number}月)?(?:{number}日|底|末|初)? | [次当]月{number}日 | (?:20|21)世纪 | [0-9]{{2,4}}年代
        | (?:上午|下午|中午|晚上?|凌晨|早上?)[ ]?{number}(?:[时点](?:半|{number}分?)?|:[0-9]{{2}})
        | [0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?(?:-[0-9]{{1,2}}:[0-9]{{2}})? | [0-9]{{1,2}}时(?:[0-9]{{1,2}}分)?(?=[至到,-])
        | (?<![0-9./-])(?:19|20)[0-9]{{2}}-(?:19|20)?[0-9]{{2}}(?![0-9])(?:学年)? | (?:星期|周)[一二三四五六日]
        | (?<![0-9])(?:19|20)[0-9]{{2}}年 | 十[一二三四五六]五(?=["时期规末以发]) | {number}年(?=行动|攻坚|计划|规划)""",
        re.VERBOSE,
    )


def _read(norm: str, mentions: Sequence[Mention], published: dt.date | None) -> Iterator[tuple[Mention, Period, str, str | None]]:
    """From left to right, each mention in the light of those before it; what cannot be told is left out."""
    anchors = Anchors(norm, mentions, published)
    before, recurs, role = None, False, ""
    for m in mentions:
        recurs = is_recurring(norm, m, before, recurs)
        role = find_role(norm, m, before, role)
        before = m
        if recurs:
            continue
        anchors.why = f"published {anchors.published}" if m.kind in _OF_PUBLICATION else None
        closed = _resolve(norm, m, role, anchors)
        why = anchors.why
        if closed is None:
            anchors.note(m, None, role)
            continue
        period = _open(closed, role)
        if role == "in" and closed[0] == closed[1]:
            role = "point"
        anchors.note(m, period, role)
        yield m, period, role, why


def _open(closed: Closed, role: str) -> Period:
    start, end = closed
    return None if role in ("until", "anchor") else start, None if role == "since" else end


def _resolve(norm: str, m: Mention, role: str, anchors: Anchors) -> Closed | None:
    """The days that a mention stands for, before its role opens one side."""
    today = anchors.published
    match m.kind:
        case "now":
            return (today, today) if today else None
        case "today":
            day = today + dt.timedelta(words().days[m.name]) if today else None
            return (day, day) if day else None
        case "event":
            return words().events[m.name], words().events[m.name]
        case "recent":
            return (add_years(today, -(m.first.year or 0)), today) if today else None
        case "plan":
            return _plan(m, role)
        case _:
            return _date(m, find_hint(norm, m, role), anchors)


def _plan(m: Mention, role: str) -> Closed | None:
    """A plan period when it is used as one: with 时期, 末, 以来 …, or compared with; “十四五”规划 is a name."""
    part = m.first
    if role != "baseline" and not (part.whole or part.edge or part.first_year or m.open):
        return None
    first, last = words().plans[m.name]
    return cut(years(first, first + part.first_year - 1 if part.first_year else last), part.edge)


def _date(m: Mention, hint: str | None, anchors: Anchors) -> Closed | None:
    first, last = m.first, m.last
    if first.same:
        return _same_period(m, anchors)
    if first.moon is not None or (first.bare or "").startswith("月"):
        return _moon(m, anchors)
    if first.day is not None and first.month is None:
        return anchors.day(first.first_day or first.day, last.day if last and last.day else first.day, m.start, hint)

    def make(year: int) -> Closed | None:
        return _range(m, year, anchors)

    if first.relative is not None:
        year = anchors.year_of(first.relative, m.start)
        return None if year is None else make(year)
    if first.year is not None:
        return make(first.year)
    if last is not None and last.year is not None:  # 12月1日至2024年1月31日
        return make(last.year) or make(last.year - 1)
    if (first.whole or first.bare in _WHOLE) and m.open is None:
        return anchors.whole(make, m.start, hint)
    return anchors.place(make, m.start, hint)


def _moon(m: Mention, anchors: Anchors) -> Closed | None:
    """本月, 上月末, 月底: counted from the month of publication, 上月 also from the month just spoken of."""
    offset = words().months[m.first.moon] if m.first.moon else 0
    anchors.why = f"published {anchors.published}"
    month = anchors.month_before(m.start) if offset < 0 else anchors.published and add_months(anchors.published, offset)
    if month is None:
        return None
    if m.first.day is not None:
        return days(month.year, month.month, m.first.day, m.first.day)
    return cut(months(month.year, month.month, month.month), m.first.edge or m.first.bare)


def _range(m: Mention, year: int, anchors: Anchors) -> Closed | None:
    """The whole range of a mention whose first date lies in `year`; the second may lie in the next."""
    start, last = m.first.period(year), m.last
    if last is None or start is None:
        return start
    if last.relative is None:
        until = last.year
    elif last.relative in words().from_context:
        until = year + words().from_context[last.relative]
    else:
        until = anchors.year_of(last.relative, m.start)
    month = m.first.month if last.month is None else None
    end = last.period(until or year, month)
    if end is not None and end[1] < start[0] and until is None:
        end = last.period(year + 1, month)
    return (start[0], end[1]) if end is not None and end[1] >= start[0] else None


def _same_period(m: Mention, anchors: Anchors) -> Closed | None:
    """去年同期: the period just spoken of, a year (or more) earlier."""
    note, today = anchors.spoken_of(m.start), anchors.published
    if note is None:
        return None
    start, end = note.period
    shift = m.first.year - note.year if m.first.year is not None else -1
    if end is None:  # 今年以来
        if start is None or today is None or start.year != today.year:
            return None
        end = today
    until = add_years(end, shift)
    return add_years(start, shift) if start is not None else until, until
