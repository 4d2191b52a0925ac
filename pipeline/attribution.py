"""The named origin of a bulletin: (据云南省民政厅) → 云南省民政厅. What the text does not say is None."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.lines import BLANK, HAN, MEDIA_CREDIT, ends_sentence, ends_stop, is_credit, is_date, is_meta, is_organization, is_separator
from pipeline.metadata import find_issuer_line, signature

_SOURCE_LABEL = "信息来源|文章来源|稿件来源|新闻来源|内容来源|本文来源|资料来源|来[ \u00a0\u3000]*源|稿源|出处|供稿单位|供稿"
_LABELLED = re.compile(rf"(?<![{HAN}])(?:{_SOURCE_LABEL})[】\]]?[{BLANK}]*[：:][{BLANK}]*([^{BLANK}|｜]+)")
_CREDIT = re.compile(
    rf"""[（(【\[][{BLANK}]*(?:(?:据|综合|摘自|选自|转自|转载自?|原载|{_SOURCE_LABEL})[{BLANK}]*[：:]?|(?=[^（()）]{{2,40}}(?:供稿|来稿|投稿|提供)[{BLANK}]*[)）]))
         [{BLANK}]*(?P<name>[^（()）【】]+(?:[（(][^（()）]*[)）][^（()）]*)?)[{BLANK}]*[)）】\]][。]?$""",
    re.VERBOSE,
)
_CONTRIBUTED = re.compile(rf"(?P<name>[{HAN}]{{3,30}})(?:供稿|来稿|投稿)")
_NAMED = re.compile(rf"(?:^|(?<=[。！？!?”…]))[{BLANK}]*[（(][{BLANK}]*(?P<name>[^（()）]{{4,30}}?)[{BLANK}]*[)）]$")
_REPORTED = re.compile(
    rf"(?:据|根据)(?P<name>[《“]?[{HAN}]{{3,20}}?[》”]?)(?:\d{{0,2}}月?\d{{0,2}}日)?(?:统计|消息|通报|介绍|报道|透露|披露|公布|发布|网站|数据)[^。]{{0,12}}?[，,]"
)
_AGENCY = re.compile(
    rf"(?P<name>新华社|新华网|中新社|中新网|人民网|央视网|中国新闻网|[{HAN}]{{2,8}}(?:日报|晚报|时报|快报|社会报|民政报|广播网))[{HAN}]{{0,10}}(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日(?:电|讯)"
)
_TAIL = re.compile(r"[，,]?(?:网站消息|报道|消息|供稿|来稿|投稿|提供|讯|电)$")
_PERSON = re.compile(
    rf"[{BLANK}]+(?=(?:记者|通讯员|作者|文|图|摄影|编辑|整理|撰稿)|[{HAN}]{{2,4}}$|\d{{4}})|[，,；;|｜]|(?:本报)?(?:记者|通讯员)"
)
_UNNAMED = re.compile(
    r"此件.*|以上.*|本[站网报刊社局厅部]|原创|网络|互联网|未知|不详|无|其他|转载|综合|整理|网友|[-—/]+|此|实|悉|了解|介绍|统计|初步统计|测算|报道|查"
)
_NOTE = re.compile(r"(?<=.)[【\[]")  # 来源：民政局【字体：大 中 小】
_SUMMED = re.compile(r"[。，,；;]")

_HEAD = 8


def find_attribution(lines: Sequence[str]) -> str | None:
    """The named origin: a credit that closes the text, a source line at its head or foot, the body that an opening 据…统计 names."""
    foot = [line for line in lines[-5:] if line]
    for line in reversed(lines):
        if is_credit(line) and (name := _credit(line)):
            return name
    for line in reversed(foot):
        if name := _credit(line) or _bare_name(line):
            return name
        if not (is_meta(line) or is_separator(line) or is_date(line) or len(line) < 20):
            break
    if name := find_labelled_origin([*lines[:_HEAD], *foot]):
        return name
    if name := find_issuer_line(lines):
        return name
    if signature(lines):
        return None
    body = next((line for line in lines[:_HEAD] if ends_stop(line) and not is_meta(line)), "")
    if (match := _REPORTED.match(body)) and is_organization(match.group("name")):
        return match.group("name")
    match = _AGENCY.match(body)
    return match.group("name") if match else None


def find_labelled_origin(lines: Sequence[str]) -> str | None:
    """The origin that a line labels: 来源：固原市民政局"""
    for line in lines:
        if (match := _LABELLED.search(line)) and not ends_sentence(line) and (name := clean_origin(match.group(1))):
            return name
    return None


def _credit(line: str) -> str | None:
    match = _CREDIT.search(line[-80:]) or MEDIA_CREDIT.search(line[-60:]) or _CONTRIBUTED.fullmatch(line)
    return clean_origin(match.group("name")) if match else None


def _bare_name(line: str) -> str | None:
    """A body's name alone in brackets at the end."""
    match = _NAMED.search(line[-60:]) or (re.fullmatch(r"[（(](?P<name>[^（()）]{4,30})[)）]", line))
    if match is None:
        return None
    name = clean_origin(match.group("name"))
    return name if name and is_organization(name) and not any(ch.isdigit() for ch in name) else None


def clean_origin(value: str) -> str | None:
    """The origin's name without persons, dates and the words around it; None when it names nobody."""
    name = _NOTE.split(value.strip())[0]
    name = _PERSON.split(_TAIL.sub("", name.strip()).strip())[0].strip()
    name = _TAIL.sub("", name).strip(" \u3000：:、")
    if not name or len(name) > 40 or _SUMMED.search(name) or _UNNAMED.fullmatch(name):
        return None
    if not is_organization(name) and "《" not in name and re.fullmatch(rf"[{HAN}]{{2,3}}", name):
        return None  # a person
    return name
