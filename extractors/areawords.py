"""Words that stand for an area without naming it: 全省, 我市, 该县, 本区, 镇里, 全国."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from extractors.regions import Region, table

Named = tuple[int, str, str | None]
"""End, name and code of a place that the text names."""
Found = tuple[int, int, str, str | None]
_MEMORY = 100

_WORD = re.compile(
    r"""(?:(?<![健安齐完周保成])全|(?<![基根资成原样文版])本|(?<![自唯忘])我|该)(?P<level>[省市县区州盟旗镇乡]|自治区|街道)(?![域块场间])
      | (?<![城都乡集])(?P<inside>[省市县镇])里(?!程)
      | (?P<nation>(?<![健安])全国|我国)""",
    re.VERBOSE,
)


def find_words(text: str, home: Region | None, named: Sequence[Named]) -> Iterator[Found]:
    """Area words with the name and code they stand for; both levels and earlier names decide."""
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match["nation"]:
            yield start, end, "全国", None
            continue
        level = match["level"] or match["inside"]
        name, code = stands_for(level, match[0][0] == "该", home, latest(named, start))
        yield start, end, name or match[0], code


def latest(named: Sequence[Named], offset: int) -> Sequence[Named]:
    """The last of the named places that end before an offset; no one points back over more."""
    end = bisect_right(named, offset, key=lambda place: place[0])
    return named[max(0, end - _MEMORY) : end]


def stands_for(level: str, pointing: bool, home: Region | None, before: Sequence[Named]) -> tuple[str | None, str | None]:
    """The bulletin's own area of that kind; 该市 goes back to the nearest named city before it goes to a wider one."""
    if level in "镇乡街道":
        return _township(level, home, before)
    own = _own(level, home)
    if pointing and own and home is not None and own[0] != home.name:
        return _back(level, before) or own
    return own or _back(level, before) or (None, None)


def _township(level: str, home: Region | None, before: Sequence[Named]) -> tuple[str | None, str | None]:
    for _, name, code in reversed(before):
        if name.endswith(level) and code and not code.endswith("00"):
            return name, code
    return None, home.adcode if home and home.level == "county" else None


def _own(level: str, home: Region | None) -> tuple[str, str | None] | None:
    """The bulletin's area or the lowest one above it that is of this kind: 全区 of a city in 广西 is the autonomous region."""
    if home is None:
        return None
    if home.adcode is None:
        return (home.name, None) if home.name.endswith(level) else None
    for entry in table().line(home.adcode):
        if _is_a(level, entry.region.name):
            return entry.region.name, entry.adcode
    return None


def _back(level: str, before: Sequence[Named]) -> tuple[str, str | None] | None:
    for _, name, code in reversed(before):
        if _is_a(level, name) and (code is not None or name.endswith(level)):
            return name, code
    return None


def _is_a(level: str, name: str) -> bool:
    if level == "区" and name.endswith("地区"):
        return False
    return name.endswith(level)
