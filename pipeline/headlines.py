"""Signs around a headline: what closes the item before it, what follows it, what form it has itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.lines import (
    HAN,
    MEDIA_CREDIT,
    ends_sentence,
    ends_stop,
    is_credit,
    is_date,
    is_imprint,
    is_label,
    is_listed,
    is_meta,
    is_number,
    is_organization,
    is_row,
    is_separator,
)
from pipeline.metadata import is_byline, is_title, strip_mark

_CLOSING = re.compile(
    r"""[。！？!?…”][ \u3000]*[（(](?:
          (?:据(?!了解|悉|介绍|此|实)|来源|稿源|摘自|转自|转载|选自|原载)[^（()）]{2,40}(?:[（(][^（()）]*[)）])?
        | [^（()）]{2,30}(?:供稿|来稿|答复|报送|推荐|提供)
        )[)）]$""",
    re.VERBOSE,
)
_BARE = re.compile(r"(?:^|[。！？!?…”])[ \u3000]*[（(]([^（()）\d]{4,30}?)(?:[ \u00a0\u3000]*\d{4}年\d{1,2}月\d{1,2}日)?[)）]$")
_CONTRIBUTED = re.compile(rf"[{HAN}]{{3,30}}(?:供稿|来稿|投稿)")
_LABELLED = re.compile(r"(?:来[ \u3000]*源|稿源|供稿|供稿单位|信息来源)[ \u3000]*[：:][^。]{2,30}$")
_DATELINE = re.compile(
    rf"""(?:本报|本刊|本网|本社|[{HAN}]{{2,8}})?讯(?=[（(：:，,、 \u3000]|记者|\d|近日|日前|为|在|{HAN})
       | .{{2,16}}\d{{1,2}}月\d{{1,2}}日(?:电|讯)""",
    re.VERBOSE,
)
_NAMED = re.compile(rf"([{HAN}·]{{2,12}})[ \u3000]*[：:][ \u3000]*[^\s。；;]{{4,}}")
_ORNAMENTS = tuple("●◆■▪•★☆◎○▲△▽▼►◇□※❖✦")
_ORDINAL = re.compile(r"(?:NO\.?|No\.?|PART|Part|第)?[ .]?\d{1,2}[.、]?|[一二三四五六七八九十]{1,3}[、.]?|\d{1,2}月\d{1,2}日")
_PLACED = re.compile(rf"[【〔\[]([{HAN}]{{2,10}})[】〕\]]|[●◆■▪•★☆◎○▲△▽▼►◇□※❖✦][ \u3000]*([{HAN}]{{2,10}})[：:]")
_RUBRIC = re.compile(r"动态|简讯|要闻|快讯|短讯|集锦|荟萃|摘编|摘要|速递|速览|播报|简报|传真|掠影|一周|信息|之窗|日志|大事记")
_NO_NAME = re.compile(
    r"[问答注]|附.{0,3}|.*(?:时间|地点|电话|来源|记者|编辑|作者|联系人|地址|单位|名称|编者按|摘要|关键词|对象|方式|条件|标准|程序|依据|范围|内容|举措|做法|经验)"
)
_OFFICIAL = re.compile(r"(?:通知|公告|通告|通报|意见|决定|批复|函|公报|公示|命令|请示|报告)(?:[（(].{1,12}[）)])?$")
_LEAD = re.compile(
    r"近日|日前|近期|近年来|今[年天日]|昨[天日]|去年|截至|记者从|为[了进加深切落推贯全]|按照|根据|“十[一二三四五六]五”|[据自从]|\d{1,2}月\d{1,2}日|\d{4}年|问[：:一]"
)
_ANNEX = re.compile(r"附件|附[：:录]")
_BODY = 20  # a body's line has at least this many characters


def closes_item(text: str) -> bool:
    """Whether the line is or ends with the credit that closes an item."""
    if is_credit(text) or _CLOSING.search(text[-80:]) or MEDIA_CREDIT.search(text[-60:]):
        return True
    bare = _BARE.search(text[-60:])
    if bare and is_organization(re.split(r"[ \u00a0\u3000]+", bare.group(1).strip())[0]):
        return True  # （泸县民政局　王某）
    return bool(_LABELLED.fullmatch(text)) or bool(_CONTRIBUTED.fullmatch(text) and is_organization(text[:-2]))


def ends_item(text: str) -> bool:
    """Whether an item can end with the line."""
    return ends_sentence(text) or closes_item(text) or is_date(text) or is_meta(text) or is_separator(text) or is_label(text)


def is_furniture(text: str) -> bool:
    """Whether the line can stand between two items."""
    return len(text) < 4 or is_ordinal(text) or any(kind(text) for kind in (is_meta, is_separator, is_label, is_date, is_imprint))


def opens_unnamed(text: str) -> bool:
    """Whether the line opens an item without a headline: with a dateline, or as a paragraph with a credit of its own."""
    bare = strip_mark(text) if text[:1] in _ORNAMENTS else text
    return bool(_DATELINE.match(bare)) or (len(bare) >= 2 * _BODY and closes_item(bare) and not is_listed(bare))


def has_body(texts: Sequence[str], at: int) -> bool:
    """Whether prose or a table follows the headline within a few lines, and no signature's date right after it."""
    after = texts[at + 1 : at + 6]
    if after and is_date(after[0]) and is_organization(texts[at]):
        return False
    prose = any(len(text) >= _BODY and (ends_stop(text) or closes_item(text)) for text in after[:4])
    return prose or sum(map(is_row, after)) > 1


def is_ordinal(text: str) -> bool:
    """Whether the line is nothing but the number of an item or the day of a diary's entry: 01, PART 2, 三, 7月1日"""
    return len(text) <= 8 and bool(_ORDINAL.fullmatch(text))


def opens_with_place(text: str) -> str | None:
    """What stands as a place's name before the text of a one-paragraph item: 【泸县】近日… ●泸县：近日…"""
    match = _PLACED.match(text)
    return match.group(1) or match.group(2) if match and len(text) >= _BODY and ends_stop(text) else None


def opens_with_ornament(text: str) -> bool:
    """Whether the line is a one-paragraph item behind an ornament: △近日…"""
    return text[:1] in _ORNAMENTS and len(text) >= _BODY and ends_stop(text)


def is_rubric(text: str) -> bool:
    """Whether the line is the name of a column of short news: 县区动态, 民政要闻"""
    return len(text) <= 16 and bool(_RUBRIC.search(text))


def is_named(texts: Sequence[str], at: int) -> bool:
    """Whether a headline has the form 地名：… and is no line of a list."""
    match = _NAMED.match(strip_mark(texts[at]))
    if match is None or not is_title(texts[at]) or _NO_NAME.fullmatch(match.group(1)):
        return False
    before = texts[at - 1] if at else ""
    return not (before.endswith(("：", ":", "；", ";")) or _NAMED.match(before))


def is_datelined(texts: Sequence[str], at: int) -> bool:
    """Whether the headline is followed by a dateline, with a subtitle or source line between at most."""
    return is_title(texts[at]) and any(_DATELINE.match(text) for text in texts[at + 1 : at + 3])


def is_bylined(texts: Sequence[str], at: int) -> bool:
    """Whether the headline is followed by the line of its reporters."""
    return is_title(texts[at]) and at + 1 < len(texts) and is_byline(texts[at + 1])


def is_sourced(texts: Sequence[str], at: int) -> bool:
    """Whether the headline is followed by its source or publication line."""
    return (
        is_title(texts[at])
        and at + 1 < len(texts)
        and is_meta(texts[at + 1])
        and bool(re.search("来源|发布|日期|时间|供稿", texts[at + 1]))
    )


def is_official(texts: Sequence[str], at: int) -> bool:
    """Whether a notice's headline stands with its number or addressees after it, and with no annex mark before it."""
    if not (is_title(texts[at]) and _OFFICIAL.search(texts[at]) and at + 1 < len(texts)):
        return False
    follows = any(is_number(text) or text.endswith(("：", ":")) for text in texts[at + 1 : at + 3])
    return follows and not any(_ANNEX.match(text) for text in texts[max(0, at - 3) : at])


def is_signed_off(texts: Sequence[str], at: int) -> bool:
    """Whether a signature with its date stands right before the headline."""
    return at > 1 and is_date(texts[at - 1]) and any(is_organization(part) for part in texts[at - 2].split())


def leads(texts: Sequence[str], at: int) -> bool:
    """Whether the line after the headline opens as the first of a news item does: 近日 今年以来 记者从… 为进一步…"""
    return at + 1 < len(texts) and bool(_LEAD.match(texts[at + 1])) and not is_listed(texts[at])
