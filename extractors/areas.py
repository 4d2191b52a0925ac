"""Which mentions mean an area, and which area: 和平 the district or the word, 鼓楼区 in which city."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.mentions import Mention, resolve
from extractors.placewords import is_person, is_split, opens, word_ends, words
from extractors.regions import Entry, Region, is_within, table

_JOINT = re.compile(r"\s*(?:[、，,/]|和|及|与|以及)\s*")
_ENDS = frozenset("”」’")
_NAMED = re.compile(r"[“「‘][\u4e00-\u9fff]{1,5}$")
_CLOSING = re.compile(r"[^、，,。；;：:\n“”]{1,14}[”」\"’]")
_COUNTY = "county"
_MEMORY = 15

Named = tuple[int, list[str]]
"""Where a text names an area beyond doubt, and the codes of the prefecture and the province it is or lies in."""


@dataclass(frozen=True, slots=True)
class Area:
    """A mention that means an area; `entry` is None when the name stays ambiguous."""

    mention: Mention
    entry: Entry | None

    @property
    def region(self) -> Region:
        if self.entry is not None:
            return self.entry.region
        if self.mention.is_zone:
            return Region(self.mention.surface, None, _COUNTY)
        first = self.mention.candidates[0].region
        same = all(e.region.name == first.name for e in self.mention.candidates)
        return Region(first.name if same else self.mention.surface, None, first.level)


def find_areas(text: str, home: Region | None, mentions: Sequence[Mention]) -> list[Area]:
    """The mentions that mean an area, in text order."""
    accepted = [_alone(text, home, mention) for mention in mentions]
    _spread(text, home, mentions, accepted)
    _repeat(text, mentions, accepted)
    certain = _certain(mentions)
    found = []
    for mention, ok in zip(mentions, accepted, strict=True):
        if ok:
            found.append(Area(mention, _meant(text, home, mention, certain, mentions)))
    return found


def _meant(text: str, home: Region | None, mention: Mention, certain: Sequence[Named], all_: Sequence[Mention]) -> Entry | None:
    """The entry of an accepted mention. 河北 is the province, but the district of 天津 in 河西、河北两区."""
    candidates = mention.candidates
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    provinces = tuple(e for e in candidates if e.region.level == "province")
    if provinces and home is not None and not any(is_within(home.adcode or "", e.adcode) for e in provinces):
        at = bisect_left(all_, mention.start, key=lambda m: m.start)
        beside = [m for m in all_[max(0, at - 1) : at + 2] if m is not mention and _touching(text, m, mention)]
        if not any(e.region.level == _COUNTY for m in beside for e in m.candidates):
            return provinces[0]
    return resolve(candidates, home, _nearest(certain, mention.start))


def _touching(text: str, one: Mention, other: Mention) -> bool:
    first, second = (one, other) if one.start < other.start else (other, one)
    return second.start - first.end < 4 and _JOINT.fullmatch(text, first.end, second.start) is not None


def named_above(mentions: Sequence[Mention]) -> list[str]:
    """Codes of the prefectures and provinces that the text names beyond doubt, in text order, prefectures first."""
    codes = dict.fromkeys(code for _, codes in _certain(mentions) for code in codes)
    return sorted(codes, key=lambda code: code.endswith("0000"))


def _certain(mentions: Sequence[Mention]) -> list[Named]:
    """The areas that the text names beyond doubt."""
    found = []
    for mention in mentions:
        standing = [e for e in mention.candidates if e.until is None]
        if len(standing) == 1 and (mention.full or mention.chained or standing[0].region.level != _COUNTY):
            found.append((mention.start, [e.adcode for e in table().line(standing[0].adcode) if e.region.level != _COUNTY]))
    return found


def _nearest(certain: Sequence[Named], offset: int) -> list[str]:
    """Codes from the nearest area before the offset backwards, then from those after it; prefectures before provinces."""
    at = bisect_left(certain, offset, key=lambda named: named[0])
    before = [codes for _, codes in reversed(certain[max(0, at - _MEMORY) : at])]
    after = [codes for start, codes in certain[at : at + _MEMORY] if start > offset]
    codes = [code for codes in [*before, *after] for code in codes]
    return [c for c in codes if not c.endswith("0000")] + [c for c in codes if c.endswith("0000")]


def _alone(text: str, home: Region | None, mention: Mention) -> bool:
    """Whether a mention means an area by itself and what stands around it."""
    start, end, surface = mention.start, mention.end, mention.surface
    if mention.is_zone:
        return len(mention.parts) != 2 or mention.parts[0].surface not in words().risky
    if mention.chained:
        return mention.full or not words().not_before.match(text, end) or surface not in words().risky
    near = _is_near(mention, home)
    if _is_quoted_name(text, mention):
        return False
    if mention.full and surface in words().generic:
        return near and (opens(text, start) or words().before.search(text, max(0, start - 4), start) is not None)
    if mention.full and len(surface) > 2:
        return len(surface) > 3 or near or not is_split(text, start, end)
    cuts = word_ends(text)
    if start not in cuts or end not in cuts or is_person(text, start, end):
        return False
    if len(surface) == 2 and mention.full:
        return start + 1 not in cuts and (near or _signs(text, start, end) > 0)
    if words().not_before.match(text, end):
        return False
    return _short(text, mention, near)


def leads_body(text: str, mention: Mention, home: Region | None) -> bool:
    """Whether a mention right before the ending of a body's name is the area of that body (会同|县教育局 is not)."""
    start, surface = mention.start, mention.surface
    if mention.is_zone:
        return _alone(text, home, mention)
    if mention.chained or (mention.full and len(surface) > 2 and surface not in words().generic):
        return True
    if surface in words().generic or surface in words().risky:
        return _is_near(mention, home) and opens(text, start)
    if mention.candidates[0].region.level == _COUNTY and not mention.full and not (_is_near(mention, home) or opens(text, start)):
        return False
    cuts = word_ends(text)
    return start in cuts and (len(surface) > 2 or start + 1 not in cuts or mention.end in cuts)


