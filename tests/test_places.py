"""Places, the area a bulletin is about, and area words, on sentences of our own (data/places.jsonl)."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.organizations import find_organizations
from extractors.places import find_area_words, find_home, find_places
from extractors.regions import Region, is_within, short_names, table, township_index

CASES = [json.loads(line) for line in (Path(__file__).parent / "data/places.jsonl").read_text(encoding="utf-8").splitlines()]
MARK = re.compile(r"⟦(?P<text>[^|⟧]+)\|(?P<code>\d{6}|null)⟧")


def region(adcode: str | None) -> Region | None:
    return None if adcode is None else table().entries[adcode].region


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str | None]]]:
    """The plain text and the (start, end, code) of what is marked ⟦…|code⟧ in it."""
    text, spans, at = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        code = None if match["code"] == "null" else match["code"]
        spans.append((len(text), len(text) + len(match["text"]), code))
        text += match["text"]
        at = match.end()
    return text + marked[at:], spans


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(case, id=f"{i}-{case['text'][:12]}") for i, case in enumerate(CASES) if case["kind"] == kind]


@pytest.mark.parametrize("case", of_kind("places"))
def test_places(case: dict[str, Any]) -> None:
    text, expected = unmark(case["text"])
    home = region(case["home"])
    taken = [(o.start, o.end) for o in find_organizations(text, home)]
    found = find_places(text, home, taken)
    assert [(text[p.start : p.end], p.adcode) for p in found] == [(text[s:e], code) for s, e, code in expected]
    assert [(p.start, p.end) for p in found] == [(s, e) for s, e, _ in expected]


@pytest.mark.parametrize("case", of_kind("home"))
def test_home(case: dict[str, Any]) -> None:
    home = find_home(case["title"], case["text"], case["attribution"])
    assert (home.adcode if home else None) == case["home"]


@pytest.mark.parametrize("case", of_kind("words"))
def test_area_words(case: dict[str, Any]) -> None:
    found = find_area_words(case["text"], region(case["home"]))
    assert [[word.text, word.adcode] for word in found] == case["words"]


PIECES = st.lists(
    st.sampled_from(
        [
            "浙江省",
            "建德市",
            "西塘镇",
            "和平",
            "全市",
            "鼓楼区",
            "《",
            "》",
            "、",
            "在",
            "召开",
            "。",
            "\n",
            "社区",
            "Ａ",
            "12",
            "朝阳",
            "新华社",
        ]
    ),
    max_size=30,
).map("".join)


@given(PIECES | st.text(max_size=60), st.sampled_from([None, "330421", "330182", "110105", "450000"]))
@settings(deadline=None, max_examples=150)
def test_spans_hold(text: str, code: str | None) -> None:
    places = find_places(text, region(code))
    assert all(text[p.start : p.end] == p.text and p.text for p in places)
    assert all(a.end <= b.start for a, b in pairwise(places))
    assert all(p.adcode is None or len(p.adcode) == 6 for p in places)
    assert places == find_places(text, region(code))


def test_taken_spans_hold_no_place() -> None:
    text = "浙江省建德市新安江街道社会工作站"
    assert [p.text for p in find_places(text, None, [(6, len(text))])] == ["浙江省建德市"]
    assert find_places(text, None, [(0, len(text))]) == []


def test_table_is_whole() -> None:
    regions = table()
    today = [e for e in regions.entries.values() if e.until is None]
    assert sum(e.region.level == "province" for e in today) == 34
    assert sum(e.region.level == "county" for e in today) > 2800
    assert all(e.parent in regions.entries for e in today if e.parent)
    assert all(code in regions.entries for codes in list(township_index().values())[:500] for code in codes)


@pytest.mark.parametrize(
    ("name", "level", "expected"),
    [
        ("恩施土家族苗族自治州", "prefecture", ["恩施", "恩施州"]),
        ("积石山保安族东乡族撒拉族自治县", "county", ["积石山", "积石山县"]),
        ("鄂伦春自治旗", "county", ["鄂伦春", "鄂伦春旗"]),
        ("新疆维吾尔自治区", "province", ["新疆"]),
        ("浦东新区", "county", ["浦东"]),
        ("清新区", "county", ["清新"]),
        ("泾县", "county", []),
    ],
)
def test_short_names(name: str, level: str, expected: list[str]) -> None:
    assert short_names(name, level) == expected


def test_past_areas_lead_to_their_successors() -> None:
    past = table().entries["330181"]
    assert past.region.name == "萧山市"
    assert past.until == 2000
    successor = table().successor("330181")
    assert successor is not None
    assert successor.name == "萧山区"
    assert is_within("330181", "330100")
