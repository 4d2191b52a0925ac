"""Programmes (“三区”计划) and mechanisms (“五社联动”): quoted names beside the word that says what they are, and known bare names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from extractors.policytables import either, words
from extractors.spans import Cover, Span

Kind = Literal["programme", "mechanism"]
PROGRAMME: Kind = "programme"
MECHANISM: Kind = "mechanism"

_QUOTES = (
    ("“", re.compile(r"“([^“”\n]{1,40})”")),
    ('"', re.compile(r'"([^"“”\n]{1,40})"')),
    ("「", re.compile(r"「([^「」\n]{1,40})」")),
    ("『", re.compile(r"『([^『』\n]{1,40})』")),
    ("‘", re.compile(r"‘([^‘’\n]{1,30})’")),
)
_JOINT_ACTION = re.compile(r"[两双三四五六七]社联动")
_FORMULA = re.compile(
    r"[\dA-Za-z０-９Ａ-Ｚａ-ｚ一二三四五六七八九十]{1,3}(?:\s?[+＋]\s?[\dA-Za-z０-９Ａ-Ｚａ-ｚ一二三四五六七八九十]{1,3})+"
)
_BARE_FORMULA = re.compile(r"(?<![\dA-Za-z+＋.])\d{1,3}(?:[+＋][\dNnXx]{1,3})+(?=[\u4e00-\u9fff]{0,6}(?:机制|模式|体系))")
_PLAN_PERIOD = re.compile(r"十[一二三四五六]五(?:规划|计划|时期)?")
_NUMBER_OF = re.compile(r"[一二两三四五六七八九十百\d]+个[\u4e00-\u9fff]{1,6}")
_MEASURED = re.compile(
    r"[一二两三四五六七八九十百千万\d.]+(?:分钟|刻钟|小时|公里|平方米|米|天|年|个?月|[周日届期轮])?(?:[\u4e00-\u9fff]?圈)?"
)
_DESCRIBES = re.compile(r"(?:[式型类级性度]|等)$")
_CALENDAR = re.compile(r"(?:(?<!节)日|节|周年|周)$")
_NOT_A_NAME = re.compile(r"[，,。；;：:！!？?《》…]|、.*、|我们(?!的)|你们|他们|大家|这[个种是样]|那[个种是样]")
_AWARDED = re.compile(r"(?:荣获|获评|获得|喜获|授予|评为|被评|入选)[^，。；]{0,6}$|获$")
_AWARD = re.compile(r"[\u4e00-\u9fff]{0,4}(?:称号|荣誉|奖(?!补|励))")
_ITEMS = re.compile(r"趣味|比赛|竞赛|游戏|体育|运动|体验|检查|收费|理疗|体检|娱乐|办理|审批|业务|事项|节目|表演")
_LIST = re.compile(r"(?:[、和与及]|以及|\s)*")
_OFFERED = re.compile(r"(?:提供|开设|设有|设置|享受|包括|包含|涵盖)[^，,。；;\n]*$")
_MEMBERS = re.compile(r"等(?:[\d一二两三四五六七八九十]+[个项大类]|多[个项]|一批|系列)?(?P<kind>[\u4e00-\u9fff]{0,12})")


@dataclass(frozen=True, slots=True)
class Initiative:
    """A named programme or mechanism. `name` has no quotes around its parts; `quoted` is what stood in quotes, if anything did."""

    start: int
    end: int
    name: str
    kind: Kind
    quoted: str | None = None


@dataclass(frozen=True, slots=True)
class _Quote:
    start: int
    end: int
    inner: str


def find_initiatives(text: str, titles: Sequence[Span] = ()) -> list[Initiative]:
    """Named programmes and mechanisms outside the titles, in text order, without overlaps."""
    barred = Cover(titles)
    quotes = [quote for quote in _quotes(text) if not barred.touches(quote.start, quote.end)]
    found = _full_names(_in_lists(text, quotes, {quote: _read(text, quote) for quote in quotes}))
    found += _again(quotes, found)
    taken = [*titles, *((i.start, i.end) for i in found)]
    found += _bare(text, found, Cover(taken))
    return _apart(_full_names(found))


def _quotes(text: str) -> list[_Quote]:
    found = [_Quote(match.start(), match.end(), match[1]) for mark, pattern in _QUOTES if mark in text for match in pattern.finditer(text)]
    return sorted(found, key=lambda quote: (quote.start, -quote.end))


@dataclass(frozen=True, slots=True)
class _Patterns:
    complete: re.Pattern[str]
    after: re.Pattern[str]
    generic: re.Pattern[str]
    inside: re.Pattern[str]
    aftermath: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    table = words()
    head = either(table.programme + table.mechanism)
    han = r"[\u4e00-\u9fff]"
    return _Patterns(
        complete=re.compile(f"(?P<stem>.+?)(?P<head>{either(table.programme)})$"),
        after=re.compile(rf"(?P<modifier>{han}{{0,12}}?)(?P<head>{head})"),
        generic=re.compile(rf"(?:{either(table.generic)})*(?:的|性)?"),
        inside=re.compile(
            rf"{either(table.inside)}|^{either(table.labels)}|[的了在是和与及等将把被让以从由向已不就都也又并且而所这那该其各每]|(?<!社会)为(?![老民])"
        ),
        aftermath=re.compile(either(table.aftermath)),
    )


def _read(text: str, quote: _Quote) -> Initiative | None:
    """What one pair of quotes names, by what stands in them and right after them."""
    inner = quote.inner.strip()
    if _AWARDED.search(text, max(0, quote.start - 8), quote.start) or _AWARD.match(text, quote.end):
        return None
    if _NOT_A_NAME.search(inner) or inner in words().slogans or _PLAN_PERIOD.fullmatch(inner):
        return None
    if (complete := _patterns().complete.fullmatch(inner)) and "、" not in inner:
        return _programme(quote, quote.end, inner) if _names_one(complete["stem"], complete["head"]) else None
    if _JOINT_ACTION.fullmatch(inner) or inner in words().mechanisms:
        return _mechanism(quote)
    after = _head_of(text[quote.end : quote.end + 20])
    if after is None:
        return _mechanism(quote) if _FORMULA.fullmatch(inner) else None
    modifier, head = after
    end = quote.end + len(modifier) + len(head)
    if head in words().mechanism:
        return _mechanism(quote) if _is_mechanism(inner, head) else None
    return _programme(quote, end, inner + text[quote.end : end]) if _is_programme(inner, modifier, head) else None


def _programme(quote: _Quote, end: int, name: str) -> Initiative:
    return Initiative(quote.start, end, name, PROGRAMME, quote.inner)


def _mechanism(quote: _Quote) -> Initiative:
    return Initiative(quote.start, quote.end, quote.inner.strip(), MECHANISM, quote.inner)


def _head_of(phrase: str) -> tuple[str, str] | None:
    """The modifiers and the head that open a phrase: 养老服务|模式; None when it says something else."""
    match = _patterns().after.match(phrase)
    if match is None or _patterns().inside.search(match["modifier"]) or _patterns().aftermath.match(phrase, match.start("head")):
        return None
    if match["head"] in words().mechanism and len(match["modifier"]) > 8:
        return None
    return match["modifier"], match["head"]


def _names_one(stem: str, head: str) -> bool:
    """Whether a stem tells a programme from others: 牵手|计划, but 专项|行动."""
    if _patterns().generic.fullmatch(stem) or _MEASURED.fullmatch(stem):
        return False
    if head == "活动":
        return len(stem) > 3 and not _CALENDAR.search(stem) and stem not in words().days
    return not _PLAN_PERIOD.match(stem)


def _is_programme(inner: str, modifier: str, head: str) -> bool:
    if "、" in inner or _DESCRIBES.search(inner) or not _names_one(inner, head):
        return inner in words().activities
    if head == "活动":
        return (
            not _CALENDAR.search(inner) and inner not in words().days and (len(inner) > 3 or inner in words().activities or bool(modifier))
        )
    return True


def _is_mechanism(inner: str, head: str) -> bool:
    if _DESCRIBES.search(inner) or _NUMBER_OF.fullmatch(inner) or _MEASURED.fullmatch(inner) or inner.endswith(("+", "＋")):
        return False
    return not (head == "标准" and re.search(r"[A-Z\d星级]", inner))


def _in_lists(text: str, quotes: Sequence[_Quote], read: dict[_Quote, Initiative | None]) -> list[Initiative]:
    """Names in a list share what its end says: “暖阳”、“护苗”项目, “暖阳”“护苗”等6个服务项目."""
    for index in range(len(quotes) - 1, -1, -1):
        quote = quotes[index]
        known = read[quote]
        if known is None and (known := _member(text, quote)):
            read[quote] = known
        if known is None:
            continue
        for earlier in reversed(quotes[:index]):
            if not _LIST.fullmatch(text, earlier.end, quote.start) or read[earlier] is not None or not _could_be(earlier.inner, known.kind):
                break
            read[earlier] = _mechanism(earlier) if known.kind == MECHANISM else _programme(earlier, earlier.end, earlier.inner.strip())
            quote = earlier
    return [initiative for initiative in read.values() if initiative is not None]


def _member(text: str, quote: _Quote) -> Initiative | None:
    """The last of a list that ends in 等…项目, 等…机制. Activities and items on offer are too often no names (“猜灯谜”等活动)."""
    match = _MEMBERS.match(text, quote.end)
    if match is None or len(quote.inner) < 4 or _OFFERED.search(text, max(0, quote.start - 60), quote.start):
        return None
    after = _head_of(match["kind"])
    if after is None or after[1] == "活动" or _ITEMS.search(after[0]):
        return None
    kind = MECHANISM if after[1] in words().mechanism else PROGRAMME
    if not _could_be(quote.inner, kind):
        return None
    return _mechanism(quote) if kind == MECHANISM else _programme(quote, quote.end, quote.inner.strip())


def _could_be(inner: str, kind: Kind) -> bool:
    if _NOT_A_NAME.search(inner) or "、" in inner or inner in words().slogans or _PLAN_PERIOD.fullmatch(inner) or len(inner) > 16:
        return False
    return _is_mechanism(inner, "机制") if kind == MECHANISM else _is_programme(inner, "", "项目")


def _again(quotes: Sequence[_Quote], found: Sequence[Initiative]) -> list[Initiative]:
    """The same quoted words elsewhere in the text, without the word that says what they are."""
    known = {i.quoted: i for i in reversed(found) if i.quoted and (i.kind == MECHANISM or len(i.quoted) > 3)}
    read = {i.start for i in found}
    return [
        Initiative(quote.start, quote.end, known[quote.inner].name, known[quote.inner].kind, quote.inner)
        for quote in quotes
        if quote.start not in read and quote.inner in known
    ]


def _bare(text: str, found: Sequence[Initiative], taken: Cover) -> list[Initiative]:
    """Names without quotes: those that are known, and those that stood in quotes before."""
    named = {i.name: i for i in found if i.quoted and len(i.name) >= (4 if i.kind == PROGRAMME else 5)}
    spans = [(m.start(), m.end(), m.group(), MECHANISM) for m in _JOINT_ACTION.finditer(text)]
    if "+" in text or "＋" in text:
        spans += [(m.start(), m.end(), m.group(), MECHANISM) for m in _BARE_FORMULA.finditer(text)]
    for name in sorted({*words().programmes, *named}, key=len, reverse=True):
        kind = named[name].kind if name in named else PROGRAMME
        at = text.find(name)
        while at >= 0:
            spans.append((at, at + len(name), name, kind))
            at = text.find(name, at + len(name))
    return [Initiative(start, end, name, kind) for start, end, name, kind in spans if not taken.touches(start, end)]


def _full_names(found: Sequence[Initiative]) -> list[Initiative]:
    """Give a short name the full one of the text: “三区”计划 → 三区社会工作专业人才支持计划, “双百工程” → …社会工作双百工程."""
    programmes = sorted({i.name: i for i in reversed(found) if i.kind == PROGRAMME}.values(), key=lambda i: len(i.name))
    return [replace(i, name=_full_name(i, programmes)) if i.kind == PROGRAMME else i for i in found]


def _full_name(short: Initiative, programmes: Sequence[Initiative]) -> str:
    head = short.name[-2:]
    for full in reversed(programmes):
        if len(full.name) <= len(short.name):
            break
        same_quote = short.quoted and full.quoted == short.quoted and full.name.startswith(short.quoted)
        if full.name.endswith(short.name) or (same_quote and full.name.endswith(head)):
            return full.name
    return short.name


def _apart(found: Sequence[Initiative]) -> list[Initiative]:
    """In text order; of two that overlap the longer."""
    kept: list[Initiative] = []
    for initiative in sorted(found, key=lambda i: (i.start, -i.end)):
        if kept and initiative.start < kept[-1].end:
            if initiative.end - initiative.start > kept[-1].end - kept[-1].start:
                kept[-1] = initiative
            continue
        kept.append(initiative)
    return kept
