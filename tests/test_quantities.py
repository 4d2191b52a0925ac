"""Quantities in context: invented sentences as data, sentences that must give nothing, and what must hold for any text."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.records import LAYERS, Bulletin, Quantity
from pipeline.run import extract_text

DATA = Path(__file__).parent / "data"
CASES = [json.loads(line) for line in (DATA / "quantities.jsonl").read_text(encoding="utf-8").splitlines()]
NEGATIVE = (DATA / "negative.txt").read_text(encoding="utf-8").splitlines()
PIECES = st.sampled_from(
    [
        "截至",
        "2023年底",
        "，",
        "全市",
        "共有",
        "养老机构",
        "12家",
        "、",
        "床位",
        "1.2万张",
        "。",
        "其中",
        "分别为",
        "和",
        "同比增长",
        "3.5%",
        "每人每月",
        "800元",
        "《实施方案》",
        "“五社联动”",
        "由",
        "增加到",
        "不少于",
        "社工站",
        "济南市",
        "；",
        "（",
        "）",
        "3至5万元",
        "/个",
    ]
)


def _field(quantity: Quantity, name: str) -> Any:
    value = getattr(quantity, name)
    if name == "time" and value is not None:
        return [end and end.isoformat() for end in (value.start, value.end)]
    return value.adcode if name == "place" and value is not None else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:16])
def test_quantities_of_a_sentence(case: dict[str, Any]) -> None:
    published = dt.date.fromisoformat(case["published"]) if "published" in case else None
    found = extract_text(case["text"], published=published).quantities
    assert [q.text for q in found] == [expected["text"] for expected in case["expect"]]
    for quantity, expected in zip(found, case["expect"], strict=True):
        assert {name: _field(quantity, name) for name in expected} == expected


@pytest.mark.parametrize("sentence", NEGATIVE)
def test_names_and_slogans_count_nothing(sentence: str) -> None:
    assert [q.text for q in extract_text(sentence).quantities] == []


def _check(bulletin: Bulletin) -> None:
    for layer in LAYERS:
        spans = [(f.start, f.end) for f in getattr(bulletin, layer)]
        assert spans == sorted(spans)
        assert all(bulletin.text[f.start : f.end] == f.text for f in getattr(bulletin, layer))
    for q in bulletin.quantities:
        assert q.low <= q.high
        assert q.measure is None or q.measure in bulletin.text
        assert bulletin.sentences[q.sentence].start <= q.start < bulletin.sentences[q.sentence].end


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_keeps_the_invariants(text: str) -> None:
    if text.strip():
        bulletin = extract_text(text)
        _check(bulletin)
        assert bulletin == extract_text(text)
