"""Cases are data: tests/data/times.tsv, its head says how to read it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from extractors.times import Period, find_times

_MARK = re.compile(r"\{([^{}=]+)=([^{}~]*)(?:~(\w+))?\}")
_LINES = (Path(__file__).parent / "data" / "times.tsv").read_text(encoding="utf-8").splitlines()
_CASES = [tuple(line.split("\t")) for line in _LINES if line and not line.startswith("#")]
_SHARED = Path(__file__).parents[2] / "shared"


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _period(text: str) -> Period:
    start, slash, end = text.partition("/")
    return (_day(start), _day(end)) if slash else (_day(start), _day(start))


def _read(marked: str) -> tuple[str, list[tuple[int, int, Period]], dict[int, str]]:
    """The plain text, its expected spans with periods, and the roles by start."""
    text, expected, roles, at = "", [], {}, 0
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
