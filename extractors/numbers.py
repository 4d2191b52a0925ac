"""Numbers: Arabic, Chinese and mixed numerals with their scaling, approximation, percentages, fractions and ranges.

12,148 · 四百一十二 · 1.2亿 · 5万4千 · 1,260余万 · 千余 · 百分之九十八点六 · 七成 · 三分之二 · 3至5万 · 两三百 · 30%—40%.
A numeral of one Chinese character is a number only before a measure word: 三名, but not 三农.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.units import find_unit

_HALF = str.maketrans(
    "０１２３４５６７８９．％壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億點兩幾餘〇",
    "0123456789.%一二二三三四五六六七八九十百千万亿点两几余零",
)
_DIGITS = {ch: i for i, ch in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_CN = "零一二两三四五六七八九十百千万亿廿卅"
_ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMERAL = re.compile(
    rf"""
    (?P<part>百分之|千分之|[一二两三四五六七八九十百\d]+分之)\s?(?P<of>百|(?:{_ARABIC})|[{_CN}]+(?:点[零一二三四五六七八九]+)?)
  | (?P<ar>{_ARABIC})(?P<more>余|多(?=[十百千万亿])|几)?(?P<scale>[十百千万亿]+(?:\d+[十百千万])*(?:\d+(?![\d.,%‰]))?)?(?P<after>余|多(?!种|项|年|元化)|几)?(?P<sign>\s?[%‰])?
  | (?P<cn>[{_CN}]+(?:点[零一二三四五六七八九]+[万亿]?)?)(?P<cmore>余|多(?=[十百千万亿])|几)?(?P<cscale>[十百千万亿]+)?(?P<cafter>余|多(?!种|项|年|元|样)|几|来(?=[个名位家人岁]))?(?P<tenth>成(?!立|功|为|都|员|果|效|本|长|人|年|份|型|交|品|绩|熟|就|套|分|像|片|群|龙))?(?P<half>[一二三四五六七八九半](?=[以的左，。、；,]|$))?
    """,
    re.VERBOSE,
)
_DASH = re.compile(r"\s?(?:[-－–—~～]{1,2}|[至到])\s?")
_BARE = re.compile(r"[十百千万亿]+$")
_PUSHED = re.compile(r"(?:将?近|超过?|逾|突破|约|达|上|破|过|不足|不到)$")


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
    norm = text.translate(_HALF)
    return list(_ranges(norm, (number for m in _NUMERAL.finditer(norm) if (number := _number(norm, m)) is not None)))


def parse_number(text: str) -> float | None:
    """The value of a text that is one numeral, None when it is none or a range."""
    found = find_numbers(text)
    return found[0].low if len(found) == 1 and found[0].end - found[0].start == len(text) and found[0].low == found[0].high else None


def _number(text: str, m: re.Match[str]) -> Number | None:
    if m["part"]:
        return _share(m)
    return _arabic(m) if m["ar"] else _chinese(text, m)


def _share(m: re.Match[str]) -> Number | None:
    value = 100.0 if m["of"] == "百" else _value(m["of"])
    whole = {"百分之": 1.0, "千分之": 1.0}.get(m["part"]) or _value(m["part"][:-2])
    if value is None or not whole:
        return None
    if m["part"] in ("百分之", "千分之"):
        return Number(m.start(), m.end(), value, value, None, "%" if m["part"] == "百分之" else "‰", "percent")
    return Number(m.start(), m.end(), value / whole, value / whole, None, None, "fraction")


def _arabic(m: re.Match[str]) -> Number:
    value = float(re.sub("[,，]", "", m["ar"]))
    if m["scale"]:
        value = _scaled(value, m["scale"])
    sign = (m["sign"] or "").strip()
    comparator = ">" if m["more"] or m["after"] else None
    return Number(m.start(), m.end(), _clean(value), _clean(value), comparator, sign or None, "percent" if sign else "cardinal")


def _scaled(value: float, scale: str) -> float:
    """3.4 and 万 → 34,000; 5 and 万4千6百 → 54,600."""
    head = re.match("[十百千万亿]+", scale)
    tail = scale[head.end() :] if head else ""
    factor = 1
    for ch in head.group() if head else "":
        factor *= _SMALL.get(ch) or _LARGE[ch]
    rest, last = 0.0, factor
    for digits, unit in re.findall(r"(\d+)([十百千万])?", tail):
        last = (_SMALL.get(unit) or _LARGE[unit]) if unit else max(1, last // 10)
        rest += int(digits) * last
    return value * factor + rest


def _chinese(text: str, m: re.Match[str]) -> Number | None:
    numeral, more = m["cn"], m["cmore"] or m["cafter"]
    end = m.end("tenth") if m["tenth"] else max(m.end(g) for g in ("cn", "cmore", "cscale", "cafter"))
    if m["tenth"]:
        return _tenths(m)
    if _BARE.fullmatch(numeral):
        pushed = _PUSHED.search(text, max(0, m.start() - 3), m.start())
        if not (more or numeral[0] == "十" and not m["cscale"] or pushed) or text[m.start() - 1 : m.start()] in ("数", "上", "成", "几", "每") and not more:
            return None
    span = _approximate(numeral)
    value = _value(numeral) if span is None else None
    if span is None and value is None:
        return None
    low, high = span or (value or 0.0, value or 0.0)
    factor = 1.0
    for ch in m["cscale"] or "":
        factor *= _SMALL.get(ch) or _LARGE[ch]
    plain = len(numeral) == 1 or (span is not None and not m["cscale"]) or not re.search("[十百千万亿廿卅点]", numeral)
    if plain and not m["cscale"] and not more and not _counts(text, end):
        return None
    return Number(m.start(), end, low * factor, high * factor, ">" if more else None, None, "cardinal")


def _tenths(m: re.Match[str]) -> Number | None:
    value = _value(m["cn"])
    if value is None or value > 10 or m["cscale"]:
        return None
    half = m["half"]
    extra = 0.0 if not half else 5.0 if half == "半" else float(_DIGITS[half])
    return Number(m.start(), m.end(), value * 10 + extra, value * 10 + extra, ">" if m["cafter"] or m["cmore"] else None, "%", "percent")


def _counts(text: str, end: int) -> bool:
    """Whether what follows a lone numeral shows that it counts: a measure word, or a range's other end."""
    if find_unit(text, end) is not None:
        return True
    dash = _DASH.match(text, end)
    return dash is not None and bool(re.match(rf"[{_CN}\d]", text[dash.end() : dash.end() + 1]))


