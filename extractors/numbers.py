"""Numbers: Arabic, Chinese and mixed numerals with their scaling, approximation, percentages, fractions and ranges.

12,148 · 四百一十二 · 1.2亿 · 5万4千 · 1,260余万 · 千余 · 百分之九十八点六 · 七成 · 三分之二 · 3至5万 · 两三百 · 30%—40%.
A numeral of one Chinese character is a number only before a measure word: 三名, but not 三农.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.numerals import CHARACTERS, HALF, SCALES, factor, pair_of, value_of
from extractors.units import find_unit

_D = "零一二两三四五六七八九"
_ARABIC = r"\d{1,3}(?:[,，]\d{3})++(?!\d)(?:\.\d++)?|\d++(?:\.\d++)?"
_CHINESE = rf"[{CHARACTERS}](?:\s?[{CHARACTERS}])*+(?:\s?点\s?[{_D}](?:\s?[{_D}])*[万亿兆]*)?"
_NUMERAL = re.compile(
    rf"""
    (?P<minus>(?<![减担抱自肩背胜欠增承])负\s?|(?<![\d\w%.）)])-(?=[\d.]))?
    (?:
      (?:(?P<whole>(?:{_ARABIC})|{_CHINESE})\s?又\s?)?
      (?P<part>(?:{_ARABIC})|{_CHINESE})\s?分\s*之\s?(?P<deny>负)?(?P<of>(?:{_ARABIC})|{_CHINESE})      # 百分之五, 三分之二, 一又二分之一
    | (?P<over>\d{{1,4}})/(?P<under>\d{{1,3}})(?![\d/.年月])                                         # 3/4
    | (?P<ar>{_ARABIC})(?P<more>余|几|多(?=[十百千万亿]))?\s?(?P<scale>[十百千万亿兆](?:\s?[十百千万亿兆]|零?\d+\s?[十百千万](?!分))*(?:零?\d+(?![\d.,%‰]))?)?
      (?P<after>余|几|多(?!种|项|年|元化|样))?(?:\s?(?P<sign>[%‰])|\s?(?P<artenth>成)(?![立功为都员果效本长人年份型交品绩熟就套分]))?
    | (?P<cn>{_CHINESE})\s?(?P<cmore>余|几|多(?=[十百千万亿]))?\s?(?P<cscale>[十百千万亿兆]+)?(?P<cafter>余|几|多(?!种|项|年|元|样)|来(?=[个名位家人岁]))?
      (?:\s?(?P<tenth>成)(?![立功为都员果效本长人年份型交品绩熟就套分像片群龙])(?:\s?(?P<half>[一二三四五六七八九半](?![\u4e00-\u9fff])|半))?(?P<tmore>[多余](?!种|项|年))?)?
    | (?P<halftenth>半成)(?![品年])
    )
    """,
    re.VERBOSE,
)
_BARE = re.compile(r"[十百千万亿兆\s]+")
_PUSHED = re.compile(r"(?:将?近|超过?|逾|突破|约|达|上|破|过|不足|不到)$")
_LONGEST = 48  # characters; a longer run of digits is no number of anything
_PLACED = frozenset("十百千万亿兆廿卅点")
_VAGUE = frozenset("数上成几每")
_DASH = re.compile(r"\s?(?:[-－–—~～]{1,2}|[至到])\s?")
_BETWEEN = re.compile(r"\s?[与和跟]\s?")
_PER = {"百": ("%", 1.0), "千": ("‰", 1.0)}


@dataclass(frozen=True, slots=True)
class Number:
    """`text[start:end]` is the numeral with multiplier, 余/多/几 and percent sign, without 约 before and unit after.

    `low` and `high` are scaled; they differ for a range. `unit` is % or ‰ for what is printed as such (七成 is 70 %).
    `kind`: cardinal, percent or fraction.
    """

    start: int
    end: int
    low: float
    high: float
    comparator: str | None
    unit: str | None
    kind: str


def find_numbers(text: str) -> list[Number]:
    """The numbers of a text in order. Dates, labels and list marks are numerals too: see `extractors.labels`."""
    norm = text.translate(HALF)
    return list(_ranges(norm, (number for m in _NUMERAL.finditer(norm) if (number := _number(norm, m)) is not None)))


def parse_number(text: str) -> float | None:
    """The value of a text that is one numeral, None when it is none or a range."""
    found = find_numbers(text)
    whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(text)) and found[0].low == found[0].high
    return found[0].low if whole else None


def _number(text: str, m: re.Match[str]) -> Number | None:
    if m.end() - m.start() > _LONGEST:
        return None
    if m["part"]:
        number = _share(m)
    elif m["over"]:
        number = _cardinal(m, int(m["over"]) / int(m["under"]), "fraction") if int(m["under"]) else None
    elif m["halftenth"]:
        number = _tenths(m, 0.5)
    else:
        number = _arabic(m) if m["ar"] else _chinese(text, m)
    if number is None or not m["minus"]:
        return number
    return replace(number, start=m.start(), low=-number.high, high=-number.low)


def _cardinal(m: re.Match[str], value: float, kind: str = "cardinal", more: bool = False, unit: str | None = None) -> Number:
    start = m.start() + len(m["minus"] or "")
    return Number(start, m.end(), _clean(value), _clean(value), ">" if more else None, unit, kind)


def _tenths(m: re.Match[str], tenths: float, more: bool = False) -> Number:
    return _cardinal(m, tenths * 10, "percent", more, "%")


def _share(m: re.Match[str]) -> Number | None:
    """百分之五 → 5 %, 千分之三 → 3 ‰, 三分之二 → 0.667."""
    part = re.sub(r"\s", "", m["part"])
    value = value_of(m["of"]) if m["of"] != "百" else 100.0
    if value is None:
        return None
    value = -value if m["deny"] else value
    if part in _PER and not m["whole"]:
        return _cardinal(m, value, "percent", unit=_PER[part][0])
    divisor, whole = value_of(part), value_of(m["whole"]) if m["whole"] else 0.0
    return _cardinal(m, whole + value / divisor, "fraction") if divisor and whole is not None else None


def _arabic(m: re.Match[str]) -> Number:
    value = float(m["ar"].replace(",", "").replace("，", ""))
    if m["scale"]:
        value = _scaled(value, "".join(m["scale"].split()))
    more = bool(m["more"] or m["after"])
    if m["artenth"]:
        return _tenths(m, value, more)
    sign = m["sign"]
    return _cardinal(m, value, "percent" if sign else "cardinal", more, sign)


def _scaled(value: float, scale: str) -> float:
    """3.4 and 万 → 34,000; 5 and 万4千6百 → 54,600."""
    head = re.match("[十百千万亿兆]+", scale)
    tail = scale[head.end() :] if head else ""
    last = factor(head.group()) if head else 1.0
    total = value * last
    for zero, digits, unit in re.findall(r"(零)?(\d+)([十百千万])?", tail):
        plain = zero or len(digits) > 1
        last = SCALES[unit] if unit else 1 if plain else max(1.0, last / 10)
        total += int(digits) * last
    return total


def _chinese(text: str, m: re.Match[str]) -> Number | None:
    numeral = "".join(m["cn"].split())
    more, scale = bool(m["cmore"] or m["cafter"] or m["tmore"]), m["cscale"] or ""
    if m["tenth"]:
        value = value_of(numeral)
        extra = 0.0 if not m["half"] else 0.5 if m["half"] == "半" else (value_of(m["half"]) or 0.0) / 10
        return _tenths(m, value + extra, more) if value is not None and value <= 10 and not scale else None
    if _BARE.fullmatch(numeral) and not _stands_bare(text, m, more):
        return None
    span = pair_of(numeral)
    value = value_of(numeral) if span is None else None
    if span is None and value is None:
        return None
    low, high = span or (value or 0.0, value or 0.0)
    end = max(m.end(group) for group in ("cn", "cmore", "cscale", "cafter"))
    lone = span is not None or _PLACED.isdisjoint(numeral)
    if lone and not scale and not more and not _counts(text, end):
        return None
    times = factor(scale)
    return Number(m.start("cn"), end, low * times, high * times, ">" if more else None, None, "cardinal")


def _stands_bare(text: str, m: re.Match[str], more: bool) -> bool:
    """Whether a multiplier alone is a number: 千余名, 超亿元, 十个, but not 数百, 千家万户, 百强."""
    start = m.start("cn")
    if more:
        return True
    if text[start - 1 : start] in _VAGUE:
        return False
    return bool(_PUSHED.search(text, max(0, start - 3), start)) or (m["cn"] == "十" and _counts(text, m.end("cn")))


def _counts(text: str, end: int) -> bool:
    """Whether what follows a lone numeral shows that it counts: a measure word, or a range's other end."""
    if find_unit(text, end) is not None:
        return True
    dash = _DASH.match(text, end)
    return dash is not None and bool(re.match(rf"[{CHARACTERS}\d]", text[dash.end() : dash.end() + 1]))


