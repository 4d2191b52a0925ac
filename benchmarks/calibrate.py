"""Fit the weights of `pipeline.confidence` on held-apart bulletins: `python -m benchmarks.calibrate [GOLD]`.

A ridge logistic regression of "the whole fact is right" on `signs`. The calibration error printed is that of bulletins
left out of the fit, one at a time.
"""

from __future__ import annotations

import sys
from pathlib import Path
from unittest.mock import patch

import numpy as np

import pipeline.extract
from benchmarks.floors import ROOT, predict
from corpus.gold import GoldBulletin, read_gold
from extractors.quantity import Quantity
from pipeline.confidence import signs
from pipeline.evaluate import Verdict, calibration_error, compare

RIDGE = 1.0
Row = tuple[list[str], bool]


def rows_of(bulletin: GoldBulletin) -> list[Row]:
    """Signs and rightness of each quantity of one bulletin that pairs with a gold one, in the order of the verdict."""
    found: dict[float, Quantity] = {}

    def number(quantity: Quantity) -> float:
        found[key := (len(found) + 1) / 1e4] = quantity
        return key

    with patch.object(pipeline.extract, "confidence", number):
        verdict: Verdict = compare([bulletin], list(predict([bulletin])))[0]
    right = dict(verdict.sure)
    return [(signs(quantity), right.get(key, False)) for key, quantity in found.items()]


def fit(rows: list[Row], names: list[str]) -> dict[str, float]:
    """Weights by Newton's method; the constant is not shrunk."""
    x = np.array([[name in row[0] for name in names] for row in rows], dtype=float)
    y = np.array([row[1] for row in rows], dtype=float)
    ridge = RIDGE * np.diag([name != "always" for name in names])
    w = np.zeros(len(names))
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + ridge + 1e-9 * np.eye(len(names)), x.T @ (y - p) - ridge @ w)
        w += step
    return dict(zip(names, w.round(2).tolist(), strict=True))


def chance(weights: dict[str, float], row: Row) -> float:
    return float(1 / (1 + np.exp(-sum(weights[sign] for sign in row[0]))))


def main() -> None:
    gold = read_gold(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "corpus/gold/heldout.jsonl")
    by_bulletin = [rows_of(bulletin) for bulletin in gold]
    names = sorted({sign for rows in by_bulletin for row in rows for sign in row[0]})
    left_out: list[tuple[float, bool]] = []
    for i, rows in enumerate(by_bulletin):
        weights = fit([row for j, other in enumerate(by_bulletin) if j != i for row in other], names)
        left_out += [(chance(weights, row), row[1]) for row in rows]
    print(f"{len(left_out)} facts, calibration error on bulletins left out {calibration_error(left_out):.3f}")
    for name, weight in fit([row for rows in by_bulletin for row in rows], names).items():
        print(f'    "{name}": {weight},')


if __name__ == "__main__":
    main()
