"""Where a number holds: the area that governs its place in the text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

from extractors.clauses import Slot
from extractors.places import Region
from extractors.placewords import opens
from extractors.regions import is_within
from extractors.spans import Span

_RANK = re.compile(r"(?:居|比|较|位居|列|位列|排名?|低于|高于|超过|超|优于|快于|占|与|对口支援|援助|在)$")
_AFAR = re.compile(r"[、和与及，,：:]|等|籍|援|对口|向|[市县省]?(?:方面|电|讯|爱心|企业|机构|客商|志愿)|\d{1,2}月\d{1,2}日电")
_TOWNS = ("镇", "乡", "街道", "苏木", "村", "社区")
_JOINT = re.compile(r"(?:共(?!同)|合计|总计|双方|两[县市区地省州])")
_AND = re.compile(r"\s*[、和与及]\s*|[\u4e00-\u9fff]{0,6}(?:会同|联合|携手|与|和)\s*")
_SAME = re.compile(r"该(?:[站院所馆园]|中心|机构|社区|村|街道|食堂|公墓|协会)|这家|这所|这里")
_SUMMED = re.compile(r"等[\d一二两三四五六七八九十]")


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
        return self._there(start, slot.amount.start)

    def _there(self, start: int, position: int) -> Region | None:
        """The area named last in the paragraph, where the number is told of a house in it (该站, 这家食堂); else the bulletin's own."""
        paragraph = self._text.rfind("\n", 0, start) + 1
        at = bisect_left(self._starts, start) - 1
        same = _SAME.search(self._text, start, position) and at >= 0 and self._starts[at] >= paragraph
        return self.region(at) if same and self._governs(self.areas[at]) else self._home

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

    def are_apart(self, one: Span, other: Span) -> bool:
        """Whether the first areas of two stretches of text lie side by side, neither within the other."""
        found = [
            self.areas[at].adcode if (at := bisect_left(self._starts, start)) < bisect_left(self._starts, end) else None
            for start, end in (one, other)
        ]
        a, b = found
        return a is not None and b is not None and not is_within(a, b) and not is_within(b, a)

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
