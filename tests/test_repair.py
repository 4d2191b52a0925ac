"""Repair: breaks joined, blanks and page furniture dropped, and the way back to the source kept."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Block, Document
from pipeline.read import read
from pipeline.repair import Repaired, repair, repaired_document

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[1].parent / "shared"
BLANKS = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x1f\x7f]")


def of_text(text: str) -> tuple[Document, Repaired]:
    document = Document("x.txt", "text/plain", "0", tuple(Block(line) for line in text.split("\n")))
    return document, repair(document)


@pytest.mark.parametrize(
    "case", [json.loads(line) for line in (DATA / "repairs.jsonl").read_text(encoding="utf-8").splitlines()], ids=lambda c: c["why"]
)
def test_cases(case: dict[str, str]) -> None:
    assert of_text(case["source"])[1].text == case["repaired"]


def test_running_heads_and_page_numbers_are_dropped() -> None:
    bodies = ["全区建成社区老年食堂，为独居老人", "提供助餐服务，首批十二家食堂开在", "老旧小区，方便腿脚不便的居民就近"]
    pages = [[Block("民政工作简讯", page=n), Block(body, page=n), Block(f"- {n} -", page=n)] for n, body in enumerate(bodies, 1)]
    blocks = [block for page in pages for block in page] + [Block("用餐。", page=4)]
    repaired = repair(Document("x", "text/plain", "0", tuple(blocks)))
    assert repaired.text == "民政工作简讯\n" + "".join(bodies) + "用餐。"
    assert len(repaired.dropped) == 5


def test_a_map_leads_back_to_every_character() -> None:
    document, repaired = of_text("养老数据\n据统计，全市共有养老机构12\n家，其 中护理型\u200b床位\n\n占六成。")
    assert repaired.text == "养老数据\n据统计，全市共有养老机构12家，其中护理型床位占六成。"
    for at, ch in enumerate(repaired.text):
        origin = repaired.origin(at)
        if origin is None:
            assert ch == "\n"
        else:
            assert document.blocks[origin[0]].text[origin[1]] == ch
    assert list(repaired.spans(15, 21)) == [(1, 10, 14), (2, 0, 2)]


LINE = st.text(alphabet="民政局老人社工站的和在12 　，。；：、（）()《》“”A-·\t\u200b\u00a0%一二", max_size=40)


@settings(deadline=None, max_examples=300)
@given(st.lists(LINE, max_size=12))
def test_nothing_is_lost_added_or_moved(lines: list[str]) -> None:
    document, repaired = of_text("\n".join(lines))
    kept = "".join(line for i, line in enumerate(lines) if i not in repaired.dropped)
    assert BLANKS.sub("", repaired.text) == BLANKS.sub("", kept)
    origins = [repaired.origin(at) for at in range(len(repaired.text))]
    found = [origin for origin in origins if origin is not None]
    assert found == sorted(set(found))
    assert all(document.blocks[b].text[o] == repaired.text[at] for at, origin in enumerate(origins) if origin for b, o in [origin])
    assert all(repaired.text[at] in "\n " for at, origin in enumerate(origins) if origin is None)


@settings(deadline=None, max_examples=300)
@given(st.lists(LINE, max_size=12))
def test_repairing_twice_changes_nothing(lines: list[str]) -> None:
    document, repaired = of_text("\n".join(lines))
    assert repair(repaired_document(document, repaired)).text == repaired.text


@settings(deadline=None, max_examples=200)
@given(st.lists(LINE, max_size=12))
def test_paragraphs_tile_the_text(lines: list[str]) -> None:
    repaired = of_text("\n".join(lines))[1]
    assert "\n".join(repaired.text[p.start : p.end] for p in repaired.paragraphs) == repaired.text


@pytest.mark.parametrize("name", sorted(p.name for p in (DATA / "digests").glob("*.txt")))
def test_repaired_text_read_again_is_the_same(name: str) -> None:
    repaired = repair(read(DATA / "digests" / name))
    assert of_text(repaired.text)[1].text == repaired.text


@pytest.mark.skipif(not SHARED.exists(), reason="no shared material here")
def test_seed_text_is_repaired_to_the_character() -> None:
    gold = [json.loads(line)["text"] for line in (SHARED / "gold/seeds.jsonl").read_text(encoding="utf-8").splitlines()]
    assert repair(read(SHARED / "seeds/bulletins.txt")).text == "\n".join(gold)
