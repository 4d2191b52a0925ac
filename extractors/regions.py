"""The administrative areas of China by name and code: today's, and the names and codes that are gone.

The tables are `tables/regions.tsv`, `tables/regions_history.tsv` and `tables/townships.tsv` (sources: `tables/SOURCES.md`).
A past area keeps its own last code (江干区 → 330104); `Table.successor` leads to today's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

TABLES = Path(__file__).parent / "tables"
RECENT = 2015
"""Areas abolished since then still stand in the bulletins that people read: they rank with today's."""

_PEOPLES = [
    "壮",
    "回",
    "满",
    "蒙古",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "布依",
    "朝鲜",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
    "各",
]
_PEOPLE = "(?:" + "|".join(sorted((f"{p}族" for p in _PEOPLES), key=len, reverse=True)) + "|蒙古|哈萨克|柯尔克孜|维吾尔|塔吉克|锡伯|达斡尔)"
_AUTONOMOUS = re.compile(rf"{_PEOPLE}*(?:联合)?自治(?P<level>[区州县旗])$")
_ENDING = re.compile(r"(?:特别行政区|新区|林区|特区|地区|省|市|盟|州|县|区|旗)$")
UNDIVIDED = frozenset(("441900", "442000", "460400", "620200"))
"""Cities without counties: their townships lie right below them."""
_NOUNS = frozenset(("市区", "市郊区"))
"""Past areas whose names nobody could tell from the noun."""


@dataclass(frozen=True, slots=True)
class Region:
    """An area: official name, six-digit code (None when the text leaves it open), level province, prefecture or county."""

    name: str
    adcode: str | None
    level: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the tables: a region, the area above it and the last year of its name (None: stands today)."""

    region: Region
    adcode: str
    parent: str
    until: int | None
    successor: str | None


def stem(adcode: str) -> str:
    """The part of a code that all areas within it share: 330100 → 3301."""
    return adcode[:2] if adcode.endswith("0000") else adcode[:4] if adcode.endswith("00") else adcode


def is_within(adcode: str, outer: str) -> bool:
    """Whether an area is another one or lies in it, by their codes."""
    return adcode.startswith(stem(outer))


def short_names(name: str, level: str) -> list[str]:
    """The short forms of an official name: 北川羌族自治县 → 北川, 北川县; 恩施土家族苗族自治州 → 恩施, 恩施州."""
    special = re.sub(r"(壮族|回族|维吾尔)?自治区$", "", name) if level == "province" else name
    own = _AUTONOMOUS.search(name)
    if own and level != "province":
        core = name[: own.start()]
        return [core, core + own["level"]] if len(core) > 1 else []
    if special != name:
        return [special]
    core = _ENDING.sub("", name)
    core = core if len(core) > 1 else name[:-1]  # 清新区 is no new area
    return [core] if 1 < len(core) < len(name) else []


class Table:
    """All entries, found by code, by full or short name, and the townships of each county."""

    def __init__(self, entries: list[Entry], aliases: dict[str, str], townships: dict[str, list[str]]) -> None:
        self.entries = {e.adcode: e for e in reversed(entries)}  # a code that was used twice means its present area
        self.names: dict[str, list[Entry]] = {}
        self.full: set[str] = set()
        for entry in entries:
            self._index(entry)
        for alias, code in aliases.items():
            self.names.setdefault(alias, []).append(self.entries[code])
        self.surfaces = sorted(self.names)
        self.townships = townships
        self._finder = AhoCorasick(self.surfaces, matchkind=MatchKind.Standard)
        self._weights = [self._weight(name) for name in self.surfaces]

    def _index(self, entry: Entry) -> None:
        name = entry.region.name
        self.names.setdefault(name, []).append(entry)
        self.full.add(name)
        if entry.until is None or (entry.region.level == "prefecture" and name.endswith("市")):
            for short in short_names(name, entry.region.level):
                self.names.setdefault(short, []).append(entry)

    def _weight(self, surface: str) -> int:
        """Which of two overlapping surfaces stands: the longer, but 上海|城区 before 上|海城区."""
        if surface in self.full:
            return len(surface) * 2 + (len(surface) > 2)
        return len(surface) * 2 + (4 if self.names[surface][0].region.level != "county" else 0)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Mentions of any surface that do not overlap: start, end, surface. Of overlapping ones the longer stands (和|平潭县)."""
        surfaces, weights = self.surfaces, self._weights
        kept: list[tuple[int, int, int]] = []
        for i, start, end in self._finder.find_matches_as_indexes(text, overlapping=True):
            while kept and kept[-1][1] > start and (start <= kept[-1][0] or weights[kept[-1][2]] < weights[i]):
                kept.pop()
            if not kept or kept[-1][1] <= start:
                kept.append((start, end, i))
        return [(start, end, surfaces[i]) for start, end, i in kept]

    def parent(self, adcode: str) -> Entry | None:
        """The area right above, None above a province."""
        entry = self.entries.get(adcode)
        return self.entries.get(entry.parent) if entry else None

    def line(self, adcode: str) -> Iterator[Entry]:
        """An area and all above it, from the lowest up."""
        entry = self.entries.get(adcode)
        while entry is not None:
            yield entry
            entry = self.entries.get(entry.parent)

    def successor(self, adcode: str) -> Region | None:
        """Today's area in place of an abolished one, None when the table does not know or it stands."""
        entry = self.entries.get(adcode)
        return self.entries[entry.successor].region if entry and entry.successor in self.entries else None


@cache
def table() -> Table:
    """The tables, read once."""
    entries = list(_read("regions.tsv")) + sorted(_read("regions_history.tsv"), key=lambda e: -(e.until or 0))
    rows = (line.split("\t") for line in _lines("townships.tsv"))
    aliases = dict(line.split("\t") for line in _lines("region_aliases.tsv"))
    return Table(entries, aliases, {code: names.split(" ") for code, names in rows})


@cache
def township_index() -> dict[str, list[str]]:
    """Township name → the codes of the counties that have one of that name."""
    index: dict[str, list[str]] = {}
    for code, names in table().townships.items():
        for name in names:
            index.setdefault(name, []).append(code)
    return index


def _lines(name: str) -> Iterator[str]:
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return iter(lines[2:])


def _read(name: str) -> Iterator[Entry]:
    for line in _lines(name):
        adcode, official, level, parent, *rest = line.split("\t")
        if official in _NOUNS:
            continue
        until, successor = (int(rest[1]), rest[2] or None) if len(rest) > 1 else (None, None)
        yield Entry(Region(official, adcode, level), adcode, parent, until, successor)
