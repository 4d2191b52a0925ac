"""Policies: cases as data (`data/policies.jsonl`), invariants on made-up text, and the shared gold where it is present.

A case gives the text and all its policies; `group` issue also gives issuer, number and date, with the `times` that stand in the text.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.policies import find_policies
from extractors.regions import Region
from extractors.titles import core

SHARED = Path(__file__).parents[1].parent / "shared"
CASES = [json.loads(line) for line in (Path(__file__).parent / "data" / "policies.jsonl").read_text(encoding="utf-8").splitlines()]
WORDS = "办法 通知 关于 印发 实施方案 以下简称 日报 五社联动 牵手 计划 行动 项目 模式 机制 1+N 民发〔2021〕5号 社工"
PIECES = st.sampled_from([*'《》〈〉“”"‘’「」（）、。，\n的和等', *WORDS.split()])
KINDS = ("document", "programme", "mechanism")


@dataclass(frozen=True)
class Dated:
    start: int
    end: int
    period: tuple[dt.date | None, dt.date | None]


def _times(case: dict[str, Any]) -> list[Dated]:
    def day(iso: str | None) -> dt.date | None:
        return dt.date.fromisoformat(iso) if iso else None

    return [Dated(start, end, (day(first), day(last))) for start, end, first, last in case.get("times", ())]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['group']}: {case['text'][:16]}" for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = []
    for policy in find_policies(case["text"], _times(case)):
        fact = {"kind": policy.kind, "text": policy.text, "name": policy.name}
        if case["group"] == "issue":
            issue = {"issuer": policy.issuer, "number": policy.number, "issued": policy.issued and policy.issued.isoformat()}
            fact |= {field: value for field, value in issue.items() if value}
        found.append(fact)
    assert found == case["policies"]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 100
    assert sum(not case["policies"] for case in CASES) >= 40
    assert {policy["kind"] for case in CASES for policy in case["policies"]} == set(KINDS)


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(deadline=None, max_examples=400)
def test_invariants(text: str) -> None:
    found = find_policies(text)
    assert found == find_policies(text)
    end = 0
    for policy in found:
        assert text[policy.start : policy.end] == policy.text
        assert policy.start >= end
        assert policy.kind in KINDS
        assert policy.name.strip()
        assert (policy.kind == "document") == policy.text.startswith("《")
        end = policy.end


def test_home_completes_the_issuer() -> None:
    text = "近日，县民政局、县财政局联合印发《霍城县临时救助办法》。"
    (policy,) = find_policies(text, home=Region("霍城县", "654023", "county"))
    assert policy.issuer == "霍城县民政局、霍城县财政局"


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("社工站评定办法(试行)", "社工站评定办法"),
        ("服务提质方案（2022—2025年）", "服务提质方案"),
        ("服务清单（2023年版）", "服务清单"),
        ("（试行）", "（试行）"),
    ],
)
def test_core_of_a_title(title: str, bare: str) -> None:
    assert core(title) == bare


@pytest.mark.parametrize("unit", ["《办法》", "《甲办法》《乙丙办法》", "《", "《a", "“甲”、", "“", "印发《关于〈", "五社联动", "（"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (40_000 // len(unit))
    began = time.process_time()
    find_policies(text)
    assert time.process_time() - began < 4


@pytest.mark.parametrize("part", ["seeds", "dev"])
def test_shared_gold(part: str) -> None:
    """Span, name and kind exactly as annotated, for at least 97 of 100."""
    gold = SHARED / "gold" / f"{part}.jsonl"
    if not gold.exists():
        pytest.skip("needs the gold bulletins")
    right = wrong = 0
    for line in gold.read_text(encoding="utf-8").splitlines():
        bulletin = json.loads(line)
        want = {(p["start"], p["end"], p["name"], p["kind"]) for p in bulletin["policies"]}
        got = {(p.start, p.end, p.name, p.kind) for p in find_policies(bulletin["text"])}
        right += len(want & got)
        wrong += len(want ^ got)
    assert 2 * right / (2 * right + wrong) >= 0.97
