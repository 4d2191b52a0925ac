"""When and where a number holds, and per what: the time, the area and the denominator that govern an amount."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from extractors.clauses import Slot
from extractors.nouns import Tagger
from extractors.places import Place, Region
from extractors.placewords import opens
from extractors.spans import Span
from extractors.times import Period, Time

_OPENING = re.compile(
    r"""[\s\u3000]*(?:本报讯|本网讯)?(?:[(（][^()（）]{0,20}[)）])?
    (?:[一二三四五六七八九十]{1,3}[是、]|[（(][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.．、])?
    (?:据[^，,。]{1,14}[，,])?(?:截至|截止|到|至|自从|自|从|在|据)?$""",
    re.VERBOSE,
)
_UNDATED = re.compile(
    r"目前|现有|现已|现(?=入住|共|在园|存|拥有)|近年来|近些年来?|近日|(?<!\d)日前|近期|多年来|长期以来|迄今|(?<!截)至今(?![年天日])"
)
_NOW = frozenset(("目前", "现有", "现已", "现", "迄今", "至今"))
_LEARNED = re.compile(r"^(?:，|,)?[^，,。；;]{0,24}?(?:获悉|了解到|印发|出台|下发|介绍|通报|发布会|通气会|[电讯](?:[(（]|$))")
_HELD = re.compile(r"^[^。；;]{0,30}?(?:召开|举行)")  # a meeting's day is not that of the figures told at it
_EVENT = re.compile(r"[^，,。；;\d]{0,16}?(?:仪式|慈善周|宣传[周月]|活动[周月日]|大会|发布会|论坛|大赛|博览会|推进会|培训班)")
_ON_SITE = re.compile(r"(?:[\u4e00-\u9fff]{0,4}现场|当[天日]|活动当[天日]|(?:[启动发布]{2})?仪式上)")
_PUBLISHED = re.compile(r"(?:时间|日期)[:：]\s*$")
_FROM = re.compile(r"[由从]")
_OTHER = re.compile(r"[由从]|占$")  # 占上年总收入的94.8%: the whole's year
_RANK = re.compile(r"(?:居|位居|列|位列|排名?|低于|高于|超过|超|优于|快于|占|与|对口支援|援助|在)$")
_AFAR = re.compile(r"[、和与及，,：:]|等|籍|援|对口|向|[市县省]?(?:方面|电|讯|爱心|企业|机构|客商|志愿)|\d{1,2}月\d{1,2}日电")
_TOWNS = ("镇", "乡", "街道", "苏木", "村", "社区")
_JOINT = re.compile(r"(?:共(?!同)|合计|总计|双方|两[县市区地省州])")
_SITE = re.compile("[点站室院所队]|中心")
_AND = re.compile(r"\s*[、和与及]\s*|[\u4e00-\u9fff]{0,6}(?:会同|联合|携手|与|和)\s*")
_SUMMED = re.compile(r"等[\d一二两三四五六七八九十]")
_EACH = re.compile(
    r"每(?!周岁)(?P<number>[百千万]|十万|百万)?(?P<unit>个(?=[\u4e00-\u9fff])|人口|半年|季度|学期|学年|人次|小时|学时|社区|街道|乡镇|区县|县区|(?![收招吸引培推办开增减逢满新完服建超多少])[\u4e00-\u9fff])"
    r"(?P<aside>\([^()]{1,8}\)|（[^（）]{1,8}）)?"
)
_ASIDE = re.compile(r"\([^()]{1,8}\)|（[^（）]{1,8}）")
_GRANTED = re.compile(r"补贴|补助|奖励|奖补|资助|给予|安排|每|不|最|可|按|一次")  # 每个补贴2万元
_MADE = re.compile(r"新[建设增]|[改扩]建")
_COUNTS = re.compile(r"每[^，,。；;]{0,12}\d[^，,。；;]{0,12}每")  # each number of the list has a denominator of its own
_COUNTED = frozenset("名位户张家所处支座床对只具台辆套")
_SPANS = frozenset(("年", "月", "日", "天", "周", "季度", "半年", "季", "小时", "学期", "学年"))
_RENT = re.compile(r"(?<![每\d上下今去当本前半全])[日月年](?=租金|工资|薪)")
_AVERAGE = re.compile(
    r"(?P<time>[日月年])?(?P<unit>[人户日月年村站镇县次床例件对餐班校点馆])均(?![衡等匀为已在按由可有]|月?可?支?配?收入)(?P<each>[月年](?=工资|薪|纯?收入|补助|消费|支出))?"
)


class Area(Protocol):
    """A place or an area word (全市) with what it stands for."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def adcode(self) -> str | None: ...


class TimeScopes:
    """The time that governs a position: nearest before it in the sentence, else the one that opens the paragraph."""

    def __init__(self, text: str, times: Sequence[Time], published: dt.date | None) -> None:
        self._text = text
        now: Period | None = (None, published) if published else None
        marks: list[tuple[int, int, Period | None]] = [(t.start, t.end, t.period) for t in times if t.role != "baseline"]
        spans = {start for start, _, _ in marks}
        for m in _UNDATED.finditer(text):
            if m.start() not in spans:
                marks.append((m.start(), m.end(), now if m.group() in _NOW else None))
        self._marks = sorted(marks, key=lambda mark: mark[0])
        self._starts = [mark[0] for mark in self._marks]
        self._frames: dict[int, Period | None] = {}

    def of(self, slot: Slot, old: bool = False) -> Period | None:
        """The governing period, None when the text names none.

        `old`: the amount is the old value of 由46个增加到112个, whose time is only the one printed with it.
        """
        if old:
            lo, hi = bisect_left(self._starts, slot.gap[0]), bisect_left(self._starts, slot.amount.start)
            within = [m for m in self._marks[lo:hi] if _FROM.search(self._text[slot.gap[0] : m[0]])]
            return within[-1][2] if within else None
        start, position = slot.sentence_span[0], slot.amount.start
        lo, hi = bisect_left(self._starts, start), bisect_left(self._starts, position)
        for mark in reversed(self._marks[lo:hi]):
            since = mark[2] is not None and mark[2][1] is None  # 从去年7月起
            other = _OTHER.search(self._text[max(start, mark[0] - 2) : mark[0]])
            if not self._is_learned(mark, position) and (since or not other) and not self._names_event(mark, lo):
                return mark[2]
        after = [m for m in self._marks[hi : hi + 1] if m[0] < slot.rest[1] and m[2] is not None]
        if after and slot.amount.unit not in _SPANS:
            return after[0][2]
        return self._frame(start)

    def listed(self, span: Span, count: int) -> list[Period | None] | None:
        """The last `count` times of a span, where they form a list (5月20日、8月22日); else None."""
        lo, hi = bisect_left(self._starts, span[0]), bisect_left(self._starts, span[1])
        marks = self._marks[max(lo, hi - count) : hi]
        joined = all(self._text[a[1] : b[0]] in ("、", "和", "与", "及") for a, b in pairwise(marks))
        return [mark[2] for mark in marks] if len(marks) == count > 1 and joined else None

    def within(self, span: Span) -> Period | None:
        """The last time in a heading or caption."""
        lo, hi = bisect_left(self._starts, span[0]), bisect_left(self._starts, span[1])
        for mark in reversed(self._marks[lo:hi]):
            if not _PUBLISHED.search(self._text[max(0, mark[0] - 8) : mark[0]]):
                return mark[2]
        return None

    def names(self, start: int, end: int) -> bool:
        """Whether a time stands between two positions."""
        return bisect_left(self._starts, start) < bisect_left(self._starts, end)

    def _is_learned(self, mark: tuple[int, int, Period | None], position: int) -> bool:
        """Whether the date only says when something was learned or issued (3月8日,民政局印发了…)."""
        clause = _LEARNED.match(self._text[mark[1] : min(mark[1] + 40, position)])
        return clause is not None and mark[2] is not None and mark[2][0] == mark[2][1]

    def _names_event(self, mark: tuple[int, int, Period | None], first: int) -> bool:
        """Whether a year only belongs to an event's name, behind the day on which it was held: 9月5日，全省2024年慈善周启动仪式…."""
        return self._starts[first] < mark[0] and _EVENT.match(self._text, mark[1]) is not None

    def _frame(self, position: int) -> Period | None:
        """The period that opens the paragraph, or the heading line (…：) that the paragraph's row stands under."""
        start = self._text.rfind("\n", 0, position) + 1
        if start == 0 and not self._is_paragraph(start):
            return None  # the headline frames nothing
        if start not in self._frames:
            self._frames[start] = self._opening(start)
        frame = self._frames[start]
        return self._event_day(start) if frame is None and _ON_SITE.match(self._text, position) else frame

    def _event_day(self, start: int) -> Period | None:
        """The day that opens a paragraph on an event: it holds for what was counted there (现场募集…)."""
        at = bisect_left(self._starts, start)
        if at < len(self._marks) and _OPENING.match(self._text[start : self._marks[at][0]]):
            return self._marks[at][2]
        return None

    def _is_paragraph(self, start: int) -> bool:
        end = self._text.find("\n", start)
        return "。" in self._text[start : end if end >= 0 else len(self._text)]

    def _opening(self, start: int) -> Period | None:
        at = bisect_left(self._starts, start)
        if at < len(self._marks):
            mark = self._marks[at]
            held = mark[2] is not None and mark[2][0] == mark[2][1] and _HELD.match(self._text[mark[1] : mark[1] + 40])
            limit = self._text[mark[1] - 1] == "前"  # 5月15日前提交材料: a time limit frames nothing
            if _OPENING.match(self._text[start : mark[0]]) and not held and not limit and not self._is_learned(mark, mark[1] + 40):
                return mark[2]
        end = self._text.find("\n", start)
        line = self._text[start : end if end >= 0 else len(self._text)]
        above = self._text.rfind("\n", 0, start - 1) + 1
        heading = self._text[above : start - 1]
        if above and len(heading) < 40 and (heading.endswith(("：", ":")) or (len(line) < 40 and not line.endswith("。"))):
            return self._frame(above)
        return None


class PlaceScopes:
    """The area that governs a position: the nearest before it in the sentence's part, else the bulletin's."""

    def __init__(self, text: str, areas: Sequence[Area], home: Region | None) -> None:
        self._text, self._home = text, home
        self.areas = sorted(areas, key=lambda area: area.start)
        self._starts = [area.start for area in self.areas]

    def of(self, slot: Slot) -> Region | None:
        """The governing area, None when unknown or the whole country."""
        start = max(
            slot.sentence_span[0], self._text.rfind("；", 0, slot.amount.start) + 1, self._text.rfind(";", 0, slot.amount.start) + 1
        )
        hi = bisect_left(self._starts, slot.amount.start)
        lo = bisect_left(self._starts, start)
        if _JOINT.match(self._text, slot.gap[0]) and len({area.adcode for area in self.areas[lo:hi]}) > 1:
            return self._home  # 甲县投入4.2万元，乙县投入3.8万元，共走访210户
        for i in range(hi - 1, lo - 1, -1):
            if _SUMMED.search(self._text[self.areas[i].end : slot.amount.start + 1]):
                towns = self._text[self.areas[i].start : self.areas[i].end].endswith(_TOWNS)
                towns = towns and i > lo and self._is_list(i) and self.areas[i - 1].adcode == self.areas[i].adcode
                return self.region(i) if towns and self._governs(self.areas[i]) else self._home  # 宾川县、鹤庆县等5个
            if i > lo and self._is_list(i) and self.areas[i - 1].adcode != self.areas[i].adcode and not self._ranks(i - 1):
                return self._home  # 合江县与江津区签订…
            if self._governs(self.areas[i]):
                listed = i > lo and self._is_list(i) and self.areas[i - 1].adcode != self.areas[i].adcode
                return self._home if listed else self.region(i)
        return self._home

    def within(self, span: Span) -> Region | None:
        """The area that a table's row is about."""
        at = self.last_in(span)
        return self.region(at) if at is not None else None

    def last_in(self, span: Span) -> int | None:
        """Index of the last area that starts in a cell."""
        lo, hi = bisect_left(self._starts, span[0]), bisect_left(self._starts, span[1])
        return hi - 1 if lo < hi else None

    def names(self, start: int, end: int) -> bool:
        """Whether an area stands between two positions."""
        return bisect_left(self._starts, start) < bisect_left(self._starts, end)

    def region(self, index: int) -> Region | None:
        """The area of one mention; None for the whole country."""
        area = self.areas[index]
        return None if area.adcode is None else Region(area.name, area.adcode, _level(area.adcode))

    def _ranks(self, i: int) -> bool:
        return _RANK.search(self._text[max(0, self.areas[i].start - 4) : self.areas[i].start]) is not None

    def _is_list(self, i: int) -> bool:
        return _AND.fullmatch(self._text, self.areas[i - 1].end, self.areas[i].start) is not None

    def _governs(self, area: Area) -> bool:
        if _RANK.search(self._text[max(0, area.start - 4) : area.start]) and self._text[area.start - 1] != "在":
            return False
        if self._home is None or self._home.adcode is None or area.adcode is None:
            return self._text[area.start : area.end].startswith(("全", "我国")) or area.adcode is not None
        stem = self._home.adcode.rstrip("0")
        stem += "0" * (len(stem) % 2)
        if area.adcode == self._home.adcode or area.adcode.startswith(stem):
            return True
        return self._text[area.start : area.end].startswith("全") or self._leads(area)

    def _leads(self, area: Area) -> bool:
        """Whether an area beside the bulletin's own is what a clause tells of: …，太湖县承担3.6万元."""
        return opens(self._text, area.start) and not _AFAR.match(self._text, area.end)


def _level(adcode: str) -> str:
    return "province" if adcode.endswith("0000") else "prefecture" if adcode.endswith("00") else "county"


def denominator(text: str, slot: Slot, tag: Tagger) -> str | None:
    """What a rate is per: 每人每月 → 人·月, 日均 → 日, 15万元/个 → 个, 每千名老年人 → 千名老年人."""
    if slot.amount.unit in ("倍", "番", "百分点", "%", "‰"):
        return None
    own = _each(text, slot.gap, tag)
    if slot.amount.rate:
        return f"{slot.amount.rate}·{own}" if own in _SPANS else slot.amount.rate
    return own or (
        _each(text, (slot.clause[0], slot.amount.start), tag) if slot.listed and not _COUNTS.search(text, *slot.clause) else None
    )


def _each(text: str, span: Span, tag: Tagger) -> str | None:
    found = [(m.start(), _unit_of(text, m, span[1], tag)) for m in _EACH.finditer(text, *span)]
    for m in _AVERAGE.finditer(text, *span):
        found += [(m.start(), unit) for unit in (m["time"], m["unit"], m["each"]) if unit]
    found += [(m.start(), m.group()) for m in _RENT.finditer(text, *span) if not found]
    ordered = sorted(found, key=lambda each: (each[1] in _SPANS, each[0]))  # 每年每站 is 站·年 too
    return "·".join(unit for _, unit in ordered) or None


def first_noun(text: str, span: Span, tag: Tagger) -> str:
    """城市社区 in 城市社区拥有, 服务点 in 服务点服务半径: up to the first word that names a thing."""
    noun = ""
    for word, flag in tag(text[span[0] : span[1]]):
        if flag.startswith(("x", "m", "p", "c", "u", "d", "r")) or word in ("拥有", "配备", "至少", "有") or word[0] == "最":
            break
        noun += word
        if (
            (len(noun) > 1 or noun in "县市区旗镇乡村")
            and flag.startswith(("n", "j", "z"))
            and not noun.endswith(("城市", "农村", "城镇", "城乡", "常住", "级"))
        ):
            break
    if noun and (house := _SITE.match(text, span[0] + len(noun), span[1])):
        noun += house.group()
    aside = _ASIDE.match(text, span[0] + len(noun), span[1])
    return noun + aside.group() if noun and aside else noun


def each_in(heading: str, tag: Tagger) -> str | None:
    """The denominator in a table's heading (日均就餐 → 日)."""
    return _each(heading, (0, len(heading)), tag)


def _unit_of(text: str, match: re.Match[str], stop: int, tag: Tagger) -> str:
    """每个乡镇 → 乡镇, 每名独居老人 → 名独居老人, 每万人 → 万人."""
    number, unit, aside = match["number"] or "", match["unit"], match["aside"] or ""
    if unit == "个" and _GRANTED.match(text, match.end()):
        return number + unit
    if unit == "个":
        made = _MADE.match(text, match.end())
        return number + (first_noun(text, (made.end() if made else match.end(), stop), tag) or unit)
    if number and unit not in _COUNTED and "\u4e00" <= unit <= "\u9fff" and len(unit) == 1 and unit not in "人个":
        return number + (first_noun(text, (match.start("unit"), stop), tag) or unit)  # 每万城镇常住人口
    if unit in _COUNTED and not _GRANTED.match(text, match.end()) and (noun := first_noun(text, (match.end(), stop), tag)):
        return number + unit + noun if number else noun
    return number + unit + aside


__all__ = ["Area", "Place", "PlaceScopes", "TimeScopes", "denominator"]
