"""Why a fact has a value that its evidence alone does not give: the year of 3月8日, the area of a number, the full name of 省民政厅."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from extractors.organizations import Organization
from extractors.places import Place, Region
from extractors.policies import Policy
from extractors.quantity import Quantity
from extractors.times import Time

_REACH = 500
"""How far before a number, in characters, its area is looked for; a sentence is not longer."""


class Reasons:
    """Reasons for the facts of one text; `areas` are its places and area words (全市) in any order."""

    def __init__(self, text: str, home: Region | None, areas: Sequence[Place]) -> None:
        self._text, self._home = text, home
        self._areas = sorted(areas, key=lambda area: area.start)
        self._starts = [area.start for area in self._areas]

    def of(self, fact: Time | Policy | Organization | Place | Quantity) -> str | None:
        """The reason in a few words, None when the evidence says it all."""
        if isinstance(fact, Time):
            return fact.resolved_from
        if isinstance(fact, Quantity):
            return self._of_area(fact)
        if isinstance(fact, Policy):
            return self._of_title(fact)
        if isinstance(fact, Organization) and fact.name != fact.text:
            return self._named(fact.name)
        return None

    def _of_area(self, fact: Quantity) -> str | None:
        """The area word or place that gave a number its area, else that it is the bulletin's own."""
        if fact.place is None:
            return None
        at = bisect_left(self._starts, fact.start)
        for area in reversed(self._areas[:at]):
            if area.end < fact.start - _REACH or "\n" in self._text[area.end : fact.start]:
                break
            if area.adcode is not None and area.adcode == fact.place.adcode:
                return f"place: {self._text[area.start : area.end]}, offset {area.start}"
        return "place: the bulletin's area" if fact.place == self._home else None

    def _of_title(self, fact: Policy) -> str | None:
        """Where the full title or name stands that a short reference means."""
        if fact.name in fact.text:
            return None
        at = self._text.find(fact.name)
        return f"full name at offset {at}" if at >= 0 else None

    def _named(self, name: str) -> str | None:
        """Which area completes a body's name."""
        for area in (self._home, *self._areas):
            if area is not None and area.name and name.startswith(area.name):
                return "name: the bulletin's area" if area is self._home else f"name: {area.name} in the text"
        return None
