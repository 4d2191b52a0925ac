"""The area that a bulletin is about, from its title, its attribution and the areas it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extractors.areas import Area, find_areas, named_above
from extractors.mentions import find_mentions, resolve
from extractors.placewords import opens
from extractors.regions import Entry, Region, is_within, stem, table

_NATIONAL = re.compile(r"^\W*(?:中华人民共和国|民政部|国务院|中共中央|中央|全国|国家|财政部|人力资源社会保障部|我国|中国)")
_LEVEL = re.compile(r"(?<![健安])[全我](?P<level>[省市县区州盟旗])")
_OPENING = 4000
"""So many characters tell what a bulletin is about."""
_P = "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀黔滇藏陕甘青宁新]"
_TWO_PROVINCES = re.compile(rf"(?<!{_P}){_P}{_P}(?:两|三|边|交界|毗邻|携手|界|共|联)")
_TOWARDS = re.compile("[赴到往]|走进|援|来自|落户|考察|学习")
_COUNTRY = re.compile("全国|我国|各地")
_CENTRAL = re.compile("民政部|国务院|国家[\u4e00-\u9fff]{2,8}[局委]|财政部")
_HEAD = 400
"""Characters in which a central body is named when a text is its news."""
_DATELINE = re.compile(r"\d{1,2}月\d{1,2}日[电讯]")
_VENUE = re.compile(r"(?:在|赴|到|走进|来)$")
_LEAD = re.compile(r"[^:：\n]{0,20}[:：]")
_BODY = re.compile(r"(?:民政|人民政府|市委|县委|区委|省委|州委|残联|妇联|慈善|老龄|办公室|党委)")


def find_home(title: str | None, text: str, attribution: str | None = None) -> Region | None:
    """The area the bulletin is about; None for news of the whole country or when nothing tells. A name that stays
    ambiguous (鼓楼区) comes back with adcode None."""
    origin = _first(attribution, text)
    head = title or text.partition("\n")[0]
    if _NATIONAL.match(head):
        return None
    level = _LEVEL.search(head)
    if level:
        wide = _of_level(level["level"], origin, head, text)
        if wide is not None:
            return wide
    if _joins_provinces(text):
        return None
    named = _titled(head, text, origin)
    if named is not None:
        return named
    if origin is not None:
        return origin.region
    return None if _is_national(text) else _told(text)


def _first(attribution: str | None, text: str) -> Entry | None:
    """The area at the beginning of the attribution: 甘肃省|民政厅, 《济南|日报》."""
    if not attribution:
        return None
    for mention in find_mentions(attribution):
        if mention.start <= 1:
            return resolve(mention.coded, None, _context(text))
    return None


def _context(text: str) -> list[str]:
    return named_above(find_mentions(text))


def _of_level(level: str, origin: Entry | None, head: str, text: str) -> Region | None:
    """The area of 全省 or 我市 in the title: the origin's own or above it, else the most named one of the text."""
    lead = _titled(head, text, origin)
    for start in (lead.adcode if lead else None, origin.adcode if origin else None, _code(_told(text))):
        for entry in table().line(start) if start else ():
            if entry.region.name.endswith(level) and not (level == "区" and entry.region.name.endswith("地区")):
                return entry.region
    return None


def _code(region: Region | None) -> str | None:
    return region.adcode if region else None


def _titled(head: str, text: str, origin: Entry | None) -> Region | None:
    """The area that the title is about: its leading one, else the first that is no mere venue."""
    home = origin.region if origin else None
    mentions = find_mentions(head)
    lead = next((m for m in mentions if opens(head, m.start) and _LEAD.match(head[m.end :])), None)
    found = find_areas(head, home, mentions)
    if origin is not None and _is_list(head, found) and all(a.entry and is_within(a.entry.adcode, origin.adcode) for a in found[:2]):
        return origin.region
    if origin is None and lead is None and _is_list(head, found):
        return _around(found)
    areas = {id(a.mention): a for a in found}
    for mention in ([lead] if lead else []) + list(mentions):
        area = areas.get(id(mention)) or (Area(mention, None) if mention is lead and mention.start == 0 else None)
        if area is None or (_VENUE.search(head[: mention.start]) and origin is not None):
            continue
        entry = resolve(mention.coded, home, _context(text))
        if entry is None:
            return area.region
        if origin is not None and is_within(origin.adcode, entry.adcode) and not opens(head, mention.start):
            return origin.region
        return entry.region
    return None


def _is_list(head: str, found: Sequence[Area]) -> bool:
    """Whether the title names several areas side by side (安居区、船山区率先…): it is about the area around them."""
    return len(found) > 1 and head[found[0].mention.end : found[1].mention.start] in ("、", "和", "与", "，", " ")


def _joins_provinces(text: str) -> bool:
    """Whether the headline is about areas of two provinces (湘黔两县…, 新晃、玉屏…): it is the news of neither alone."""
    text = text[:_OPENING]
    head = text.partition("\n")[0]
    if _TWO_PROVINCES.search(head):
        return True
    found = [area for area in find_areas(text, None, find_mentions(text)) if area.mention.end <= len(head)]
    entries = [area.entry for area in found[:2]]
    apart = len(found) > 1 and not _TOWARDS.search(head[found[0].mention.end : found[1].mention.start])
    return apart and None not in entries and entries[0].adcode[:2] != entries[1].adcode[:2]  # type: ignore[union-attr]


def _is_national(text: str) -> bool:
    """Whether a text without an area in its headline speaks of the country: 全国 again and again, and a central body at its head."""
    return len(_COUNTRY.findall(text[:_OPENING])) > 1 and _CENTRAL.search(text, 0, _HEAD) is not None


def _around(listed: Sequence[Area]) -> Region | None:
    """The lowest area in which the first two of a list lie: 北京、上海 lie in none."""
    if any(area.entry is None for area in listed[:2]):
        return None
    first, second = (table().line(area.entry.adcode) for area in listed[:2] if area.entry)
    shared = {entry.adcode for entry in second}
    return next((entry.region for entry in first if entry.adcode in shared), None)


def _told(text: str) -> Region | None:
    """The lowest area in which most of the named ones lie; areas that name a body of government count thrice."""
    text = text[:_OPENING]
    votes: Counter[str] = Counter()
    for area in find_areas(text, None, find_mentions(text)):
        if area.entry is not None and not _DATELINE.match(text, area.mention.end):
            votes[area.entry.adcode] += 3 if _BODY.match(text, area.mention.end) else 1
    total = sum(votes.values())
    (first, most), (second, next_) = [*votes.most_common(2), ("", 0), ("", 0)][:2]
    if second and first[:2] != second[:2] and 3 * next_ > most:
        return None  # two provinces side by side
    best: Entry | None = None
    for code in votes:
        for entry in table().line(code):
            inside = sum(n for other, n in votes.items() if is_within(other, entry.adcode))
            if inside * 5 >= total * 3 and (best is None or len(stem(entry.adcode)) > len(stem(best.adcode))):
                best = entry
    return best.region if best else None
