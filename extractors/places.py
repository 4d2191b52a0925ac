"""Places: administrative areas that a text names as areas, with the code of the county or higher area they lie in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.areas import Area, find_areas, named_above
from extractors.areawords import find_words
from extractors.homes import find_home
from extractors.mentions import Mention, find_mentions
from extractors.regions import Region
from extractors.spans import Cover, Span
from extractors.townships import find_tail, find_townships

__all__ = ["Place", "Region", "find_area_words", "find_home", "find_places"]

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
    places = [_place(text, area, cover) for area in find_areas(text, home, mentions)]
    covered = Cover([*blocked, *((p.start, p.end) for p in places)])
    below = find_townships(text, home, named_above(mentions), covered)
    places += [Place(start, end, text[start:end], name, code) for start, end, name, code in below]
    return list(_apart(sorted(places, key=lambda place: (place.start, -place.end))))


def _apart(places: Sequence[Place]) -> Iterator[Place]:
    """The places without those that lie over one before them."""
    end = 0
    for place in places:
        if place.start >= end:
            yield place
            end = place.end


def find_area_words(text: str, home: Region | None, named: Sequence[Place] | None = None) -> list[Place]:
    """全市, 我省, 该区 …: words that stand for an area, in text order; 全国 has no code. They are no places of their own.

    `named` are the areas named in the text, also in names of bodies; they are found when not handed in.
    """
    known = [(p.end, p.name, p.adcode) for p in (find_places(text, home) if named is None else named)]
    return [Place(start, end, text[start:end], name, code) for start, end, name, code in find_words(text, home, known)]


def _free(mention: Mention, cover: Cover) -> Mention | None:
    """The mention, or the names of its chain that stand before a body's name begins (西藏林芝|米林市社会福利院)."""
    if not cover.touches(mention.start, mention.end):
        return mention
    free = [part for part in mention.parts if not cover.touches(part.start, part.end)]
    return mention.before(free[-1].end) if free and free[0] is mention.parts[0] else None


def _place(text: str, area: Area, cover: Cover) -> Place:
    start, end, region = area.mention.start, area.mention.end, area.region
    coded = area.mention.coded
    within = coded[0].adcode if area.mention.is_zone and len(coded) == 1 else region.adcode
    tail = find_tail(text, end, within, cover) if region.level != "province" else None
    if tail:
        _, end, name, adcode = tail
        return Place(start, end, text[start:end], name, adcode)
    return Place(start, end, text[start:end], region.name, region.adcode)
