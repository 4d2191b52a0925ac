"""Places below the county: townships, streets, communities and villages, as the tail of a chain or on their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.lexicon import lexicon
from extractors.placewords import opens, word_ends
from extractors.regions import UNDIVIDED, Region, is_within, stem, table, township_index
from extractors.spans import Cover

Found = tuple[int, int, str, str | None]
"""Start, end, name and the county's code."""

_TOWN = re.compile(r"(?:街道(?!办)|镇(?!级|江|定|静|海|域|区(?!域)|村|政府|痛)|(?<!家)乡(?!村|镇|亲|土|愁|贤|邻|情|音|风|级|域)|苏木)")
_NEW_TOWN = re.compile(
    r"""(?P<name>(?:(?![各全本该每个的和与及或等有为是在中市县区乡村城集特色名所辖内首\d])[\u4e00-\u9fff]){1,3})
    (?:街道|镇|乡|苏木)""",
    re.VERBOSE,
)
_VILLAGE = re.compile(
    r"(?P<name>(?:(?![各全本该每个的和与及或等有为是在向将了])[\u4e00-\u9fff]){1,6}?)(?:社区|村)(?![委级民务干庄区居镇组规史志容支两社工里级])"
)
_WHEN = re.compile(r"^(?:[今去前明本]年|全年|年内|[上下]半年|目前|现已|累计)+(?=[\u4e00-\u9fff]{2})")
_TO_TOWN = re.compile(r"(?:设立|新设|走进|位于|来自|[在到赴从于由与和及对是让])$")
_KIND_OF_TOWN = re.compile(
    r"小$|心$|建制|重点|边境|特色|经济|卫生|示范|试点|强$|贫困|邻|附近|山区|民族|[乡街村集城老新古]$|各|等|^[一二三四五六七八九十百两]+$|先进|文明|最美|名$"
)
_COMMON = re.compile(
    r"^(?:.*(?:农|乡|城市|城乡|农村|行政|自然|试点|示范|智慧|老旧|完整|国际|文明|特色|重点|贫困|先进|美丽|小区|和谐|易地|安置|搬迁|边境|民族|幸福|中心|下辖|所辖|辖区|多个|不同|基层|街道|镇)|新型|首批|百强|优秀|先锋|相关|部分|我|其他|其它|另)$"
)


def find_tail(text: str, position: int, adcode: str | None, cover: Cover) -> Found | None:
    """The township, and the community in it, that goes on a chain at this position: 嘉善县|西塘镇荷池社区."""
    end, name = position, ""
    town = _known_town(text, position, adcode) or _new_town(text, position)
    if town and not cover.touches(position, town):
        end, name = town, text[position:town]
    village = _VILLAGE.match(text, end) if name or (adcode and not adcode.endswith("00")) else None
    if village and not _COMMON.match(village["name"]) and not _is_act(text, village) and not cover.touches(end, village.end()):
        end, name = village.end(), text[end : village.end()]
    return (position, end, name, _county_of(name, adcode)) if name else None


def _is_act(text: str, village: re.Match[str]) -> bool:
    """Whether the community only begins a noun that a verb before it has: 顺德区|今年新建社区食堂, but not 新建社区的居民."""
    act = _WHEN.sub("", village["name"])
    goes_on = village.end() < len(text) and "\u4e00" <= text[village.end()] <= "\u9fff" and text[village.end()] not in "的和与及在是把等"
    return not act or (goes_on and act in lexicon().light) or act != village["name"]


def _county_of(name: str, adcode: str | None) -> str | None:
    """The county's code of a township that follows a chain down to `adcode`; the chain's own code if that is a county."""
    if adcode is None or not adcode.endswith("00"):
        return adcode
    inside = [code for code in township_index().get(name, ()) if is_within(code, adcode)]
    return inside[0] if len(inside) == 1 else adcode


def _known_town(text: str, position: int, adcode: str | None) -> int | None:
    """Where the longest township of the table that begins here ends."""
    index = township_index()
    for length in range(12, 1, -1):
        codes = index.get(text[position : position + length])
        if codes and (adcode is None or any(is_within(code, adcode) for code in codes)):
            return position + length
    return None


