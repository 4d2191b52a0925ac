"""Warnings: what a careful reader would doubt in a bulletin's own numbers. They never change a fact."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise

from corpus.records import Quantity, Warning
from extractors.times import Time

_REACHED = re.compile(r"(?:[达到至]|突破|超过|不少于|不低于|保持在|稳定在)$")
_SHARE_OF = re.compile(r"[，,（(]?占(?:比为?|(?P<whole>[\u4e00-\u9fff]{2,12}?)的)?")
_SUM = re.compile(r"[，,、]?(?:共计|合计|总计|一共)(?:有|为|达)?")
_GOAL = re.compile("任务|目标|计划|预算|完成")
_WHOLE = re.compile("共|现有|达|总|有")
_DONE = re.compile(r"[^。；;\n]{0,40}?(?:已|了(?!解)|顺利|成功举)")
_POINTS = 0.6  # a share is printed to one decimal and its numbers are rounded, so half a point can differ
_RESIDENTS = 2.0  # factor between the population that a share implies and the census's


def find_warnings(text: str, quantities: Sequence[Quantity], times: Sequence[Time], published: dt.date | None) -> list[Warning]:
    """All doubts about one bulletin, in text order."""
    found = [*_two_values(text, quantities), *_low_targets(text, quantities)]
    for _, group in groupby(quantities, key=lambda q: q.sentence):
        sentence = list(group)
        found += [*_shares(text, sentence), *_parts(text, sentence), *_sums(text, sentence), *_residents(text, sentence)]
    if published is not None:
        found += [*_after_publication(quantities, published), *_dates_ahead(text, times, published)]
    return sorted(found, key=lambda warning: (warning.start, warning.code))


def _warning(code: str, q: Quantity, message: str) -> Warning:
    return Warning(code=code, message=message, start=q.start, end=q.end)


def _shares(text: str, sentence: Sequence[Quantity]) -> Iterator[Warning]:
    """A share over 100 %, or one that does not fit the total and the part named right before it."""
    for i, q in enumerate(sentence):
        if q.aspect != "share" or q.unit != "%" or q.value is None:
            continue
        if q.value > 100 and not _GOAL.search(text, max(0, q.start - 30), q.start):
            yield _warning("share-over-100", q, f"占比 {q.text} 超过 100%")
        pair = _total_and_part(text, sentence, i)
        if pair is None or not _is_share_of(text[pair[1].end : q.start], pair[0]):
            continue
        implied = 100 * pair[1].low / pair[0].low
        if abs(implied - q.value) > _POINTS:
            yield _warning("share-does-not-fit", q, f"{pair[1].text}占{pair[0].text}的 {implied:.1f}%，文中为 {q.text}")


def _is_share_of(said: str, total: Quantity) -> bool:
    """Whether 占, 占比为, 占总数的 or 占老年人的 after a part speaks of the total before it."""
    match = _SHARE_OF.fullmatch(said)
    return match is not None and (
        match["whole"] is None or match["whole"] in ("总数", "总量", "全部") or match["whole"] in (total.measure or "")
    )


def _total_and_part(text: str, sentence: Sequence[Quantity], i: int) -> tuple[Quantity, Quantity] | None:
    """The part right before a share and the total that it is a part of (其中 between them)."""
    if i < 2:
        return None
    part = sentence[i - 1]
    for total in reversed(sentence[: i - 1]):
        if total.unit == part.unit and total.value and part.value and "其中" in text[total.end : part.start]:
            return (total, part) if total.low >= part.low else None
    return None


def _parts(text: str, sentence: Sequence[Quantity]) -> Iterator[Warning]:
    """Parts listed after 其中 that add up to more than their total."""
    for i, total in enumerate(sentence):
        if total.value is None or total.unit in ("%", "元") or total.comparator or total.aspect == "change":
            continue
        parts = []
        for q in sentence[i + 1 :]:
            if "其中" not in text[total.end : q.start] or q.unit != total.unit or "；" in text[total.end : q.start] or q.aspect == "change":
                break
            parts.append(q)
        kind = (total.measure or "")[-2:]
        parts = [p for p in parts if (p.measure or "").endswith(kind)] or parts  # 低保对象…，其中城市、农村低保对象…，特困人员…
        if len(parts) > 1 and all(p.value is not None for p in parts) and sum(p.low for p in parts) > total.low * 1.005:
            yield _warning("parts-exceed-total", total, f"分项合计 {sum(p.low for p in parts):,.10g} 大于总数 {total.text}")


def _sums(text: str, sentence: Sequence[Quantity]) -> Iterator[Warning]:
    """Numbers of one unit followed by a sum that they don't add up to: 甲类12家、乙类15家，共计28家."""
    for i, total in enumerate(sentence):
        parts = []
        for q in reversed(sentence[:i]):
            if q.unit != total.unit or q.value is None or q.aspect == "change" or "；" in text[q.end : total.start]:
                break
            parts.append(q.value)
        exact = total.value is not None and total.comparator is None and total.unit not in ("%", "元")
        closes = i > 0 and _SUM.fullmatch(text, sentence[i - 1].end, total.start) is not None
        if exact and closes and len(parts) > 1 and total.value != sum(parts):
            yield _warning("sum-differs", total, f"各项合计 {sum(parts):,.10g}，文中为 {total.text}")


