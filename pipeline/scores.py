"""The scores of an evaluation as a table, and the floors they must not fall below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.evaluate import FIELDS, Verdict, calibration_error, interval, totals


def report(verdicts: Sequence[Verdict]) -> str:
    """Precision, recall and F1 with its 95 % interval by kind, fields of quantities, full facts by domain."""
    lines = [f"{len(verdicts)} bulletins"]
    counts = totals(verdicts)
    for kind, count in counts.items():
        low, high = interval(verdicts, kind)
        scores = f"F1 {count.f1:.3f} [{low:.3f}, {high:.3f}]  P {count.precision:.3f}  R {count.recall:.3f}"
        lines.append(f"{kind:14} {scores}  (gold {count.gold}, predicted {count.predicted})")
    found = counts["quantities"].right
    shares = (f"{name} {sum(v.fields[name] for v in verdicts) / max(1, found):.3f}" for name in FIELDS)
    lines.append("fields         " + "  ".join(shares))
    lines += _domains(verdicts)
    lines.append(f"calibration error {calibration_error([pair for v in verdicts for pair in v.sure]):.3f}")
    return "\n".join(lines)


def _domains(verdicts: Sequence[Verdict]) -> list[str]:
    by_domain: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.bulletin.domain:
            by_domain[verdict.bulletin.domain].append(verdict)
    return [f"  {name:12} full facts F1 {totals(group)['full_facts'].f1:.3f} ({len(group)})" for name, group in sorted(by_domain.items())]


def below_floors(verdicts: Sequence[Verdict], floors: Mapping[str, float]) -> list[str]:
    """One line for each kind whose F1 is below its floor; a floor for an unknown kind is a line, too."""
    counts = totals(verdicts)
    faults = [f"{kind}: no such kind" for kind in floors if kind not in counts]
    return faults + [
        f"{kind}: F1 {counts[kind].f1:.3f} is below {floor}" for kind, floor in floors.items() if kind in counts and counts[kind].f1 < floor
    ]
