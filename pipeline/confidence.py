"""How sure a quantity is: a logistic model over how its measure was found and what else is known of it.

Weights are fitted on the held-apart bulletins by `python -m benchmarks.calibrate`, which also tells the calibration error
on bulletins left out of the fit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from extractors.quantity import Quantity

WEIGHTS: Mapping[str, float] = {
    "always": 1.29,
    "indicator": 0.95,
    "measure:after": -0.19,
    "measure:before": 0.71,
    "measure:carried": -0.16,
    "measure:cell": 0.7,
    "measure:list": 0.17,
    "measure:none": 0.11,
    "measure:paired": -0.16,
    "measure:subject": -1.18,
    "not reported": -0.07,
    "rate": -0.03,
    "undated": -0.54,
}


def signs(quantity: Quantity) -> list[str]:
    """What bears on a quantity's confidence, as names of weights."""
    found = ["always", f"measure:{quantity.how}"]
    found += ["indicator"] if quantity.indicator is not None else []
    found += ["undated"] if quantity.time is None else []
    found += ["not reported"] if quantity.status != "actual" else []
    return found + (["rate"] if quantity.per is not None else [])


def confidence(quantity: Quantity) -> float:
    """Probability that the whole fact is right."""
    return 1 / (1 + math.exp(-sum(WEIGHTS[sign] for sign in signs(quantity))))
