"""Numerals to values: cases as data, and what must hold for any text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.labels import find_labels
from extractors.numbers import find_numbers, parse_number
from extractors.units import find_rate, find_unit

DATA = Path(__file__).parent / "data"
CASES = [line.split("\t") for line in (DATA / "numbers.tsv").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
NONE = (DATA / "no_numbers.txt").read_text(encoding="utf-8").splitlines()
PIECES = st.sampled_from(
    [*"零一二两三四五六七八九十百千万亿余多几半成点0123456789.,%-—至到分之第个家名，。年月", "百分之", "以上", "元/人·月", "〔2023〕5号"]
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_value_of_one_numeral(case: list[str]) -> None:
    text, low, high, comparator, unit = case
    found = find_numbers(f"共{text}个。" if unit == "-" else f"达{text}，")
    assert [(n.low, n.high) for n in found] == [(pytest.approx(float(low)), pytest.approx(float(high)))]
    assert (found[0].comparator or "-", found[0].unit or "-") == (comparator, unit)


@pytest.mark.parametrize("text", NONE)
def test_words_with_numeral_characters_are_no_numbers(text: str) -> None:
    assert find_numbers(text) == []


@pytest.mark.parametrize(("text", "value"), [("三百二十", 320), ("3.5万", 35000), ("2至3", None), ("第三", None), ("", None)])
def test_parse_number(text: str, value: float | None) -> None:
    assert parse_number(text) == value


def _chinese(value: int) -> str:
    """A plain spelling of 1 to 9,999, written apart from the parser."""
    digits, scales, out, zero = "零一二三四五六七八九", ["", "十", "百", "千"], "", False
    text = str(value)
    for i, ch in enumerate(text):
        scale = scales[len(text) - 1 - i]
        if ch == "0":
            zero = bool(out)
        else:
            out += ("零" if zero else "") + digits[int(ch)] + scale
            zero = False
    return out


@given(st.integers(min_value=20, max_value=9999))
def test_chinese_spelling_is_read_back(value: int) -> None:
    found = find_numbers(f"配备社工{_chinese(value)}名")
    assert [n.low for n in found] == [value]


@given(st.integers(min_value=1, max_value=10**9), st.sampled_from(["", "万", "亿"]))
def test_arabic_with_separators_is_read_back(value: int, scale: str) -> None:
    found = find_numbers(f"共{value:,}{scale}元")
    assert [n.low for n in found] == [pytest.approx(value * {"": 1, "万": 10**4, "亿": 10**8}[scale])]


@settings(deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_spans_are_ordered_and_ends_fit(text: str) -> None:
    found = find_numbers(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= n.start < n.end <= len(text) and n.low <= n.high for n in found)
    assert all(0 <= start < end <= len(text) for start, end in find_labels(text))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("万", None),
        ("个百分点", "百分点"),
        ("个月", "个月"),
        ("人次", "人次"),
        ("元", "元"),
        ("人民", None),
        ("平方米", "平方米"),
        ("年级", None),
    ],
)
def test_unit_after_a_numeral(text: str, unit: str | None) -> None:
    found = find_unit(f"3{text}", 1)
    assert (found[0] if found else None) == unit


@pytest.mark.parametrize(("text", "rate"), [("/人·月", "人·月"), ("／份", "份"), ("/站给予补助", "站"), ("、", None), ("/人.年", "人·年")])
def test_rate_after_a_unit(text: str, rate: str | None) -> None:
    found = find_rate(text, 0)
    assert (found[0] if found else None) == rate
