"""Warnings: what a careful reader would doubt in a bulletin's own numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from corpus.records import Quantity, Warning
from extractors.times import Time


def find_warnings(text: str, quantities: Sequence[Quantity], times: Sequence[Time], published: dt.date | None) -> list[Warning]:
    """All doubts about one bulletin, in text order."""
    found = [*_shares(quantities), *_conflicts(quantities), *_late_dates(times, quantities, published), *_low_targets(quantities)]
    return sorted(found, key=lambda warning: (warning.start, warning.code))


def _shares(quantities: Sequence[Quantity]) -> Iterator[Warning]:
    """A share above 100 % of a whole."""
    for q in quantities:
        if q.aspect == "share" and q.unit == "%" and q.high > 100:
            yield Warning(code="share-over-100", message=f"{q.text} 超过 100%", start=q.start, end=q.end)


def _conflicts(quantities: Sequence[Quantity]) -> Iterator[Warning]:
    """The same indicator, measure, place and time with two values."""
    seen: dict[tuple[object, ...], Quantity] = {}
    for q in quantities:
        if q.indicator is None or q.aspect != "level" or q.comparator is not None:
            continue
        key = (q.indicator, q.measure, q.unit, q.per, q.status, q.time, q.place)
        first = seen.setdefault(key, q)
        if (first.low, first.high) != (q.low, q.high) and first.sentence != q.sentence:
            yield Warning(code="two-values", message=f"{q.measure}: {first.text} 与 {q.text} 不一致", start=q.start, end=q.end)


def _late_dates(times: Sequence[Time], quantities: Sequence[Quantity], published: dt.date | None) -> Iterator[Warning]:
    """A reported number for a period that begins after publication."""
    if published is None:
        return
    for q in quantities:
        if q.status == "actual" and q.time is not None and q.time.start is not None and q.time.start > published:
            yield Warning(code="after-publication", message=f"{q.text} 的时间晚于发布日期 {published}", start=q.start, end=q.end)


def _low_targets(quantities: Sequence[Quantity]) -> Iterator[Warning]:
    """A target below the level that is already reported."""
    levels: dict[tuple[object, ...], Quantity] = {}
    for q in quantities:
        if q.indicator is None or q.aspect not in ("level", "share") or q.value is None:
            continue
        key = (q.indicator, q.unit, q.per, q.place)
        if q.status == "actual":
            levels[key] = q
        elif q.status == "target" and (level := levels.get(key)) and level.measure == q.measure and level.value is not None and q.value < level.value:
            yield Warning(code="target-below-level", message=f"目标 {q.text} 低于现值 {level.text}", start=q.start, end=q.end)
