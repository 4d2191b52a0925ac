"""The values of Chinese numerals: 四百一十二, 五亿零六, 二〇二四, 四百五 (450), 三点七万, 两三百 (200 to 300)."""

from __future__ import annotations

import re

HALF = str.maketrans(
    "０１２３４５６７８９．％／－壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億點兩個餘〇負",
    "0123456789.%/-一二二三三四五六六七八九十百千万亿点两个余零负",
)
"""Full-width, formal and traditional forms to plain ones; keeps every offset."""

DIGITS = {ch: i for i, ch in enumerate("零一二三四五六七八九")} | {"两": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
SCALES = SMALL | LARGE
CHARACTERS = "零一二两三四五六七八九十百千万亿兆廿卅"

_PAIR = re.compile(r"(?P<head>[一二三四五六七八九]?十)?(?P<a>[一二两三四五六七八九])(?P<b>[二三四五六七八九])(?P<scale>[十百千万亿兆]*)")


def factor(scale: str) -> float:
    """The product of multipliers: 万亿 → 10¹²; other characters count as one."""
    product = 1.0
    for ch in scale:
        product *= SCALES.get(ch, 1)
    return product


def value_of(numeral: str) -> float | None:
    """The value of an Arabic or Chinese numeral in plain forms; None when its characters make no number."""
    numeral = "".join(numeral.split())
    if numeral[:1].isdigit() or numeral[:1] == ".":
        return float(numeral.replace(",", "").replace("，", ""))
    whole, _, fraction = numeral.partition("点")
    large = 1
    while fraction and fraction[-1] in LARGE:
        large, fraction = large * LARGE[fraction[-1]], fraction[:-1]
    value = _whole(whole.replace("廿", "二十").replace("卅", "三十"))
    if value is None or not fraction:
        return value
    decimals = int("".join(str(DIGITS[ch]) for ch in fraction))
    return float(value + decimals / 10.0 ** len(fraction)) * large


def pair_of(numeral: str) -> tuple[float, float] | None:
    """Two neighbouring digits as a range: 两三 → (2, 3), 七八百 → (700, 800), 十五六 → (15, 16); None for a plain numeral."""
    m = _PAIR.fullmatch(numeral)
    if m is None:
        return None
    a, b = DIGITS[m["a"]], DIGITS[m["b"]]
    if not a < b <= a + 2 or (m["head"] and b - a != 1):
        return None
    base = (_whole(m["head"]) or 0.0) if m["head"] else 0.0
    scale = factor(m["scale"])
    return (base + a) * scale, (base + b) * scale


def _whole(numeral: str) -> float | None:
    if not re.search("[十百千万亿兆]", numeral):
        spelt = len(numeral) != 2 or numeral[0] == "零"  # 二〇二四 is spelt out, 三五 is three to five
        return float("".join(str(DIGITS[ch]) for ch in numeral)) if numeral and spelt else None
    total = section = digit = 0.0
    last = 1
    for ch in numeral:
        if ch in DIGITS:
            digit, last = float(DIGITS[ch]), 1 if ch == "零" else last
        elif ch in SMALL:
            section += (digit or 1) * SMALL[ch] if digit or ch == "十" or not section else 0
            digit, last = 0.0, SMALL[ch]
        else:
            total, section = _close(total, section + digit, LARGE[ch])
            digit, last = 0.0, LARGE[ch]
    if digit and last >= 100 and numeral[-2] in SCALES:
        digit *= last // 10  # 四百五 is 450
    return total + section + digit


def _close(total: float, section: float, large: int) -> tuple[float, float]:
    """Apply 万, 亿 or 兆: to its own section, or to all before when nothing stands between (二十一万亿)."""
    if section == 0 and total:
        return total * large, 0.0
    if total and total < large and section:
        return (total + section) * large, 0.0
    return total + (section or 1) * large, 0.0