def _residents(text: str, sentence: Sequence[Quantity]) -> Iterator[Warning]:
    """A share of a province's residents that its population rules out: 8.45万人占常住人口的17.6%."""
    for people, share in pairwise(sentence):
        said = text[people.end : share.start]
        if people.unit != "人" or share.unit != "%" or not share.value or "占" not in said or "人口" not in said or share.place is None:
            continue
        census = _population().get(share.place.adcode or "")
        implied = 100 * people.low / share.value
        if census and not census / _RESIDENTS < implied < census * _RESIDENTS:
            message = f"{people.text}占{share.text}，则总数约 {implied:,.0f} 人，而{share.place.name}约有 {census:,} 人"
            yield _warning("share-of-residents", share, message)


@cache
def _population() -> dict[str, int]:
    lines = (files("extractors") / "tables/population.csv").read_text(encoding="utf-8").splitlines()
    return {row["adcode"]: int(row["population"]) for row in csv.DictReader(line for line in lines if not line.startswith("#"))}


def _is_total(text: str, q: Quantity) -> bool:
    """Whether a number tells of all that its measure names: 共有社会组织23家, 社会组织达23家; not 抽查的23家社会组织, 3A级社会组织23家."""
    at = text.rfind(q.measure or "", 0, q.start)
    bare = at >= 0 and (at == 0 or not "\u4e00" <= text[at - 1] <= "\u9fff" or text[at - 1] in "市县省区州旗国有共的达")
    return bare and (text[at + len(q.measure or "") : q.start] in ("", "为") or _WHOLE.search(text, max(0, at - 4), q.start) is not None)


def _two_values(text: str, quantities: Sequence[Quantity]) -> Iterator[Warning]:
    """The same thing, place and time with two values in different sentences."""
    seen: dict[tuple[object, ...], Quantity] = {}
    for q in quantities:
        if q.indicator is None or q.aspect != "level" or q.comparator is not None or q.status != "actual" or not _is_total(text, q):
            continue
        if "其中" in text[max(q.start - 60, text.rfind("。", 0, q.start)) : q.start]:
            continue  # 其中公办机构31家、床位7,900张
        first = seen.setdefault((q.indicator, q.measure, q.unit, q.per, q.time, q.place), q)
        if (first.low, first.high) != (q.low, q.high) and first.sentence != q.sentence:
            yield _warning("two-values", q, f"{q.measure}：前文为 {first.text}，此处为 {q.text}")


def _after_publication(quantities: Sequence[Quantity], published: dt.date) -> Iterator[Warning]:
    """A reported number for a period that begins after publication; how much a standard rises then is no such number."""
    for q in quantities:
        if q.status == "actual" and q.aspect != "change" and q.time is not None and q.time.start is not None and q.time.start > published:
            yield _warning("after-publication", q, f"{q.text} 的时间晚于发布日期 {published}")


def _dates_ahead(text: str, times: Sequence[Time], published: dt.date) -> Iterator[Warning]:
    """A day after publication of which the text speaks as past."""
    for time in times:
        start = time.period[0]
        if time.role == "point" and start is not None and start > published and _DONE.match(text, time.end):
            message = f"{time.text}晚于发布日期 {published}"
            yield Warning(code="date-after-publication", message=message, start=time.start, end=time.end)


def _low_targets(text: str, quantities: Sequence[Quantity]) -> Iterator[Warning]:
    """A target below the level that the bulletin itself reports."""
    levels: dict[tuple[object, ...], Quantity] = {}
    for q in quantities:
        key = (q.indicator, q.measure, q.unit, q.per, q.place)
        if q.indicator is None or q.aspect not in ("level", "share") or q.value is None or not _is_total(text, q):
            continue
        if q.status == "actual":
            levels[key] = q
        elif q.status == "target" and _REACHED.search(text, max(0, q.start - 8), q.start) and key in levels and q.low < levels[key].low:
            yield _warning("target-below-level", q, f"目标 {q.text} 低于现值 {levels[key].text}")
