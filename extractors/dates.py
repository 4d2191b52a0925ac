"""Dates and periods as they are written, before anyone knows which year they mean.

`find_mentions` reads normalised text (extractors/timewords.py) and gives each expression with its parts;
extractors/times.py turns them into periods.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from extractors.calendar import Closed, cut, days, months, quarters, years
from extractors.datepatterns import patterns
from extractors.timewords import NUMERALS, parse_numeral

Kind = Literal["date", "today", "now", "plan", "event", "recent"]

_LENGTH_BEFORE = re.compile(
    r"""(?:每|满|超过|不少于|不超过|少于|多于|为期|连续|历时|达|近|约|共|提前|至少|公示|期限|时限|逾期|第|累计|最长|最多|延长)
    (?:为|了|期为?)?[ ]?$""",
    re.VERBOSE,
)
_LENGTH_AFTER = re.compile(r" ?(?:以?内|之内|以上|以下|以后|后|左右|均|间|游|期|前|常|多|余|龄|工作日|[)/·])")
_DAY_BEFORE = re.compile(r"(?:记者|[^关由对至等限高低优长基]于|[电讯]|[日号]、|日[至和、]) ?$")
_DAY_AFTER = re.compile(
    r"""[ ]?(?:从|在|上午|下午|中午|晚|早|凌晨|,|获悉|召开|举行|举办|发布|公布|起|表示|介绍|通报|电|消息|讯|对|印发|开幕|启动|说|当天
    |[0-9]{1,2}[时点:])""",
    re.VERBOSE,
)
_MONTH_AFTER = re.compile(r" ?[-至到]{1,2} ?(?:19|20)[0-9]{2}[./]")
_MONTH_BEFORE = re.compile(r"(?:19|20)[0-9]{2}[./][0-9]{1,2} ?[-至到]{1,2} ?$")
_BODIES = frozenset("部局厅委会署院府室办者省市县区")
_DAY_REPORT = re.compile(r" ?(?:上午|下午|晚)?(?:发布|公布|通报|召开|举行|举办|印发|表示|介绍|启动|获悉|消息|宣布|下发|出台)")


@dataclass(frozen=True, slots=True)
class Part:
    """One date as written; `first_…` where a part is itself a range (1—6月: first_month 1, month 6)."""

    year: int | None = None
    first_year: int | None = None
    relative: str | None = None
    """去年, 上年 …: a year by another one."""
    same: bool = False
    """同期: the period just spoken of, in another year."""
    month: int | None = None
    first_month: int | None = None
    moon: str | None = None
    """本月, 上月 …"""
    day: int | None = None
    first_day: int | None = None
    half: str | None = None
    quarter: int | None = None
    first_quarter: int | None = None
    whole: bool = False
    """全年."""
    edge: str | None = None
    """初, 底, 末, 上旬 …"""
    bare: str | None = None
    """年底, 年内, 月末 … of an unnamed year or month."""

    @property
    def has_year(self) -> bool:
        """Whether the words name the year."""
        return self.year is not None or self.relative is not None

    def period(self, year: int, month: int | None = None) -> Closed | None:
        """Its days in a year (and month, for a day alone); None when there are no such days."""
        if self.bare is not None:
            return cut(years(year, year), self.bare)
        if self.day is not None:
            period = days(year, self.month or month or 0, self.first_day or self.day, self.day)
        elif self.month is not None:
            period = months(year, self.first_month or self.month, self.month)
        elif self.quarter is not None:
            period = quarters(year, self.first_quarter or self.quarter, self.quarter)
        elif self.half is not None:
            period = months(year, 1, 6) if self.half == "上" else months(year, 7, 12)
        else:
            period = years(self.first_year or year, year)
        return cut(period, self.edge)


@dataclass(frozen=True, slots=True)
class Mention:
    """One expression: offsets, its dates (`last` for A至B), the 以来 or 前 that opens it, or the name it goes by."""

    start: int
    end: int
    kind: Kind
    first: Part = Part()
    last: Part | None = None
    open: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    part: Part
    end: int
    open: str | None = None


def find_mentions(norm: str) -> list[Mention]:
    """Every date expression of a normalised text, in order, none overlapping."""
    found: list[Mention] = []
    end = 0
    for start in patterns().start.finditer(norm):
        if start.start() < end:
            continue
        mention = _named(norm, start.start()) or _dates(norm, start.start(), found[-1] if found else None)
        if mention is not None:
            found.append(mention)
            end = mention.end
    return found


def _named(norm: str, at: int) -> Mention | None:
    """目前, 今天, “十三五”末, 党的二十大以来, 近三年."""
    shapes, first = patterns(), norm[at]
    if first in '"十' and (m := shapes.plan.match(norm, at)) and (at == 0 or norm[at - 1] not in NUMERALS + "0123456789百第"):
        part = Part(edge=m["edge"], first_year=_number(m["firsts"]), whole=m["span"] is not None or m["list"] is not None)
        return Mention(at, m.end(), "plan", part, None, m["open"], m["plan"])
    if first in "目迄当" and (m := shapes.now.match(norm, at)):
        return Mention(at, m.end(), "now", name=m.group())
    if first in "今昨" and (m := shapes.today.match(norm, at)):
        return Mention(at, m.end(), "today", name=m.group())
    if first in "近最过" and (m := shapes.recent.match(norm, at)):
        return Mention(at, m.end(), "recent", Part(year=parse_numeral(m["count"])))
    if first in "党新" and (m := shapes.event.match(norm, at)):
        return Mention(at, m.end(), "event", open="以来", name=m["event"])
    return None


def _dates(norm: str, at: int, before: Mention | None) -> Mention | None:
    """A date, or two joined by 至."""
    one = _date(norm, at) or _day(norm, at, _is_day(norm, at, before))
    if one is None:
        return None
    if one.open is None and (joint := patterns().joint.match(norm, one.end)):
        if joint["now"]:
            return Mention(at, joint.end(), "date", one.part, None, "以来")
        last = _date(norm, joint.end()) or _day(norm, joint.end(), sure=one.part.day is not None)
        if last is not None and last.open is None and not last.part.same:
            return Mention(at, last.end, "date", one.part, last.part)
    return Mention(at, one.end, "date", one.part, None, one.open)


def _date(norm: str, at: int) -> _Found | None:
    shapes = patterns()
    if m := shapes.numeric.match(norm, at):
        return _numeric(norm, m)
    if m := shapes.edge.match(norm, at):
        return _Found(Part(bare=m["bare"]), m.end(), m["open"])
    m = shapes.date.match(norm, at)
    if m is None or not any(m.group("year", "relative", "month", "moon", "half", "quarter", "first", "whole")):
        return None
    part = _part(m)
    return None if part is None else _Found(part, at + len(m.group().rstrip()), (m["open"] or "").strip() or None)


def _numeric(norm: str, m: re.Match[str]) -> _Found | None:
    if m["year"]:
        return _Found(Part(first_year=int(m["y1"]), year=int(m["year"])), m.end())
    if m["day"] is None and not _is_month(norm, m):
        return None
    return _Found(Part(year=int(m["y"]), month=int(m["month"]), day=_number(m["day"])), m.end())


def _is_month(norm: str, m: re.Match[str]) -> bool:
    """2023-07, and 2023.07 beside another such month; else it is a decimal or a part of a number."""
    if m["sep"] == "-":
        return len(m["month"]) == 2 and norm[m.end() : m.end() + 1] not in ("年", "月")
    return _MONTH_AFTER.match(norm, m.end()) is not None or _MONTH_BEFORE.search(norm, max(0, m.start() - 12), m.start()) is not None


def _part(m: re.Match[str]) -> Part | None:
    """The parts of a match; None for lists that are no range (3、9月)."""
    year, month, day, quarter = _number(m["year"]), _number(m["month"] or m["first"]), _number(m["day"] or m["moonday"]), m["quarter"]
    first_year, first_month, first_day = _number(m["y1"]), _number(m["m1"]), _number(m["d1"])
    first_quarter, last_quarter = _number(m["q1"] and m["q1"].lstrip("第")), _number(quarter and quarter.strip("第前个"))
    ranges = (first_month, month, m["and_month"]), (first_day, day, m["and_day"]), (first_quarter, last_quarter, m["and_quarter"])
    if not all(_is_range(*one) for one in ranges):
        return None
    return Part(
        year=year,
        first_year=first_year,
        relative=m["relative"],
        same=m["same"] is not None,
        month=month,
        first_month=1 if m["first"] else first_month,
        moon=m["moon"],
        day=day,
        first_day=first_day,
        half=m["half"],
        quarter=last_quarter,
        first_quarter=1 if quarter and quarter[0] == "前" else first_quarter,
        whole=m["whole"] is not None,
        edge=m["edge"],
    )


def _day(norm: str, at: int, sure: bool) -> _Found | None:
    """A day of a month that is not named; `sure`: the words around say that it is no length of time."""
    m = patterns().day.match(norm, at) if sure else None
    if m is None:
        return None
    first, day = _number(m["d1"]), parse_numeral(m["day"])
    return _Found(Part(day=day, first_day=first), m.end()) if _is_range(first, day, m["and_day"]) else None


def _is_range(first: int | None, last: int | None, between: str | None) -> bool:
    """Whether what joins two numbers makes them a range: 至, or a list without gaps (7、8、9月)."""
    if first is None or last is None or not between or between[0] not in "、和与及":
        return True
    return last - first == between.count("、") + (between[-1] != "、")


def _is_day(norm: str, at: int, before: Mention | None) -> bool:
    m = patterns().day.match(norm, at)
    if m is None:
        return False
    if before is not None and before.first.day and norm[before.end : at] in ("、", "和", "及", "与"):
        return True
    if _LENGTH_AFTER.match(norm, m.end()) or _LENGTH_BEFORE.search(norm, max(0, at - 6), at):
        return False
    if _DAY_BEFORE.search(norm, max(0, at - 4), at) or (norm[at - 1 : at] in _BODIES and _DAY_REPORT.match(norm, m.end())):
        return True
    opens = at == 0 or norm[at - 1] in ',。;:\n"( '
    return m["day"][0].isascii() and opens and _DAY_AFTER.match(norm, m.end()) is not None


def _number(text: str | None) -> int | None:
    return parse_numeral(text) if text else None
