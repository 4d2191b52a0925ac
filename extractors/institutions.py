"""Bodies with names of their own: 北斗星社会工作服务中心, 某某基金会, 新安江街道社会工作站, 绵阳日报."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.areas import leads_body
from extractors.heads import Head, name_words
from extractors.mentions import Mention
from extractors.placewords import word_ends
from extractors.regions import Region
from extractors.townships import first_town, town_start

_LONGEST = 24
_COMMUNITY = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:社区|村)")
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z·]+")
_GOES_ON = re.compile(r"[生化卡员们性式制型级]|[（(](?:室|点|站)")
_BRACKETED = re.compile(r"《(?P<name>[^《》\n]{2,14})》")
_PAPER = re.compile(r"(?:[^年简快通公月周季情海申填上报汇]报|时报|周刊|杂志|新闻网|电视台|发布)$")
_CREDIT = re.compile(
    r"(?:来源|转载自|原载|摘自)[:：]\s*(?P<name>[\u4e00-\u9fff]{2,10}?(?:报|网|新闻|电视台|发布|融媒|在线|客户端))(?=[\s)）｜|]|$)"
)
_SOURCE = re.compile(r"(?:来源|据|转自|转载自|摘自|原载|供稿单位|供稿)[:：]?\s*[《“]?$")
_DOING = ("建设", "发展", "促进", "推动", "服务", "管理", "孵化", "培训", "评估", "认定", "保护", "救助", "指导", "开发", "合作", "保障")
_LEVELS = (
    "县级",
    "旗县级",
    "旗县",
    "苏木乡镇",
    "市级",
    "省级",
    "区级",
    "州级",
    "盟级",
    "乡级",
    "镇级",
    "村级",
    "县乡",
    "区县",
    "市县",
    "省市",
    "各",
    "直辖市",
)
_BUILT = ("建成", "新建", "打造", "共建")  # 建成|区级养老服务中心: to a general dictionary 建成区 is a word
_WIDE = ("中国", "中华", "全国", "国家", "国际", "世界", "亚洲")


def find_institution(text: str, head: Head, floor: int, mentions: Sequence[Mention], home: Region | None) -> tuple[int, int] | None:
    """The whole name that ends with this head, None when the head only names a kind (5家养老服务中心)."""
    if _GOES_ON.match(text, head.end):
        return None
    low = max(floor, head.start - _LONGEST)
    run = _run(text, low, head.start)
    if "station" in head.kinds:
        start = _station_start(text, run, head)
        if start is not None:
            return start, head.end
    for mention in mentions:
        if run <= mention.start and mention.end <= head.start and _leads(text, mention, head, home):
            town = first_town(text, mention.end, head.start)
            return mention.end if town and town[0] == mention.end else mention.formal_start, head.end  # 建昌县|药王庙镇敬老院
    if "station" in head.kinds:
        return None
    start = _level_start(text, run, head)
    if start is None:
        if "office" in head.kinds:
            return None
        start = _own_start(text, run, head.start)
        start += 2 * text.startswith(_BUILT, start)
        own = text[start : head.start]
        if not _is_own(own) or own.startswith(_LEVELS) or ("facility" in head.kinds and any(word in own for word in name_words().local)):
            return None
    return start, head.end


def _run(text: str, low: int, end: int) -> int:
    """Where the unbroken stretch of letters before an offset begins."""
    runs = [m.start() for m in _NAME.finditer(text, low, end) if m.end() == end]
    return runs[0] if runs else end


def _station_start(text: str, low: int, head: Head) -> int | None:
    """新安江街道|社会工作站, 梅城镇总府社区|社会工作室: a station's name starts at the street or the township."""
    town = first_town(text, low, head.start)
    if town is None:
        return town_start(text, head.start)
    gap = text[town[1] : head.start]
    return town[0] if len(gap) < 12 and _fills(_COMMUNITY.sub("", gap), head) else None


def _leads(text: str, mention: Mention, head: Head, home: Region | None) -> bool:
    """Whether the area begins the body's name: all words between it and the ending can be part of a name."""
    if not leads_body(text, mention, home):
        return False
    gap = text[mention.end : head.start]
    if "station" in head.kinds and not _is_own(gap):
        return False
    return _fills(gap, head)


def _fills(gap: str, head: Head) -> bool:
    """Whether what stands between an area and the ending can be the middle of a name: 青少年发展|基金会, not 推进|基金会."""
    if head.kinds & {"facility", "station"} and ("建设" in gap or any(word in gap for word in name_words().local)):
        return False
    if gap.startswith(("和", "与", "及", "、")) or ("office" not in head.kinds and gap.startswith(_DOING)):
        return False
    rest = name_words().plain_only.sub("|", gap)
    return all(word in "|和与" or _fits(word, kind) for word, kind in _words(rest))


def _level_start(text: str, low: int, head: Head) -> int | None:
    """市|养老服务工作|领导小组: where a word for the level begins the name."""
    cuts = word_ends(text)
    for at in range(low, head.start - 1):
        if text[at] in "省市县区州盟旗" and at in cuts and at + 1 in cuts and _fills(text[at + 1 : head.start], head):
            return at
    return None


def _own_start(text: str, low: int, end: int) -> int:
    """Read words leftwards until one that no name holds."""
    start = end
    for word, kind in reversed(_words(text[low:end])):
        if not _fits(word, kind):
            break
        start -= len(word)
    return start


def _words(text: str) -> list[tuple[str, str]]:
    import rjieba

    tagged: list[tuple[str, str]] = rjieba.tag(text, hmm=False)
    return tagged


def _fits(word: str, kind: str) -> bool:
    """Whether a word can be part of a body's name. Single characters can, unless listed: names are split into them."""
    if word in name_words().stops:
        return False
    if len(word) == 1 or word in name_words().plain:
        return True
    return kind[0] not in "pcurtd" and kind not in ("v", "vd", "vg") and (kind[0] != "m" or word.startswith("第"))


def _is_own(name: str) -> bool:
    """Whether the part before the head is a name and not only words for a kind."""
    return len(name) > 1 and name_words().plain_only.fullmatch(name) is None and (name.startswith(_WIDE) or len(name) < 16)


def find_medium(text: str, head: Head, floor: int, mentions: Sequence[Mention]) -> tuple[int, int] | None:
    """绵阳|日报: an area's name and a newspaper's or station's ending."""
    for mention in mentions:
        if max(floor, head.start - 12) <= mention.start and mention.end <= head.start <= mention.end + 2:
            weak = head.text in ("发布", "融媒", "客户端") and not is_source(text, mention.start)
            return None if weak else (mention.start, head.end)
    return None


def find_bracketed(text: str, known: frozenset[str]) -> list[tuple[int, int]]:
    """Newspapers in 《》, without the brackets."""
    return [m.span("name") for m in _BRACKETED.finditer(text) if m["name"] in known or _PAPER.search(m["name"])]


def find_sources(text: str) -> list[tuple[int, int]]:
    """Media that a credit line names: 来源：天山网."""
    return [m.span("name") for m in _CREDIT.finditer(text)]


def is_source(text: str, start: int) -> bool:
    """Whether a name stands where a source is named (来源：…)."""
    return _SOURCE.search(text[max(0, start - 8) : start]) is not None
