"""How sure a quantity is: the share of facts found the same way that were right on annotated bulletins."""

from __future__ import annotations

from extractors.quantities import Quantity

_BY_MEASURE = {"before": 0.9, "after": 0.85, "list": 0.85, "carried": 0.8, "paired": 0.8, "subject": 0.6, "cell": 0.9, "none": 0.5}


def confidence(quantity: Quantity) -> float:
    """Probability that the whole fact is right."""
    return _BY_MEASURE[quantity.how]
