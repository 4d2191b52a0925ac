"""Golden bulletins: `tests/golden/<name>.txt` beside `<name>.json`, the facts that a reader of the text would write down.

A case is two files. `python tests/test_golden.py NAME` prints the JSON of a new one, to be checked by hand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from corpus.records import Bulletin, Period
from pipeline.run import process

FOLDER = Path(__file__).parent / "golden"


def _period(period: Period | None) -> str | None:
    return None if period is None else f"{period.start or ''}/{period.end or ''}"


def facts(bulletin: Bulletin) -> dict[str, Any]:
    """A bulletin's facts, one line of text each."""
    return {
        "title": bulletin.title,
        "attribution": bulletin.attribution,
        "published": str(bulletin.published) if bulletin.published else None,
        "place": bulletin.place.adcode if bulletin.place else None,
        "quantities": [
            " | ".join(
                str(part)
                for part in (
                    q.text,
                    f"{q.comparator or ''}{q.low:g}" + (f"–{q.high:g}" if q.low != q.high else ""),
                    q.unit,
                    q.per,
                    q.measure,
                    q.indicator,
                    q.status,
                    q.aspect,
                    _period(q.time),
                    q.place.adcode if q.place else None,
                )
            )
            for q in bulletin.quantities
        ],
        "times": [f"{t.text} | {_period(t.period)}" for t in bulletin.times],
        "policies": [f"{p.text} | {p.name} | {p.kind} | {p.number}" for p in bulletin.policies],
        "organizations": [f"{o.text} | {o.name}" for o in bulletin.organizations],
        "places": [f"{p.text} | {p.name} | {p.adcode}" for p in bulletin.places],
    }


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.txt")))
def test_facts_of_a_golden_bulletin(name: str) -> None:
    expected = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert [facts(bulletin) for bulletin in process(FOLDER / f"{name}.txt")] == expected


if __name__ == "__main__":
    found = [facts(bulletin) for bulletin in process(FOLDER / f"{sys.argv[1]}.txt")]
    print(json.dumps(found, ensure_ascii=False, indent=1))
