"""Who issued a document, under which number and when, as the words around its title say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from extractors.organizations import find_organizations
from extractors.regions import Region
from extractors.spans import Span

_REACH = 70
_VERB = r"(?:制定|修订|研究|起草|审议|表决)?(?:并|后)?(?:印发|出台|发布|颁布|公布|下发|制发|转发|制定|签发|发出|审议通过|表决通过)"
_ISSUED = re.compile(rf"(?P<verb>(?:联合|共同)?{_VERB}(?:实施|施行|下发)?)(?:了|的|该|新版|新的|全省首个|关于)*\s*$")
_LISTED = re.compile(r"[、，和与及\s]*(?:以及)?")
_FILLER = re.compile(
    r"""
    (?: 近日|日前|今日|昨日|近期|最近|目前|已|正式|共同|联合|专门|还|又|率先|首次|及时|先后|研究|制定|牵头|就此|在全[国省市县区]|根据授权
      | 等(?:[\d一二三四五六七八九十]+个?)?(?:单位|部门|部委|委办局)
      | (?:于|在)?(?:(?:\d{4}|今|去|本|当)年)?(?:\d{1,2}月(?:份|[初中下上]旬|底|初)?)?(?:\d{1,2}[日号])?(?=\D|$)
    )*$
    """,
    re.VERBOSE,
)
_JOINED = re.compile(r"(?:[、和与及]|以及|会同|联合|协同|\s)+$")
_BY = re.compile(rf"(?:[（(][^（）()\n]{{1,60}}[)）])?[^。；;\n《]{{0,16}}?由(?P<who>[^，,。；;\n《》]{{2,60}}?)(?:联合|共同|正式)?{_VERB}")
_DATED_AFTER = re.compile(r"(?:[（(][^（）()\n]{1,60}[)）])?(?:已|正式)?(?:于|在)?")
_DATED_VERB = re.compile(rf"(?:由[^，。；\n]{{2,40}})?(?:正式|联合|共同)?(?:{_VERB})")
_DIGIT = "[0-9０-９]"
_YEAR = rf"[〔\[［﹝【（(〈]\s*(?:19|20|１９|２０){_DIGIT}{{2}}\s*[〕\]］﹞】）)〉]"
_ORDER = rf"[\u4e00-\u9fff]{{2,14}}令\s*(?:{_YEAR}\s*)?第?\s*{_DIGIT}{{1,4}}\s*号"
_NUMBER = rf"[\u4e00-\u9fffA-Za-z]{{1,12}}{_YEAR}\s*第?\s*{_DIGIT}{{1,5}}\s*号|{_ORDER}"
_AFTER = re.compile(
    rf"(?:[（(](?:试行|暂行)[)）])?\s*(?:[（(](?:[^()（）\n。]{{0,40}}?[，,；;：:])??(?:文号|发文字号)?(?:为|是|：|:)?)?({_NUMBER})"
)
_BEFORE = re.compile(rf"({_NUMBER})(?:文件|文)?[)）]?的?$")
_LEADING = re.compile(r"^.*(?:印发|下发|根据|按照|依据|依照|落实|贯彻|执行|发布|转发|关于|文号为|文号|以|见|和|与)")
_OPENS = re.compile(r"(?:^|[^\u4e00-\u9fff]|近日|日前|今日|近期|获悉|了解|[由经据年月日号后时来])$")


class Dated(Protocol):
    """A time as `extractors.times` finds it."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def period(self) -> tuple[dt.date | None, dt.date | None]: ...


@dataclass(frozen=True, slots=True)
class Issuance:
    """What one mention of a document says of its issue; None where it says nothing."""

    issuer: str | None = None
    number: str | None = None
    issued: dt.date | None = None


def find_issuances(text: str, titles: Sequence[Span], times: Sequence[Dated] = (), home: Region | None = None) -> list[Issuance]:
    """The issuance of each title. A list 《A》《B》和《C》 shares the issuer and date that stand before it. `home` completes 省民政厅."""
    reader = _Reader(text, times, home)
    found: list[Issuance] = []
    for index, (start, end) in enumerate(titles):
        number = _number(text, start, end)
        if index and _LISTED.fullmatch(text, titles[index - 1][1], start):
            issuer, issued = found[-1].issuer, found[-1].issued
        else:
            issuer, issued = reader.issue(start, end)
        found.append(Issuance(issuer, number, issued))
    return found


def _number(text: str, start: int, end: int) -> str | None:
    after = _AFTER.match(text, end)
    if after:
        return after[1].strip()
    before = _BEFORE.search(text, max(0, start - 40), start)
    return _LEADING.sub("", before[1]).strip() if before else None


class _Reader:
    """Reads the words around one title after the other."""

    def __init__(self, text: str, times: Sequence[Dated], home: Region | None) -> None:
        self._text, self._times, self._home = text, times, home

    def issue(self, start: int, end: int) -> tuple[str | None, dt.date | None]:
        """Issuer and day of issue of the document whose title stands at [start, end)."""
        floor = max(start - _REACH, *(self._text.rfind(mark, 0, start) + 1 for mark in "\n。》"))
        verb = _ISSUED.search(self._text, floor, start)
        if verb is None:
            return self._by(end), self._dated_after(end)
        lead = self._text[floor : verb.start()]
        filler = _FILLER.search(lead)
        issuer = self._bodies(lead[: filler.start()] if filler else lead)
        return issuer or self._by(end), self._dated_before(floor, verb.start()) or self._dated_after(end)

    def _bodies(self, lead: str) -> str | None:
        """The bodies at the end of a stretch of text, joined by 、; None when something else stands there."""
        names: list[str] = []
        for body in reversed(find_organizations(lead, self._home) if lead else ()):
            if body.end == len(lead):
                names.insert(0, body.name)
                lead = lead[: body.start]
                joined = _JOINED.search(lead)
                if joined is None:
                    # a name cut in two (兰水|市民政局) is no issuer
                    return "、".join(names) if _OPENS.search(lead) else None
                lead = lead[: joined.start()]
        return "、".join(names) or None

    def _by(self, end: int) -> str | None:
        """《…》由市民政局印发."""
        match = _BY.match(self._text, end)
        return self._bodies(match["who"]) if match else None

    def _dated_before(self, floor: int, verb: int) -> dt.date | None:
        """3月8日,兰州市民政局印发《…》: at most one comma between."""
        for time in reversed(self._times):
            if time.end <= verb and time.start >= floor:
                between = self._text[time.end : verb]
                near = sum(between.count(mark) for mark in "，,") <= 1 and not any(mark in between for mark in "；;：:")
                return _day(time) if near else None
        return None

    def _dated_after(self, end: int) -> dt.date | None:
        """《…》于2023年3月8日印发."""
        match = _DATED_AFTER.match(self._text, end)
        at = match.end() if match else end
        return next((_day(t) for t in self._times if t.start == at and _DATED_VERB.match(self._text, t.end)), None)


def _day(time: Dated) -> dt.date | None:
    return time.period[0] if time.period[0] == time.period[1] else None
