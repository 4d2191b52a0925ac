"""Measure predictions against gold: precision, recall and F1 by fact kind, field and domain, with confidence intervals.

A prediction and a gold fact are the same when their spans overlap and they agree in what their kind is about:
quantities in value, times in period, policies and organizations in name, places in adcode. Intervals are
percentile bootstraps over bulletins (1,000 resamples, fixed seed), since facts of one bulletin err together.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.gold import GoldBulletin
from corpus.records import LAYERS, Bulletin

_MARKS = re.compile(r"[\s“”\"‘’'《》「」]")
RESAMPLES = 1000


def bare(text: str | None) -> str:
    """Text without white space, quotes and title marks, as names are compared."""
    return _MARKS.sub("", text or "")


def _period(value: Any) -> tuple[Any, Any] | None:
    return None if value is None else (value.start, value.end) if hasattr(value, "start") else tuple(value)


def _code(place: Any) -> str | None:
    return place if place is None or isinstance(place, str) else place.adcode


def _measure_right(gold: Any, said: Any) -> bool:
    if gold.measure is None:
        return said.measure is None
    return bare(gold.head) in bare(said.measure) and bare(said.measure) in bare(gold.measure) and said.measure is not None


FIELDS: dict[str, Callable[[Any, Any], bool]] = {
    "comparator": lambda g, p: g.comparator == p.comparator,
    "unit": lambda g, p: g.unit == p.unit,
    "per": lambda g, p: bare(g.per) == bare(p.per),
    "measure": _measure_right,
    "indicator": lambda g, p: g.indicator == p.indicator,
    "status": lambda g, p: g.status == p.status,
    "aspect": lambda g, p: g.aspect == p.aspect,
    "time": lambda g, p: _period(g.time) == _period(p.time),
    "place": lambda g, p: _code(g.place) == _code(p.place),
}
WHOLE = ("comparator", "unit", "measure", "status", "time", "place")
SAME: dict[str, Callable[[Any, Any], bool]] = {
    "quantities": lambda g, p: abs(g.low - p.low) <= 1e-6 * max(1, abs(g.low)) and abs(g.high - p.high) <= 1e-6 * max(1, abs(g.high)),
    "times": lambda g, p: _period(g.period) == _period(p.period),
    "policies": lambda g, p: bare(g.name) == bare(p.name) and g.kind == p.kind,
    "organizations": lambda g, p: bare(g.name) == bare(p.name),
    "places": lambda g, p: g.adcode == p.adcode,
}


@dataclass(slots=True)
class Count:
    """Right, annotated and predicted facts."""

    right: int = 0
    gold: int = 0
    predicted: int = 0

    def add(self, other: Count) -> None:
        self.right += other.right
        self.gold += other.gold
        self.predicted += other.predicted

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        total = self.gold + self.predicted
        return 2 * self.right / total if total else 1.0


@dataclass(slots=True)
class Verdict:
    """One bulletin compared: counts by kind (and `full_facts`), right fields, pairs of confidence and rightness, errors in words."""

    bulletin: GoldBulletin
    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    fields: Counter[str] = field(default_factory=Counter)
    sure: list[tuple[float, bool]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def compare(gold: Sequence[GoldBulletin], predicted: Iterable[Bulletin]) -> list[Verdict]:
    """A verdict for each gold bulletin; predictions find theirs by text."""
    by_text = defaultdict(list)
    for bulletin in predicted:
        by_text[_home(gold, bulletin)].append(bulletin)
    return [_verdict(bulletin, by_text.get(i, [])) for i, bulletin in enumerate(gold)]


def _home(gold: Sequence[GoldBulletin], bulletin: Bulletin) -> int | None:
    grams = _grams(bulletin.text)
    shared = [len(grams & _grams(g.text)) for g in gold]
    best = max(range(len(gold)), key=shared.__getitem__, default=None)
    return best if best is not None and shared[best] else None


def _grams(text: str) -> set[str]:
    squeezed = re.sub(r"\s", "", text)
    return {squeezed[i : i + 8] for i in range(max(1, len(squeezed) - 7))}


def _places_of(text: str) -> list[int]:
    """For each offset the number of non-blank characters before it."""
    out, count = [], 0
    for ch in text:
        out.append(count)
        count += not ch.isspace()
    return [*out, count]


def _verdict(gold: GoldBulletin, predicted: Sequence[Bulletin]) -> Verdict:
    verdict = Verdict(gold)
    here = _places_of(gold.text)
    squeezed = re.sub(r"\s", "", gold.text)
    for layer in LAYERS:
        wanted = [((here[f.start], here[f.end]), f) for f in getattr(gold, layer)]
        said: list[tuple[tuple[int, int], Any]] = []
        for bulletin in predicted:
            there = _places_of(bulletin.text)
            shift = max(0, squeezed.find(re.sub(r"\s", "", bulletin.text)[:40]))
            said += [((there[f.start] + shift, there[f.end] + shift), f) for f in getattr(bulletin, layer)]
        pairs = list(_pairs(layer, wanted, said))
        verdict.counts[layer] = Count(len(pairs), len(wanted), len(said))
        _explain(verdict, layer, wanted, said, pairs)
        if layer == "quantities":
            _fields(verdict, [(wanted[i][1], said[j][1]) for i, j in pairs])
    return verdict


def _pairs(layer: str, wanted: Sequence[Any], said: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """One-to-one pairs, best overlap first."""
    options = []
    for i, ((a, b), g) in enumerate(wanted):
        for j, ((c, d), p) in enumerate(said):
            common = min(b, d) - max(a, c)
            if common > 0 and SAME[layer](g, p) and (layer != "organizations" or (a, b) == (c, d)):
                options.append((-common / max(b - a, d - c), i, j))
    used: set[tuple[str, int]] = set()
    for _, i, j in sorted(options):
        if not used & {("g", i), ("p", j)}:
            used |= {("g", i), ("p", j)}
            yield i, j


def _fields(verdict: Verdict, pairs: Sequence[tuple[Any, Any]]) -> None:
    whole = 0
    for gold, said in pairs:
        right = {name: same(gold, said) for name, same in FIELDS.items()}
        verdict.fields.update(name for name, ok in right.items() if ok)
        verdict.errors += [
            f"field {name}: {gold.text} {getattr(gold, name)!s} ≠ {getattr(said, name)!s}" for name, ok in right.items() if not ok
        ]
        all_right = all(right[name] for name in WHOLE)
        whole += all_right
        verdict.sure.append((said.confidence, all_right))
    count = verdict.counts["quantities"]
    verdict.counts["full_facts"] = Count(whole, count.gold, count.predicted)


def _explain(verdict: Verdict, layer: str, wanted: Sequence[Any], said: Sequence[Any], pairs: Sequence[tuple[int, int]]) -> None:
    found, used = {i for i, _ in pairs}, {j for _, j in pairs}
    verdict.errors += [f"missed {layer}: {f.text}" for i, (_, f) in enumerate(wanted) if i not in found]
    verdict.errors += [f"extra {layer}: {f.text}" for j, (_, f) in enumerate(said) if j not in used]


def totals(verdicts: Iterable[Verdict]) -> dict[str, Count]:
    """Counts summed over bulletins, by kind."""
    summed: dict[str, Count] = {name: Count() for name in (*LAYERS, "full_facts")}
    for verdict in verdicts:
        for name in summed:
            summed[name].add(verdict.counts[name])
    return summed


def interval(verdicts: Sequence[Verdict], kind: str) -> tuple[float, float]:
    """95 % bootstrap interval of F1."""
    counts = [verdict.counts[kind] for verdict in verdicts]
    dice = random.Random(20220308)
    scores = []
    for _ in range(RESAMPLES):
        total = Count()
        for count in dice.choices(counts, k=len(counts)):
            total.add(count)
        scores.append(total.f1)
    scores.sort()
    return scores[int(0.025 * RESAMPLES)], scores[int(0.975 * RESAMPLES) - 1]


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins of confidence."""
    bins: Mapping[int, list[tuple[float, bool]]] = defaultdict(list)
    for sure, right in pairs:
        bins[min(9, int(sure * 10))].append((sure, right))
    return sum(abs(sum(s for s, _ in b) - sum(r for _, r in b)) for b in bins.values()) / max(1, len(pairs))