def _short(text: str, mention: Mention, near: bool) -> bool:
    """Whether a short name means an area."""
    signs = _signs(text, mention.start, mention.end)
    risky = mention.surface in words().risky
    if all(e.region.level == _COUNTY for e in mention.candidates):
        return signs > (1 if risky else 0) or (near and signs > 0) or (near and not risky)
    return not risky or signs > 1 or (near and signs > 0)


def _signs(text: str, start: int, end: int) -> int:
    """How much speaks for a place: an opening line with a colon, a place verb or preposition around it."""
    before, after = words().before.search(text, max(0, start - 4), start), words().after.match(text, end)
    if opens(text, start) and text[end : end + 1] in (":", "："):
        return 2
    return (1 if before else 0) + (1 if after else 0) + (1 if start == 0 else 0)


def _is_near(mention: Mention, home: Region | None) -> bool:
    """Whether a name can mean the bulletin's area, one in it, or one beside it in the same prefecture."""
    if home is None or home.adcode is None:
        return False
    above = table().parent(home.adcode)
    outer = above.adcode if above is not None and home.level == _COUNTY and above.region.level != "province" else home.adcode
    close = home.level == "province" and (mention.surface in words().risky or mention.surface in words().generic)
    standing = [e for e in mention.candidates if e.until is None and not (close and e.region.level == _COUNTY)]
    return any(is_within(e.adcode, outer) or is_within(home.adcode, e.adcode) for e in standing)


def _is_quoted_name(text: str, mention: Mention) -> bool:
    """“上海品牌”, “善行泉州”: an area that only begins or ends a name in quotes."""
    if not mention.full and text[mention.end : mention.end + 1] in _ENDS and _NAMED.search(text, max(0, mention.start - 7), mention.start):
        return True
    if text[max(0, mention.start - 1) : mention.start] not in ("“", "「", '"', "‘"):
        return False
    closing = _CLOSING.match(text, mention.end)
    return closing is not None


def _spread(text: str, home: Region | None, mentions: Sequence[Mention], accepted: list[bool]) -> None:
    """Carry acceptance along lists: in 涪城、江油、三台 the names vouch for each other when they lie in one area."""
    i = 0
    while i < len(mentions):
        j = i
        while j + 1 < len(mentions) and _JOINT.fullmatch(text, mentions[j].end, mentions[j + 1].start):
            j += 1
        if j > i and not all(accepted[i : j + 1]):
            members = range(i, j + 1)
            sure = [mentions[k] for k in members if accepted[k]]
            if sure or (j - i >= 2 and all(m.surface not in words().risky for m in mentions[i : j + 1])):
                for k in members:
                    others = sure or [mentions[n] for n in members if n != k]
                    accepted[k] = accepted[k] or any(_related(mentions[k], other) for other in others)
        i = j + 1


def _repeat(text: str, mentions: Sequence[Mention], accepted: list[bool]) -> None:
    """Accept the short name of a county whose full name the text has (太湖 beside 太湖县), where a word is cut on both sides."""
    whole = {m.candidates[0].adcode for m, ok in zip(mentions, accepted, strict=True) if ok and m.full and len(m.candidates) == 1}
    for i, mention in enumerate(mentions):
        if accepted[i] or mention.full or mention.is_zone or not whole.intersection(e.adcode for e in mention.candidates):
            continue
        cuts = word_ends(text)
        whole_word = mention.start in cuts and mention.end in cuts and not words().not_before.match(text, mention.end)
        accepted[i] = whole_word and not is_person(text, mention.start, mention.end) and not _is_quoted_name(text, mention)


def _related(one: Mention, other: Mention) -> bool:
    """Whether two names can lie in the same prefecture (counties) or are both above the county level."""
    for a in one.candidates:
        for b in other.candidates:
            if a.region.level != _COUNTY and b.region.level != _COUNTY:
                return True
            if a.adcode != b.adcode and a.adcode[:4] == b.adcode[:4]:
                return True
    return False
