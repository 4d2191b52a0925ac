"""Numbers of public test suites found with the right value: `python -m benchmarks.suites SHARED`.

The suites (Microsoft Recognizers-Text, MIT) lie in SHARED/suites. What is claimed, by type: numbers, percentages, number ranges and
amounts of money as written Chinese prints them. Outside the claim, by form:
- a lone Chinese numeral with no measure word after it (这是五): in running text such a character is more often part of a word;
- 折 (discounts), 打 (dozens), Latin suffixes (5k), powers, foreign digit grouping, blanks between Arabic digits;
- ordinals (第十), ranges with two comparisons in words (1000以上，1500以下), sums in two foreign units (两美元又三美分).
A range open on one side (大于5000) is told by the number's comparator.
An expected entry is found when a number overlaps it and one of its ends has the value.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.amounts import find_amounts, find_comparator
from extractors.numbers import find_numbers
from extractors.units import find_unit

SUITES = {"rec_number": 0.97, "rec_percent": 0.97, "rec_number_range_nopy": 0.90, "rec_currency": 0.95}
_OUTSIDE = re.compile(r"折|[\d０-９]\s[\d０-９]|[A-Za-zＡ-Ｚａ-ｚ]|打|\^|\*|幾|几|第|^[-.]|元.*[分銭]")
_GROUPED = re.compile(r"\d\.\d+\.\d|[-－]{2}")
_COMPARED = re.compile(r"大于|小于|以上|以下|多于|少于|超过|高于|低于|之间|至少|最多")
_LONE = re.compile(r"[一二三四五六七八九十两兩百千万]")


@dataclass(slots=True)
class Tally:
    """Claimed entries, those found, and the misses in words."""

    claimed: int = 0
    found: int = 0
    outside: int = 0
    misses: list[str] | None = None


def entries(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each expected entry of a suite with its text."""
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        for expected in case["expect"]:
            yield case["text"], expected


def measure(path: Path) -> Tally:
    """Score one suite."""
    tally = Tally(misses=[])
    for text, expected in entries(path):
        if _OUTSIDE.search(expected["surface"]) or _GROUPED.search(text) or _is_lone(text, expected) or not _claimed(expected):
            tally.outside += 1
            continue
        tally.claimed += 1
        if _is_found(text, expected):
            tally.found += 1
        elif tally.misses is not None:
            tally.misses.append(f"{text!r}: {expected['surface']} = {expected.get('value')}")
    return tally


def _is_lone(text: str, expected: dict[str, Any]) -> bool:
    return _LONE.fullmatch(expected["surface"]) is not None and find_unit(text, expected["end"]) is None


def _claimed(expected: dict[str, Any]) -> bool:
    value = str(expected.get("value"))
    two_comparisons = len(_COMPARED.findall(expected["surface"])) > 1
    return bool(_numbers(value)) and not two_comparisons


def _is_found(text: str, expected: dict[str, Any]) -> bool:
    start, end = expected["start"], expected["end"]
    value = str(expected["value"])
    wanted = _numbers(value)
    found = [n for n in [*find_numbers(text), *find_amounts(text)] if n.start < end and n.end > start]
    if value.startswith(("(", "[")) and len(wanted) == 1:
        signs = (">", ">=") if value.endswith((",)", ",]")) else ("<", "<=")
        return any(_near(n.low, wanted[0]) and (n.comparator or find_comparator(text, n.start, n.end)[0]) in signs for n in found)
    ends = [(_ratio(n.low, n.unit, value), _ratio(n.high, n.unit, value)) for n in found]
    if len(wanted) == 2:
        return any(_near(low, wanted[0]) and _near(high, wanted[1]) for low, high in ends)
    return any(_near(low, wanted[0]) or _near(high, wanted[0]) for low, high in ends)


def _ratio(value: float, unit: str | None, wanted: str) -> float:
    """In percent where the suite speaks of percent: 千分之一 is 0.1 %."""
    if not wanted.endswith("%") or unit in ("%", "百分点"):
        return value
    return value / 10 if unit == "‰" else value * 100 if value < 1 else value


def _numbers(value: str) -> list[float]:
    return [float(v) for v in re.findall(r"-?\d+(?:\.\d+)?(?:E-?\d+)?", value)]


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(b))


def main() -> None:
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    for name, floor in SUITES.items():
        tally = measure(shared / "suites" / f"{name}.jsonl")
        print(
            f"{name:24} {tally.found}/{tally.claimed} = {tally.found / tally.claimed:.3f} (floor {floor}; {tally.outside} outside the claim)"
        )
        for miss in tally.misses or []:
            print("   ", miss)


if __name__ == "__main__":
    main()