def _new_town(text: str, position: int) -> int | None:
    """The same for a township that the table does not have, by its form."""
    match = _NEW_TOWN.match(text, position)
    if match is None or not _TOWN.match(text, match.end("name")) or text[match.end() : match.end() + 1] in ("（", "("):
        return None
    return match.end() if _is_noun(match["name"]) else None


def _is_noun(name: str) -> bool:
    """No verb, adverb or preposition of the dictionary in it: 推进|街道 is no street's name."""
    import rjieba

    return all(len(word) == 1 or kind[0] not in "vdpacmr" for word, kind in rjieba.tag(name, hmm=False))


def find_townships(text: str, home: Region | None, seen: Sequence[str], cover: Cover) -> Iterator[Found]:
    """Townships that stand alone and lie in the bulletin's area or another one that it names, with their community."""
    for match in _TOWN.finditer(text):
        found = _listed(text, match.end(), home, seen, cover) or _unlisted(text, match.end(), home, cover)
        if found:
            yield _with_village(text, *found, match.end(), cover)


def _listed(text: str, end: int, home: Region | None, seen: Sequence[str], cover: Cover) -> tuple[int, str] | None:
    """The start of a township of the table that ends here, and its county's code."""
    index = township_index()
    for length in range(min(12, end), 1, -1):
        start = end - length
        codes = index.get(text[start:end])
        if codes and not cover.touches(start, end) and text[start - 1 : start] != "每":
            code = _pick(codes, home, seen)
            if code and (length > 2 or opens(text, start) or start in word_ends(text)):
                return start, code
    return None


def _unlisted(text: str, end: int, home: Region | None, cover: Cover) -> tuple[int, str] | None:
    """The same for a new township that the table does not have: in a county's bulletin, after a word that leads to a place."""
    if home is None or home.adcode is None or cover.touches(end - 1, end):
        return None
    if home.level != "county" and home.adcode not in UNDIVIDED:
        return None
    for length in (3, 4, 5):
        start = end - length
        match = _NEW_TOWN.fullmatch(text, start, end) if start >= 0 else None
        if match and (opens(text, start) or _TO_TOWN.search(text, max(0, start - 2), start)) and not cover.touches(start, end):
            if _KIND_OF_TOWN.search(match["name"]) or len(match["name"]) < 2 or not _is_noun(match["name"]):
                return None
            return start, home.adcode
    return None


def _with_village(text: str, start: int, code: str, end: int, cover: Cover) -> Found:
    village = _VILLAGE.match(text, end)
    if village and not _COMMON.match(village["name"]) and not _is_act(text, village) and not cover.touches(end, village.end()):
        return start, village.end(), text[end : village.end()], code
    return start, end, text[start:end], code


def _pick(codes: Sequence[str], home: Region | None, seen: Sequence[str]) -> str | None:
    """The county of that township: in the bulletin's area, else in its prefecture, else in an area that the text names."""
    outers = [entry.adcode for entry in table().line(home.adcode)] if home is not None and home.adcode else []
    for outer in [*outers[:2], *seen]:
        inside = [code for code in codes if is_within(code, outer)]
        if len(inside) == 1:
            return inside[0]
        if len(inside) > 1 and stem(outer) == outer:
            return None
    return None


def first_town(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the first township's name between two offsets starts and ends."""
    for match in _TOWN.finditer(text, start, end):
        at = town_start(text, match.end())
        if at is not None and at >= start:
            return at, match.end()
    return None


def town_start(text: str, end: int) -> int | None:
    """Where a township's name that ends here starts (…|西塘镇), None when none does."""
    if not text[max(0, end - 2) : end].endswith(("镇", "乡", "街道", "苏木")):
        return None
    index = township_index()
    for length in range(12, 2, -1):
        if end - length >= 0 and text[end - length : end] in index:
            return end - length
    for length in range(6, 2, -1):
        start = end - length
        match = _NEW_TOWN.fullmatch(text, start, end) if start >= 0 and opens(text, start) else None
        if match and match["name"][-1] not in "街乡村集城" and _is_noun(match["name"]):
            return start
    return None
