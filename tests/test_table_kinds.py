"""Tables of the kinds that offices publish: the same facts from a web page, a Word file and a spreadsheet.

`tests/data/tables.json` has for each fact text, value, unit, per, measure, status, aspect, place and time.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from make_tables import MAKERS, Case

from pipeline.run import process

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "tables.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_facts(case: dict[str, Any], kind: str) -> None:
    merged = [(tuple(first), tuple(last)) for first, last in case["merged"]]
    data = MAKERS[kind](Case(case["title"], case["caption"], case["rows"], merged, case["notes"]))  # type: ignore[arg-type]
    [bulletin] = process(f"a.{kind}", data=data)
    found = [
        [
            *(q.text, q.value, q.unit, q.per, q.measure, q.status, q.aspect),
            q.place.name if q.place else None,
            f"{q.time.start}/{q.time.end}" if q.time else None,
        ]
        for q in bulletin.quantities
    ]
    assert found == case["facts"]
