"""What learned models add to the rules: `python -m benchmarks.ablation GOLD… [--model FOLDER]`.

For each gold file and all of them together, F1 by layer and characters per second (processor time, the best of three rounds) of the
rules, of the rules with the lexical model, and with `--model` of the rules with that token classifier and with both. A classifier must
not have been trained on what it is measured on.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.gold import GoldBulletin, read_gold
from corpus.records import Bulletin, Source
from models.classifier import locate
from pipeline.evaluate import Verdict, compare, totals
from pipeline.extract import Draft, extract
from pipeline.ids import digest
from pipeline.settings import Settings

KINDS = ("quantities", "full_facts", "times", "policies", "organizations", "places")
ROUNDS = 3


def arms(model: Path | None) -> dict[str, Settings]:
    """The settings to compare, by name."""
    rules = {"rules": Settings(), "+ lexical": Settings(lexical=True)}
    return rules | ({"+ classifier": Settings(model=model), "+ both": Settings(lexical=True, model=model)} if model else {})


def predict(gold: Iterable[GoldBulletin], settings: Settings) -> list[Bulletin]:
    """Each gold text with its title, attribution and publication date, as a reader would give them."""
    drafts = (
        Draft(
            bulletin.text,
            Source(uri=bulletin.id, media_type="text/plain", sha256=digest(bulletin.text.encode()), item=0),
            bulletin.title,
            bulletin.attribution,
            bulletin.published,
        )
        for bulletin in gold
    )
    return [extract(draft, settings) for draft in drafts]


def speed(gold: Sequence[GoldBulletin], settings: Settings) -> float:
    """Characters per second, dictionaries and models loaded."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        predict(gold, settings)
        best = max(best, sum(len(bulletin.text) for bulletin in gold) / (time.process_time() - start))
    return best


def line(name: str, verdicts: Sequence[Verdict], pace: float | None) -> str:
    """One row of the table: whole numbers only, no text of a bulletin."""
    counts = totals(verdicts)
    scores = "  ".join(f"{counts[kind].f1:12.3f}" for kind in KINDS)
    added = "/".join(str(counts[kind].predicted) for kind in KINDS[3:])
    return f"{name:14}{scores}  {added:>14}  {'' if pace is None else format(pace, '12,.0f')}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--model")
    args = parser.parse_args()
    chosen = arms(locate(args.model) if args.model else None)
    together: dict[str, list[Verdict]] = {name: [] for name in chosen}
    heading = f"{'':14}" + "  ".join(f"{kind:>12}" for kind in KINDS) + f"  {'pol/org/places':>14}  {'characters/s':>12}"
    for path in args.gold:
        gold = read_gold(path)
        print(f"{path}: {len(gold)} bulletins\n{heading}")
        for name, settings in chosen.items():
            verdicts = compare(gold, predict(gold, settings))
            together[name] += verdicts
            print(line(name, verdicts, speed(gold, settings)))
    print(f"together\n{heading}")
    for name, verdicts in together.items():
        print(line(name, verdicts, None))


if __name__ == "__main__":
    main()
