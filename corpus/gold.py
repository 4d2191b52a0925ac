"""Gold: bulletins annotated by hand, one JSON object per line, offsets in code points."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import ReadError
from corpus.records import LAYERS, Adcode, Aspect, Comparator, PolicyKind, Status

OpenPeriod = Annotated[tuple[dt.date | None, dt.date | None], Field(description="first and last day, null when open")]


class _Gold(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GoldFact(_Gold):
    """A span; `text[start:end] == text`."""

    start: int
    end: int
    text: str


class GoldQuantity(GoldFact):
    low: float
    high: float
    comparator: Comparator | None
    unit: str | None
    per: str | None
    measure: str | None
    head: str | None
    indicator: str | None
    status: Status
    aspect: Aspect
    time: OpenPeriod | None
    place: Adcode | None


class GoldTime(GoldFact):
    period: OpenPeriod


class GoldPolicy(GoldFact):
    name: str
    kind: PolicyKind


class GoldOrganization(GoldFact):
    name: str


class GoldPlace(GoldFact):
    name: str
    adcode: Adcode | None


class GoldBulletin(_Gold):
    """One annotated bulletin; `domain` groups bulletins in reports."""

    id: str
    published: dt.date | None
    title: str | None
    attribution: str | None
    place: Adcode | None
    domain: str | None = None
    genre: Literal["news", "brief", "notice", "qa", "statistics", "list"] | None = None
    text: str
    quantities: tuple[GoldQuantity, ...]
    times: tuple[GoldTime, ...]
    policies: tuple[GoldPolicy, ...]
    organizations: tuple[GoldOrganization, ...]
    places: tuple[GoldPlace, ...]


def read_gold(path: Path) -> list[GoldBulletin]:
    """The bulletins of a gold file; a wrong line or offset is a ReadError that names the line."""
    lines = path.read_text(encoding="utf-8").split("\n")  # not splitlines: a JSON string may hold U+2028
    return [_parse(line, path, number) for number, line in enumerate(lines, 1) if line.strip()]


def _parse(line: str, path: Path, number: int) -> GoldBulletin:
    try:
        bulletin = GoldBulletin.model_validate_json(line)
    except ValidationError as error:
        first: Any = error.errors()[0]
        raise ReadError(f"{path}:{number}", f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    for layer in LAYERS:
        for fact in getattr(bulletin, layer):
            if bulletin.text[fact.start : fact.end] != fact.text:
                raise ReadError(f"{path}:{number}", f"{layer}: text[{fact.start}:{fact.end}] is not {fact.text!r}")
    return bulletin