def _ranges(text: str, numbers: Iterator[Number]) -> Iterator[Number]:
    """Join the ends of a range; a multiplier or percent sign after the second end holds for both (3至5万, 30-40%)."""
    held: Number | None = None
    for number in numbers:
        if held is not None and (joined := _join(text, held, number)) is not None:
            held = joined
            continue
        if held is not None:
            yield held
        held = number
    if held is not None:
        yield held


def _join(text: str, a: Number, b: Number) -> Number | None:
    dashed = _DASH.fullmatch(text, a.end, b.start)
    if not dashed and not (text.startswith("之间", b.end) and _BETWEEN.fullmatch(text, a.end, b.start)):
        return None
    if a.low != a.high or b.low != b.high or (a.unit and a.unit != b.unit) or text[a.start - 1 : a.start] in ("从", "由", "自"):
        return None
    low = a.low * _shared_scale(text, a, b)
    return replace(b, start=a.start, low=low, high=b.high) if low <= b.low else None


def _shared_scale(text: str, a: Number, b: Number) -> float:
    """The multiplier after the second end, where the first has none and stays below the second with it."""
    scale = re.search(r"[万亿千百兆]+[余多]?$", text[b.start : b.end])
    if scale is None or re.search("[万亿千百兆]", text[a.start : a.end]):
        return 1.0
    times = factor(scale.group())
    return times if a.low * times <= b.low else 1.0


def _clean(value: float) -> float:
    """8.45 × 10,000 without the dust of binary fractions."""
    return value if value.is_integer() else float(f"{value:.12g}")
