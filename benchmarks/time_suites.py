"""Dates of public test suites found with the right days, and speed: `python -m benchmarks.time_suites [SHARED]`.

The suites (Microsoft Recognizers-Text, MIT; JioNLP, Apache-2.0) lie in SHARED/suites. What is claimed are the forms that bulletins print:
numerals with 年, 月, 日, the numeric forms that begin with a year, 今年, 去年, 明年, 下个月, 近三年, ranges of them. Outside the claim:
weekdays, moon calendar and reign years, decades, seasons, day-first and two-digit numeric dates, chat (大前天, 后1年), a year as a bare
number or of two digits. A lone 29日 is claimed only where the words say that it is a day, so those of the suites are outside too.
A date is right when it overlaps the entry and has the days of its past or future reading; the suites' ends are exclusive or the first
day of the last year, so both readings of an end count. JioNLP's cases name no days: there only the spans are compared.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.times import Time, find_time_like, find_times

_FORMS = re.compile(
    r"""(?:[从在]|时间从)?\s*(?:
        (?:19|20)\d\d([-/.])\d\d?\1\d\d?
      | (?:(?:(?:19|20)\d\d|二[零〇]一[零〇一二三四五六七八九])\s*年|[今去前明]年)?\s*(?:[一二三四五六七八九十\d]{1,3}\s*月[份]?)?\s*(?:[一二三四五六七八九十\d]{1,3}\s*[日号])?
        (?:\s*[到至-]\s*(?:二[零〇]一[零〇一二三四五六七八九]年|(?:19|20)\d\d年)?(?:[一二三四五六七八九十\d]{1,3}月)?(?:[一二三四五六七八九十\d]{1,3}[日号])?)?(?:年?[底末])?
      | 上年末 | [上下本]个?月 | (?:近|过去)\s*[一二三四五六七八九十]\s*年
    )""",
    re.VERBOSE,
)
_LONE_DAY = re.compile(r"[一二三四五六七八九十\d]{1,3}[日号]")


def cases(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def is_claimed(surface: str, day_exists: bool) -> bool:
    """Whether bulletins print dates of this form."""
    return day_exists and _FORMS.fullmatch(surface) is not None and _LONE_DAY.fullmatch(surface) is None


def is_right(found: Time, readings: list[dict[str, str]]) -> bool:
    return any(_is_reading(found, reading) for reading in readings)


def _is_reading(found: Time, reading: dict[str, str]) -> bool:
    if "date" in reading:
        return found.period == (day := dt.date.fromisoformat(reading["date"]), day)
    start, end = (dt.date.fromisoformat(reading[key]) for key in ("startDate", "endDate"))
    ends = (end, end - dt.timedelta(1), end.replace(month=12, day=31) if (end.month, end.day) == (1, 1) else end)
    return found.period[0] == start and found.period[1] in ends


def measure(path: Path) -> None:
    """Print one suite's figure and what it misses."""
    right = claimed = outside = 0
    misses = []
    for case in cases(path):
        published = dt.date.fromisoformat(case["reference_time"][:10]) if case.get("reference_time") else None
        found = find_times(case["text"], published)
        like = find_time_like(case["text"])
        if not case["expect"]:
            claimed += 1
            right += not like
            misses += [f"{case['text']!r}: nothing"] if like else []
        for entry in case["expect"]:
            readings = [r for r in ((entry.get("normalized") or {}).get(key) for key in ("PastResolution", "FutureResolution")) if r]
            if not is_claimed(entry["surface"], not any(r.get("date", "").startswith("0001") for r in readings)):
                outside += 1
                continue
            claimed += 1
            if readings:
                hit = any(t.start < entry["end"] and t.end > entry["start"] and is_right(t, readings) for t in found)
            else:
                hit = any(a < entry["end"] and b > entry["start"] for a, b in like)
            right += hit
            misses += [] if hit else [f"{case['text']!r}: {entry['surface']}"]
    print(f"{path.stem:20} {right}/{claimed} = {right / max(1, claimed):.3f} ({outside} outside the claim)")
    for miss in misses:
        print("   ", miss)


def speed(path: Path) -> None:
    """Print characters per second on one core, the best of ten rounds, tables loaded."""
    texts = [case["text"] for case in cases(path)]
    size = sum(map(len, texts))
    for name, job in (("find_times", lambda text: find_times(text, dt.date(2023, 5, 16))), ("find_time_like", find_time_like)):
        best = float("inf")
        for _ in range(10):
            begun = time.perf_counter()
            for text in texts:
                job(text)
            best = min(best, time.perf_counter() - begun)
        print(f"{name:20} {size / best:,.0f} characters/s on {path.name} ({size} characters)")


def main() -> None:
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    for name in ("rec_date", "rec_date_period", "jio_time_extract"):
        measure(shared / "suites" / f"{name}.jsonl")
    speed(shared / "gold" / "dev.jsonl")


if __name__ == "__main__":
    main()
