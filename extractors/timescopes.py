"""When a number holds: the time that governs its place in the text."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise

from extractors.clauses import Slot
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
_SPANS = frozenset(("年", "月", "日", "天", "周", "季度", "半年", "季", "小时", "学期", "学年"))


class TimeScopes:
    """The time that governs a position: nearest before it in the sentence, else the one that opens the paragraph."""

    def __init__(self, text: str, times: Sequence[Time], published: dt.date | None, are_apart: Callable[[Span, Span], bool]) -> None:
        self._text, self._are_apart = text, are_apart
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
            apart = self._is_learned(mark, position) or self._names_event(mark, lo) or self._is_elsewhere(mark, start, position)
            if not apart and (since or not other):
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

    def _is_elsewhere(self, mark: tuple[int, int, Period | None], start: int, position: int) -> bool:
        """Whether the time is told of one area and the number of another: 甲省去年清理3处；乙县设置5处."""
        first = max(start, *(self._text.rfind(sign, start, mark[0]) + 1 for sign in "；;"))
        cut = max(self._text.rfind(sign, mark[1], position) for sign in "；;")
        return cut >= 0 and self._are_apart((first, mark[0]), (cut, position))

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
