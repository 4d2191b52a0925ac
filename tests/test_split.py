"""Splitting: no bulletin lost, none cut in two, each with its headline, origin and date."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from digests import Digest, bulletins, digests

from pipeline.attribution import find_attribution
from pipeline.document import Document
from pipeline.metadata import find_published, find_title, parse_date
from pipeline.read import read
from pipeline.repair import repair
from pipeline.split import Item, split

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[1].parent / "shared"


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def items_of(source: Path | bytes, name: str = "x.txt") -> tuple[str, list[Item]]:
    ((text, items),) = parts_of(read(source, name))
    return text, items


def parts_of(document: Document) -> list[tuple[str, list[Item]]]:
    if document.parts:
        return [found for part in document.parts for found in parts_of(part)]
    repaired = repair(document)
    return [(repaired.text, split(repaired, document))]


@pytest.mark.parametrize("name", sorted(path.stem for path in (DATA / "digests").glob("*.txt")))
def test_written_digests(name: str) -> None:
    text, items = items_of(DATA / "digests" / f"{name}.txt")
    expected = json.loads((DATA / "digests" / f"{name}.json").read_text(encoding="utf-8"))["items"]
    assert [(i.title, i.attribution, i.published and i.published.isoformat()) for i in items] == [
        (e["title"], e["attribution"], e["published"]) for e in expected
    ]
    for item, wanted in zip(items, expected, strict=True):
        own = text[item.start : item.end]
        assert own.count("\n") + 1 == wanted["paragraphs"], own
        assert [part for part in wanted["contains"] if part not in own] == []


@pytest.mark.parametrize("digest", list(digests()), ids=lambda digest: digest.name)
def test_made_digests(digest: Digest) -> None:
    parts = parts_of(read(digest.data, digest.name))
    got = [(squeezed(text[i.start : i.end]), squeezed(i.title or ""), i.attribution) for text, items in parts for i in items]
    assert got == [(squeezed(b["text"]), squeezed(b["title"]), b["attribution"]) for b in digest.bulletins]


@pytest.mark.parametrize("bulletin", bulletins().values(), ids=lambda b: str(b["id"]))
def test_one_bulletin_is_never_cut(bulletin: dict[str, str]) -> None:
    text, items = items_of(bulletin["text"].encode())
    assert [(text[i.start : i.end], i.title, i.attribution) for i in items] == [
        (bulletin["text"], bulletin["title"], bulletin["attribution"])
    ]


SINGLES = [json.loads(line) for line in (DATA / "singles.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("single", SINGLES, ids=lambda single: str(single["why"]))
def test_signs_within_one_bulletin_cut_nothing(single: dict[str, str | None]) -> None:
    text, items = items_of((single["text"] or "").encode())
    assert text == single["text"]
    got = [(i.start, i.end, i.title, i.attribution, i.published and i.published.isoformat()) for i in items]
    assert got == [(0, len(text), single["title"], single["attribution"], single["published"])]


@pytest.mark.skipif(not SHARED.exists(), reason="no shared material here")
def test_seeds() -> None:
    gold = [json.loads(line) for line in (SHARED / "gold/seeds.jsonl").read_text(encoding="utf-8").splitlines()]
    text, items = items_of(SHARED / "seeds/bulletins.txt")
    assert [(text[i.start : i.end], i.title, i.attribution) for i in items] == [(g["text"], g["title"], g["attribution"]) for g in gold]


@pytest.mark.skipif(not SHARED.exists(), reason="no shared material here")
def test_shared_bulletins_are_each_one() -> None:
    for line in (SHARED / "gold/dev.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        text, items = items_of(gold["text"].encode())
        assert [(text[i.start : i.end], i.title, i.attribution) for i in items] == [(gold["text"], gold["title"], gold["attribution"])]


ORIGINS = [json.loads(line) for line in (DATA / "origins.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", ORIGINS, ids=lambda case: str(case["lines"][-1])[-20:])
def test_title_origin_and_date(case: dict[str, object]) -> None:
    lines = [str(line) for line in case["lines"]]  # type: ignore[attr-defined]
    dated = find_published(lines)
    assert find_attribution(lines) == case["attribution"]
    assert (dated and dated.day.isoformat()) == case.get("published")
    if "title" in case:
        assert find_title(lines) == case["title"]


@pytest.mark.parametrize(
    ("last", "origin"),
    [
        ("泸县民政局供稿", "泸县民政局"),
        ("（泸县民政局　王某）", "泸县民政局"),
        ("已发放完毕。（泸县民政局 2024年7月1日）", "泸县民政局"),
        ("已发放完毕。（《泸州日报》7月6日）", "《泸州日报》"),
        ("（泸县民政局答复）", None),
    ],
)
def test_origins_in_a_closing_line(last: str, origin: str | None) -> None:
    assert find_attribution(["泸县发放过冬物资", "近日，泸县发放过冬物资1,200份。", last]) == origin


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年2月29日", dt.date(2024, 2, 29)),
        ("二〇二四年十二月三十一日", dt.date(2024, 12, 31)),
        ("二○二三年十月八日", dt.date(2023, 10, 8)),
        ("2023-07-21 10:22", dt.date(2023, 7, 21)),
        ("2023 年 7 月 1 日", dt.date(2023, 7, 1)),
        ("2023年2月30日", None),
        ("7月21日", None),
    ],
)
def test_dates(text: str, day: dt.date | None) -> None:
    assert parse_date(text) == day
