"""What is read of one number."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.places import Region
from extractors.times import Period


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity; fields as in `corpus.records.Quantity`. `how` says where the measure came from."""

    start: int
    end: int
    text: str
    low: float
    high: float
    comparator: str | None
    unit: str | None
    per: str | None
    measure: str | None
    indicator: str | None
    status: str
    aspect: str
    time: Period | None
    place: Region | None
    sentence: int
    how: str