def _approximate(numeral: str) -> tuple[float, float] | None:
    """两三 → 2 to 3, 七八百 → 700 to 800, 十五六 → 15 to 16; None for a plain numeral."""
    m = re.fullmatch(r"(?P<head>[一二三四五六七八九]?十)?(?P<a>[一二两三四五六七八九])(?P<b>[二三四五六七八九])(?P<scale>[十百千万亿]*)", numeral)
    if m is None:
        return None
    a, b = _DIGITS[m["a"]], _DIGITS[m["b"]]
    if not a < b <= a + 2 or (m["head"] and b - a != 1):
        return None
    base = (_value(m["head"]) or 0.0) if m["head"] else 0.0
    factor = 1.0
    for ch in m["scale"]:
        factor *= _SMALL.get(ch) or _LARGE[ch]
    return (base + a) * factor, (base + b) * factor


def _value(numeral: str) -> float | None:
    """One numeral's value; None when its characters make no number."""
    if numeral[0].isdigit():
        return float(re.sub("[,，]", "", numeral))
    whole, _, fraction = numeral.partition("点")
    large = 1
    if fraction and fraction[-1] in _LARGE:
        large, fraction = _LARGE[fraction[-1]], fraction[:-1]
    value = _whole(whole.replace("廿", "二十").replace("卅", "三十"))
    if value is None or not fraction:
        return value
    return (value + int("".join(str(_DIGITS[ch]) for ch in fraction)) / 10 ** len(fraction)) * large


def _whole(numeral: str) -> float | None:
    if not re.search("[十百千万亿]", numeral):
        return float("".join(str(_DIGITS[ch]) for ch in numeral)) if len(numeral) != 2 or numeral[0] == "零" else None
    total = section = digit = 0
    last = 1
    for ch in numeral:
        if ch in _DIGITS:
            digit, last = _DIGITS[ch], 1 if ch == "零" else last
        elif ch in _SMALL:
            section += (digit or (1 if section == 0 or ch == "十" else 0)) * _SMALL[ch]
            digit, last = 0, _SMALL[ch]
        else:
            section = (section + digit) * _LARGE[ch] if section + digit else _LARGE[ch]
            total = (total + section) if ch == "万" else (total + section // _LARGE[ch]) * _LARGE[ch] if total else section
            section = digit = 0
            last = _LARGE[ch]
    short = digit * last // 10 if digit and last >= 100 and numeral[-2:-1] in "百千万亿" else digit  # 四百五 is 450
    return float(total + section + short)


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
    if not _DASH.fullmatch(text, a.end, b.start) or a.low != a.high or b.low != b.high or (a.unit and a.unit != b.unit):
        return None
    if re.search(r"[从由自]$", text[max(0, a.start - 1) : a.start]):
        return None
    scale = re.search(r"[万亿千百]+[余多]?$", text[b.start : b.end])
    low = a.low
    if scale and a.low * 1.0 < 10000 and not re.search("[万亿千百]", text[a.start : a.end]) and a.low < b.low / _factor(scale.group()) * 10:
        low = a.low * _factor(scale.group()) if a.low < b.low / _factor(scale.group()) or a.low * _factor(scale.group()) <= b.low else a.low
    if low > b.low:
        return None
    return replace(b, start=a.start, low=low, high=b.high)


def _factor(scale: str) -> float:
    factor = 1.0
    for ch in scale:
        factor *= _SMALL.get(ch) or _LARGE.get(ch) or 1
    return factor


def _clean(value: float) -> float:
    """8.45 × 10,000 without the dust of binary fractions."""
    return round(value, 6)
