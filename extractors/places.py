"""Places: administrative areas that a text names as areas, with the code of the county or higher area they lie in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.areas import Area, find_areas, named_above
from extractors.areawords import find_words
from extractors.homes import find_home
from extractors.mentions import Mention, find_mentions, words
from extractors.regions import Region
from extractors.spans import Cover, Span
from extractors.townships import find_tail, find_townships

__all__ = ["Place", "Region", "find_area_words", "find_home", "find_places"]

_PARK = re.compile(r"(?:经济技术|高新技术产业|高新|经济)?开发区|高新区|经开区|新区(?!域|间|块|位)|工业园区")
_TITLES = re.compile(r"《[^》\n]{1,80}》")


@dataclass(frozen=True, slots=True)
class Place:
    """A named area: half-open code-point offsets, official or printed name, six-digit code (None when open or abroad)."""

    start: int
    end: int
    text: str
    name: str
    adcode: str | None


def find_places(text: str, home: Region | None = None, taken: Sequence[Span] = ()) -> list[Place]:
    """Places in text order. `taken` are spans (organizations, titles) in which no place is named; nothing inside 《…》 is one."""
    blocked = [*taken, *(m.span() for m in _TITLES.finditer(text))]
    cover = Cover(blocked)
    mentions = [m for m in (_free(mention, cover) for mention in find_mentions(text)) if m is not None]
    places = list(_zones(text, mentions, cover))
    zones = Cover((p.start, p.end) for p in places)
    places += [
        _place(text, area, cover) for area in find_areas(text, home, mentions) if not zones.touches(area.mention.start, area.mention.end)
    ]
    covered = Cover([*blocked, *((p.start, p.end) for p in places)])
    below = find_townships(text, home, named_above(mentions), covered)
    places += [Place(start, end, text[start:end], name, code) for start, end, name, code in below]
    return sorted(places, key=lambda place: place.start)


def find_area_words(text: str, home: Region | None) -> list[Place]:
    """全市, 我省, 该区 …: words that stand for an area, in text order; 全国 has no code. They are no places of their own."""
    named = [(p.end, p.name, p.adcode) for p in find_places(text, home)]
    return [Place(start, end, text[start:end], name, code) for start, end, name, code in find_words(text, home, named)]


def _free(mention: Mention, cover: Cover) -> Mention | None:
    """The mention, or the names of its chain that stand before a body's name begins (西藏林芝|米林市社会福利院)."""
    if not cover.touches(mention.start, mention.end):
        return mention
    free = [part for part in mention.parts if not cover.touches(part.start, part.end)]
    return mention.before(free[-1].end) if free and free[0] is mention.parts[0] else None


def _zones(text: str, mentions: Sequence[Mention], cover: Cover) -> Iterator[Place]:
    """雄安新区, 成都市高新区: areas that people speak of as such but that have no code, with the chain before them."""
    ends = {m.end: m for m in mentions}
    for match in words().zones.finditer(text):
        start = ends[match.start()].start if match.start() in ends else match.start()
        if not cover.touches(start, match.end()):
            yield Place(start, match.end(), text[start : match.end()], match[0], None)
    for mention in mentions:
        park = _PARK.match(text, mention.end)
        if (
            park
            and not cover.touches(mention.start, park.end())
            and not words().zones.match(text, mention.start)
            and mention.surface[-1] != "区"
        ):
            yield Place(mention.start, park.end(), text[mention.start : park.end()], text[mention.parts[-1].start : park.end()], None)


def _place(text: str, area: Area, cover: Cover) -> Place:
    start, end, region = area.mention.start, area.mention.end, area.region
    tail = find_tail(text, end, region.adcode, cover) if region.level != "province" else None
    if tail:
        _, end, name, adcode = tail
        return Place(start, end, text[start:end], name, adcode)
    return Place(start, end, text[start:end], region.name, region.adcode)
