"""Mentions of areas in a text: chains of names from the region table (浙江省建德市), before it is decided whether an area is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.placewords import words
from extractors.regions import RECENT, Entry, Region, is_within, stem, table

_WORDLIKE = re.compile(r"[区市县旗州](?:(?<=区)[域块间位划片]|(?<=市)[场价值面容]|(?<=市)民(?!政|族|委|警|间)|(?<=县)域|(?<=旗)[帜舰袍])")
_PARK = re.compile(r"(?:经济技术|高新技术产业|高新|经济)?开发区|高新区|经开区|新区(?!域|间|块|位)|工业园区|综合实验区")


@dataclass(frozen=True, slots=True)
class Part:
    """One name of a chain; `candidates` are the entries that it can mean within the chain, none for a new area or park."""

    start: int
    end: int
    surface: str
    candidates: tuple[Entry, ...]

    @property
    def full(self) -> bool:
        """Whether the name is complete (恩施州, 泾县), not only a short form (恩施)."""
        return self.surface in table().full or (self.surface[-1] in "州旗盟县" and len(self.surface) > 2)


@dataclass(frozen=True, slots=True)
class Mention:
    """A chain of area names, each within the one before."""

    parts: tuple[Part, ...]

    @property
    def start(self) -> int:
        return self.parts[0].start

    @property
    def end(self) -> int:
        return self.parts[-1].end

    @property
    def surface(self) -> str:
        return self.parts[-1].surface

    @property
    def candidates(self) -> tuple[Entry, ...]:
        return self.parts[-1].candidates

    @property
    def coded(self) -> tuple[Entry, ...]:
        """What the last name that has a code can mean: 成都市 in 成都市高新区."""
        return next((part.candidates for part in reversed(self.parts) if part.candidates), ())

    @property
    def is_zone(self) -> bool:
        """Whether the last name is a new area or park, which has no code."""
        return not self.parts[-1].candidates

    @property
    def chained(self) -> bool:
        return len(self.parts) > 1

    @property
    def full(self) -> bool:
        return self.parts[-1].full

    @property
    def formal_start(self) -> int:
        """Where the first complete name of the chain starts: bodies are named 米林市…, also after 西藏林芝."""
        return next((part.start for part in self.parts if part.full), self.start)

    def before(self, offset: int) -> Mention | None:
        """The chain's names that end before an offset, None when there are none."""
        parts = tuple(part for part in self.parts if part.end <= offset)
        return Mention(parts) if parts else None


@lru_cache(maxsize=8)
def find_mentions(text: str) -> tuple[Mention, ...]:
    """Chains of names that lie within each other and touch, in text order; not yet judged."""
    chains: list[tuple[Part, ...]] = []
    for start, end, surface in _named(text):
        entries = table().names[surface]
        if chains and chains[-1][-1].end == start:
            inner = tuple(e for e in entries if any(_lies_in(e, outer) for outer in chains[-1][-1].candidates))
            if inner:
                chains[-1] = (*chains[-1], Part(start, end, surface, inner))
                continue
        chains.append((Part(start, end, surface, tuple(entries)),))
    return tuple(Mention(parts) for parts in _with_zones(text, chains))


def _with_zones(text: str, chains: list[tuple[Part, ...]]) -> list[tuple[Part, ...]]:
    """Add the new areas and parks that have no code: 成都市|高新区, 四川|天府新区, 雄安新区."""
    found = []
    for parts in chains:
        last = parts[-1]
        park = _PARK.match(text, last.end) if last.surface[-1] != "区" else None
        found.append((*parts, Part(last.end, park.end(), last.surface + park[0], ())) if park else parts)
    ends = {parts[-1].end: i for i, parts in enumerate(found)}
    for match in words().zones.finditer(text):
        zone = Part(match.start(), match.end(), match[0], ())
        if match.start() in ends:
            found[ends[match.start()]] = (*found[ends[match.start()]], zone)
        else:
            found.append((zone,))
    return sorted(found, key=lambda parts: parts[0].start)


def _named(text: str) -> list[tuple[int, int, str]]:
    """Surfaces of the table; a last character that belongs to the next word (北京市场) is given back to it."""
    found = table().find(text)
    starts = {start for start, _, _ in found}
    named = []
    for start, end, surface in found:
        if surface[-1] in "区市县旗" and end not in starts and _WORDLIKE.match(text, end - 1):
            if surface[:-1] in table().names:
                named.append((start, end - 1, surface[:-1]))
        else:
            named.append((start, end, surface))
    return named


def _lies_in(inner: Entry, outer: Entry) -> bool:
    return inner.adcode != outer.adcode and len(stem(inner.adcode)) > len(stem(outer.adcode)) and is_within(inner.adcode, outer.adcode)


def resolve(candidates: tuple[Entry, ...], home: Region | None, seen: Sequence[str] = ()) -> Entry | None:
    """The one entry that is meant, None when open. The bulletin's area and what it lies in decide first, then `seen`, the other
    areas that the text names (nearest first), then the rank of the area."""
    if not candidates:
        return None
    standing = tuple(e for e in candidates if e.until is None or e.until >= RECENT) or candidates[:1]
    outers = [entry.adcode for entry in table().line(home.adcode)] if home is not None and home.adcode is not None else []
    for outer in outers:
        near = tuple(e for e in standing if is_within(e.adcode, outer) or is_within(outer, e.adcode))
        if near:
            own = [e for e in near if e.adcode == outers[0]]
            return own[0] if own else _by_rank(near) or _by_neighbours(near, seen)
    if any(e.region.level == "province" for e in standing):
        return _by_rank(standing)
    return _by_neighbours(standing, seen) or _by_rank(standing)


def _by_neighbours(entries: Sequence[Entry], seen: Sequence[str]) -> Entry | None:
    for outer in seen:
        inside = [e for e in entries if is_within(e.adcode, outer)]
        if len(inside) == 1:
            return inside[0]
    return None


def _by_rank(entries: Sequence[Entry]) -> Entry | None:
    """The entry of the highest level, if it is the only one of it."""
    levels = ("province", "prefecture", "county")
    best = min(levels.index(e.region.level) for e in entries)
    top = [e for e in entries if e.region.level == levels[best]]
    return top[0] if len(top) == 1 else None
