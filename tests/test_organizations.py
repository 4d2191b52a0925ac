"""Organizations on sentences of our own (data/organizations.jsonl)."""

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
from extractors.regions import Region, table

CASES = [json.loads(line) for line in (Path(__file__).parent / "data/organizations.jsonl").read_text(encoding="utf-8").splitlines()]
MARK = re.compile(r"⟦(?P<text>[^|⟧]+)\|(?P<name>[^⟧]*)⟧")


def region(adcode: str | None) -> Region | None:
    return None if adcode is None else table().entries[adcode].region


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The plain text and the (start, end, full name) of what is marked ⟦…|name⟧; no name: as printed."""
    text, spans, at = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.append((len(text), len(text) + len(match["text"]), match["name"] or match["text"]))
        text += match["text"]
        at = match.end()
    return text + marked[at:], spans


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{i}-{case['text'][:12]}") for i, case in enumerate(CASES)])
def test_organizations(case: dict[str, Any]) -> None:
    text, expected = unmark(case["text"])
    found = find_organizations(text, region(case["home"]))
    assert [(o.text, o.name) for o in found] == [(text[s:e], name) for s, e, name in expected]
    assert [(o.start, o.end) for o in found] == [(s, e) for s, e, _ in expected]


def test_taken_spans_hold_no_organization() -> None:
    text = "“民政部金秋计划”由民政部实施"
    assert [(o.start, o.text) for o in find_organizations(text, None, [(0, 9)])] == [(10, "民政部")]


WORDS = "浙江省 省 市 各县 民政厅 民政局 委 政府 、 财政局 社会工作站 西塘镇 慈善基金会 《 济南日报 》 由 。 \n 1 县 和 推进"
PIECES = st.lists(st.sampled_from(WORDS.split(" ")), max_size=30).map("".join)


@given(PIECES | st.text(max_size=60), st.sampled_from([None, "330421", "370100", "450000"]))
@settings(deadline=None, max_examples=150)
def test_spans_hold(text: str, code: str | None) -> None:
    found = find_organizations(text, region(code))
    assert all(text[o.start : o.end] == o.text and o.text and o.name for o in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert found == find_organizations(text, region(code))
