"""Bodies with names of their own: 北斗星社会工作服务中心, 某某基金会, 新安江街道社会工作站, 绵阳日报."""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.heads import Head, name_words
from extractors.mentions import Mention, word_ends, words
from extractors.townships import town_start

_LONGEST = 22
_STATION = re.compile(
    r"(?:社会工作(?:服务)?(?:总)?站|社会工作室|社工(?:服务)?(?:总)?站|社工室|社工服务点|未成年人保护工作站|未保站|志愿服务站|退役军人服务站|幸福院|儿童之家|(?:党群|便民|综合|社区|社会工作|社工)服务中心|居委会|居民委员会|村委会|村民委员会)$"
)
_GOES_ON = re.compile(r"[生化卡派员们性式制]|[（(](?:室|点|站)")
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z·]+")
_BRACKETED = re.compile(r"《(?P<name>[^《》\n]{2,14})》")
_PAPER = re.compile(r"(?:[^年简快通公月周季情海申填上报]报|时报|周刊|杂志|新闻网|电视台|发布)$")
_SOURCE = re.compile(r"(?:来源|据|转自|转载自|摘自|原载|供稿单位|供稿)[:：]?\s*[《“]?$")
_WIDE = ("中国", "中华", "全国", "国家", "国际", "世界", "亚洲")


@lru_cache(maxsize=8)
def _cuts(text: str) -> list[int]:
    return sorted(word_ends(text))


def find_station(text: str, head: Head, mentions: dict[int, Mention]) -> tuple[int, int] | None:
    """新安江街道|社会工作站, 梅城镇总府社区|社会工作室: starts at the street, township or community."""
    del mentions
    end = head.start
    community = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:社区|村)$")
    start = town_start(text, end)
    if start is not None:
        return start, head.end
    for length in range(2, 9):
        if end - length >= 0 and community.fullmatch(text, end - length, end):
            town = town_start(text, end - length)
            if town is not None:
                return town, head.end
    return None


def find_institution(text: str, head: Head, floor: int, mentions: dict[int, Mention]) -> tuple[int, int] | None:
    """The whole name that ends with this head, None when the head only names a kind (5家养老服务中心)."""
    if _GOES_ON.match(text, head.end):
        return None
    station = _STATION.search(head.text) is not None
    if station:
        found = find_station(text, head, mentions)
        if found:
            return found
    start = _leftmost(text, head.start, floor)
    start, led = _from_area(text, start, head.start, mentions)
    own = text[start : head.start]
    if led is not None:
        own = text[led : head.start]
        if station:
            return (start, head.end) if _distinct(own) else None
        return start, head.end
    return (start, head.end) if not station and _distinct(own) else None


def _leftmost(text: str, end: int, floor: int) -> int:
    """Read words leftwards until one that no name holds."""
    import rjieba

    low = max(floor, end - _LONGEST)
    run = [m for m in _NAME.finditer(text, low, end) if m.end() == end]
    if not run:
        return end
    start, floor = end, run[0].start()
    for word, kind in reversed(rjieba.tag(text[floor:end])):
        if word in name_words().stops or kind[0] in "pcurmtd" or kind in ("v", "vd", "vg") or (kind == "f" and len(word) == 1):
            break
        start -= len(word)
    return start


def _from_area(text: str, start: int, end: int, mentions: dict[int, Mention]) -> tuple[int, int | None]:
    """Move the start to the first area named in the name; returns where that area's name ends, None when there is none."""
    if text.startswith(_WIDE, start):
        return start, None
    for at in range(start, end):
        mention = mentions.get(at)
        if mention and mention.end <= end and (mention.full or mention.chained or mention.surface not in words().risky):
            return at, mention.end
    return start, None


def _distinct(name: str) -> bool:
    """Whether the part before the head is a name and not only words for a kind."""
    return len(name) > 1 and name_words().plain_only.fullmatch(name) is None


def find_medium(text: str, head: Head, floor: int, mentions: dict[int, Mention]) -> tuple[int, int] | None:
    """绵阳|日报: an area's name and a newspaper's or station's ending."""
    for at in range(head.start - 1, max(floor, head.start - 12) - 1, -1):
        mention = mentions.get(at)
        if mention and mention.end <= head.start and head.start - mention.end <= 2:
            if head.text in ("发布", "融媒", "客户端") and not _SOURCE.search(text[max(0, at - 8) : at]):
                return None
            return at, head.end
    return None


def find_bracketed(text: str, known: frozenset[str]) -> list[tuple[int, int]]:
    """Newspapers in 《》, without the brackets."""
    return [m.span("name") for m in _BRACKETED.finditer(text) if m["name"] in known or _PAPER.search(m["name"])]


def is_source(text: str, start: int) -> bool:
    """Whether a name stands where a source is named (来源：…)."""
    return _SOURCE.search(text[max(0, start - 8) : start]) is not None
