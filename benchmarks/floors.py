"""Quality floors: extract the gold bulletins and hold `tests/floors.json`: `python -m benchmarks.floors [SHARED]`.

The seeds are read from the raw file that the project started from, split and repaired; the others from gold texts.
Exit code 1 when a score is below its floor.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from corpus.gold import GoldBulletin, read_gold
from corpus.records import Bulletin, Source
from pipeline.evaluate import Verdict, calibration_error, compare, interval, totals
from pipeline.extract import Draft, extract
from pipeline.ids import digest
from pipeline.run import process

ROOT = Path(__file__).parents[1]


def predict(gold: list[GoldBulletin]) -> Iterator[Bulletin]:
    """Each gold text with its title, attribution and publication date, as a reader would give them."""
    for bulletin in gold:
        source = Source(uri=bulletin.id, media_type="text/plain", sha256=digest(bulletin.text.encode()), item=0)
        yield extract(Draft(bulletin.text, source, bulletin.title, bulletin.attribution, bulletin.published))


def sets(shared: Path) -> Iterator[tuple[str, list[Verdict]]]:
    """Each set that is at hand, compared."""
    seeds = shared / "seeds" / "bulletins.txt"
    if seeds.is_file():
        yield "seeds", compare(read_gold(shared / "gold" / "seeds.jsonl"), process(seeds))
    files = {"dev": shared / "gold/dev.jsonl", "own": ROOT / "corpus/gold/dev.jsonl", "heldout": ROOT / "corpus/gold/heldout.jsonl"}
    for name, file in files.items():
        if file.is_file():
            gold = read_gold(file)
            yield name, compare(gold, predict(gold))


def main() -> int:
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    floors = json.loads((ROOT / "tests" / "floors.json").read_text(encoding="utf-8"))
    below = 0
    for name, verdicts in sets(shared):
        print(f"{name}: {len(verdicts)} bulletins, calibration error {calibration_error([p for v in verdicts for p in v.sure]):.3f}")
        for kind, count in totals(verdicts).items():
            low, high = interval(verdicts, kind)
            floor = floors[name][kind]
            fault = "" if count.f1 >= floor else "  BELOW ITS FLOOR"
            below += bool(fault)
            print(
                f"  {kind:14} F1 {count.f1:.3f} [{low:.3f}, {high:.3f}]  P {count.precision:.3f}  R {count.recall:.3f}  floor {floor}{fault}"
            )
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
