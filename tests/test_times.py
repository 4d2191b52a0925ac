"""Cases are data: tests/data/times.tsv, its head says how to read it."""

from __future__ import annotations

import datetime as dt
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.calendar import add_months, add_years, cut, days, months
from extractors.times import Period, find_time_like, find_times
from extractors.timewords import normalise, parse_numeral

_MARK = re.compile(r"\{([^{}=]+)=([^{}~]*)(?:~(\w+))?\}")
_LINES = (Path(__file__).parent / "data" / "times.tsv").read_text(encoding="utf-8").splitlines()
_CASES = [tuple(line.split("\t")) for line in _LINES if line and not line.startswith("#")]
_GOLD = sorted((Path(__file__).parents[1].parent / "shared" / "gold").glob("*.jsonl"))
_PUBLISHED = dt.date(2023, 5, 16)
_WORDS = """
2023 20 8 31 年 月 日 号 一 十二 二〇二四 今年 去年 上年 同期 当年 年底 月底 前 以来 至 到 — - 、 ， 。 《 》 “ ” 十四五 末 时期 截至 自 起
比 目前 近三年 季度 第一 上半年 全年 记者 每年 将 已 （ ） ： 个 万 . / 今天 本月 党的二十大 民政局 覆盖率
"""
_PIECES = st.lists(st.sampled_from(["\n", " ", "\u3000", *_WORDS.split()]), max_size=40).map("".join)


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _period(text: str) -> Period:
    start, slash, end = text.partition("/")
    return (_day(start), _day(end)) if slash else (_day(start), _day(start))


def _read(marked: str) -> tuple[str, list[tuple[int, int, Period]], dict[int, str]]:
    """The plain text, its expected spans with periods, and the roles by start."""
    text, at = "", 0
    expected: list[tuple[int, int, Period]] = []
    roles: dict[int, str] = {}
    for m in _MARK.finditer(marked):
        text += marked[at : m.start()]
        expected.append((len(text), len(text) + len(m[1]), _period(m[2])))
        if m[3]:
            roles[len(text)] = m[3]
        text += m[1]
        at = m.end()
    return (text + marked[at:]).replace("⏎", "\n"), expected, roles


@pytest.mark.parametrize(("published", "marked"), _CASES, ids=lambda value: value[:40])
def test_case(published: str, marked: str) -> None:
    text, expected, roles = _read(marked)
    found = find_times(text, None if published == "-" else _day(published))
    assert [(text[t.start : t.end], t.period) for t in found] == [(text[a:b], period) for a, b, period in expected]
    assert [(t.start, t.end) for t in found] == [(a, b) for a, b, _ in expected]
    assert {t.start: t.role for t in found if t.start in roles} == roles


def test_cases_are_many_and_hold_enough_that_yield_nothing() -> None:
    assert len(_CASES) >= 400
    assert sum("{" not in marked for _, marked in _CASES) >= 80


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("近三年投入1.2亿元", "近三年"),
        ("近年来，社会组织发展加快", "近年来"),
        ("上午8:30至12:00受理", "上午8:30"),
        ("编入“十四五”规划", "“十四五”"),
        ("每月8日为接待日", "每月8日"),
        ("《2023—2025年行动方案》印发", "2023—2025年"),
        ("20世纪90年代建成", "90年代"),
        ("三年来累计服务2.1万人次", "三年来"),
        ("2021届毕业生，4月31日", "4月31日"),
        ("工作时间9:00-17:30", "9:00-17:30"),
    ],
)
def test_time_like_covers_what_is_no_fact(text: str, covered: str) -> None:
    assert covered in [text[a:b] for a, b in find_time_like(text)]


@pytest.mark.parametrize(
    "text", ["年满60周岁", "为期3个月", "提前2年完成", "30日以内办结", "20个工作日", "救助2023人次", "补贴2021.5万元", "2至4名社工"]
)
def test_ages_and_lengths_are_not_time_like(text: str) -> None:
    assert find_time_like(text) == []


@given(_PIECES, st.sampled_from([None, _PUBLISHED, dt.date(2024, 2, 29)]))
@settings(max_examples=400, deadline=None)
def test_facts_point_into_the_text(text: str, published: dt.date | None) -> None:
    found = find_times(text, published)
    assert found == find_times(text, published)
    for t in found:
        assert text[t.start : t.end] == t.text != ""
        assert any(t.period)
        assert None in t.period or t.period[0] <= t.period[1]  # type: ignore[operator]
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(_PIECES)
@settings(max_examples=200, deadline=None)
def test_time_like_covers_every_fact(text: str) -> None:
    like = find_time_like(text)
    assert like == sorted(like)
    assert {(t.start, t.end) for t in find_times(text, _PUBLISHED)} <= set(like)


@given(_PIECES)
@settings(max_examples=200, deadline=None)
def test_titles_hold_no_facts(text: str) -> None:
    assert find_times("《" + re.sub("[《》\n]", "", text) + "》", _PUBLISHED) == []


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31)),
    st.sampled_from(["%Y年%-m月%-d日", "%Y-%m-%d", "%Y/%-m/%-d", "%Y.%m.%d", "%Y 年 %m 月 %d 日"]),
)
@settings(deadline=None)
def test_full_dates_come_back(day: dt.date, form: str) -> None:
    text = f"通知于{day.strftime(form)}印发"
    assert [(t.text, t.period) for t in find_times(text)] == [(day.strftime(form), (day, day))]


@given(st.dates(dt.date(2015, 1, 1), dt.date(2030, 12, 31)), st.integers(0, 160))
@settings(deadline=None)
def test_a_recent_day_without_a_year_lies_just_before_publication(published: dt.date, ago: int) -> None:
    day = published - dt.timedelta(ago)
    found = find_times(f"{day.month}月{day.day}日，县民政局走访养老机构。", published)
    assert [t.period for t in found] == [(day, day)]


@given(st.text(max_size=60))
def test_normalising_keeps_every_offset(text: str) -> None:
    assert len(normalise(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "value"), [("2024", 2024), ("二〇二四", 2024), ("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31), ("两", 2), ("07", 7)]
)
def test_numerals(text: str, value: int) -> None:
    assert parse_numeral(text) == value


def test_calendar() -> None:
    assert add_years(dt.date(2024, 2, 29), -1) == dt.date(2023, 2, 28)
    assert add_years(dt.date(2023, 2, 28), 1) == dt.date(2024, 2, 29)
    assert add_months(dt.date(2023, 1, 31), -1) == dt.date(2022, 12, 1)
    assert days(2023, 2, 29, 29) is None
    assert months(2023, 6, 3) is None
    assert cut(months(2024, 2, 2), "下旬") == (dt.date(2024, 2, 21), dt.date(2024, 2, 29))
    assert cut(months(2024, 2, 2), "底") == (dt.date(2024, 2, 29), dt.date(2024, 2, 29))


@pytest.mark.skipif(not _GOLD, reason="gold bulletins are not here")
@pytest.mark.parametrize("path", _GOLD, ids=lambda path: path.stem)
def test_gold(path: Path) -> None:
    right = gold = predicted = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        bulletin = json.loads(line)
        found = {(t.start, t.end, t.period) for t in find_times(bulletin["text"], _day(bulletin["published"] or ""))}
        wanted = {(t["start"], t["end"], tuple(_day(day or "") for day in t["period"])) for t in bulletin["times"]}
        right, gold, predicted = right + len(found & wanted), gold + len(wanted), predicted + len(found)
    assert 2 * right / (gold + predicted) >= 0.97
