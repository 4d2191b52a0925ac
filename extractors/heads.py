"""The endings by which bodies are recognised (民政局, 人民政府, 基金会 …), from tables/organizations.tsv."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from ahocorasick_rs import AhoCorasick, MatchKind

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Head:
    """One ending found in a text, with the kinds of names that it can end."""

    start: int
    end: int
    text: str
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class NameWords:
    stops: frozenset[str]
    plain: frozenset[str]
    plain_only: re.Pattern[str]
    local: frozenset[str]


class Heads:
    """All endings, found in one pass."""

    def __init__(self, kinds: dict[str, set[str]], units: frozenset[str]) -> None:
        self.units = units
        self._kinds = {name: frozenset(of) for name, of in kinds.items()}
        self._names = sorted(kinds)
        self._finder = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> list[Head]:
        names, kinds = self._names, self._kinds
        return [Head(start, end, names[i], kinds[names[i]]) for i, start, end in self._finder.find_matches_as_indexes(text)]

    def names(self, *kinds: str) -> list[str]:
        """All names of these kinds."""
        return [name for name in self._names if self._kinds[name] & set(kinds)]

    def unit_end(self, text: str, end: int) -> int:
        """Where an office named right after a body ends (民政部|社会救助司), the same offset when there is none."""
        for length in range(14, 2, -1):
            if text[end : end + length] in self.units and end + length <= len(text):
                return end + length
        return end


@cache
def heads() -> Heads:
    kinds: dict[str, set[str]] = {}
    units: set[str] = set()
    for line in (TABLES / "organizations.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        kind, endings, stems = line.split("\t")
        for stem in stems.split():
            for ending in endings.split():
                name = stem + ending.replace("-", "")
                if kind == "unit":
                    units.add(name)
                else:
                    kinds.setdefault(name, set()).add(kind)
    return Heads(kinds, frozenset(units))


@cache
def name_words() -> NameWords:
    data = yaml.safe_load((TABLES / "organization_words.yaml").read_text(encoding="utf-8"))
    plain = sorted(data["plain"].split(), key=len, reverse=True)
    return NameWords(
        stops=frozenset(data["stops"].split()),
        plain=frozenset(plain),
        plain_only=re.compile("(?:" + "|".join(map(re.escape, plain)) + ")+"),
        local=frozenset(data["local"].split()),
    )
