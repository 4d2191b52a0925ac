"""The word tables of policies (`tables/policies.yaml`, where each is explained)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Words:
    """Each table's words, in the file's order."""

    documents: tuple[str, ...]
    weak: tuple[str, ...]
    never: tuple[str, ...]
    works: tuple[str, ...]
    standards: tuple[str, ...]
    governing: tuple[str, ...]
    modifiers: tuple[str, ...]
    programme: tuple[str, ...]
    mechanism: tuple[str, ...]
    generic: tuple[str, ...]
    slogans: tuple[str, ...]
    days: tuple[str, ...]
    activities: tuple[str, ...]
    programmes: tuple[str, ...]
    mechanisms: tuple[str, ...]
    inside: tuple[str, ...]
    labels: tuple[str, ...]
    aftermath: tuple[str, ...]


@cache
def words() -> Words:
    """The tables, loaded once."""
    raw = yaml.safe_load((files("extractors") / "tables/policies.yaml").read_text(encoding="utf-8"))
    return Words(**{name: tuple(text.split()) for name, text in raw.items()})


def either(alternatives: Iterable[str]) -> str:
    """A group that matches the longest of the words."""
    return "(?:" + "|".join(map(re.escape, sorted(alternatives, key=len, reverse=True))) + ")"
