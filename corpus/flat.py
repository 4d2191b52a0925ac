"""Facts as flat rows: one row per fact of any kind, the same columns in JSONL, CSV, Parquet and SQL.

Columns follow from the record types: a nested record becomes `field_subfield` (time → time_start, time_end), and `_RENAMED`
holds the few fields that share a column or would clash. Dates are `datetime.date`, boxes a JSON string.
"""

from __future__ import annotations

import datetime as dt
import json
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from corpus.records import LAYERS, Bulletin, Fact, Period, Place, Policy, Quantity, Record, Region, Time

KINDS = {"quantities": "quantity", "times": "time", "policies": "policy", "organizations": "organization", "places": "place"}
"""`kind` of a fact row by the name of the bulletin's list."""

_RENAMED: dict[tuple[type[Record], str], tuple[str, ...]] = {
    (Time, "period"): ("time",),
    (Policy, "kind"): ("policy_kind",),
    (Place, "name"): ("name", "place_name"),
    (Place, "adcode"): ("place_adcode",),
}

_ONLY_JSON = ("paths",)
"""Fields of a fact that no row has."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `type` is text, integer, number, date, time or json."""

    name: str
    type: str
    description: str
    required: bool = False


def column_type(annotation: Any) -> tuple[str, bool]:
    """Column type of a field's annotation, and whether it can be null."""
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if get_origin(annotation) in (Union, types.UnionType):
        return column_type(parts[0])[0], len(parts) < len(get_args(annotation))
    if get_origin(annotation) is Annotated:
        return column_type(parts[0])
    if get_origin(annotation) is Literal:
        return "text", False
    if get_origin(annotation) is tuple:
        return "json", False
    names = {str: "text", int: "integer", float: "number", dt.date: "date", dt.datetime: "time"}
    return names.get(annotation, "json"), False


def _nested(annotation: Any) -> type[Record] | None:
    """The record type inside `Period | None` and the like."""
    candidates = (annotation, *get_args(annotation))
    return next((item for item in candidates if item in (Period, Region)), None)


def fields(record: type[Record], skip: Iterable[str] = ()) -> Iterator[tuple[Column, str]]:
    """The flat columns of a record, each with the dotted path of its value."""
    for name, field in record.model_fields.items():
        if name in skip:
            continue
        described = field.description or name
        nested = _nested(field.annotation)
        for target in _RENAMED.get((record, name), (name,)):
            if name == "pages":
                yield Column("first_page", "integer", "first page, counted from 1"), "pages"
                yield Column("last_page", "integer", "last page, counted from 1"), "pages"
            elif nested:
                for part, inner in nested.model_fields.items():
                    kind, _ = column_type(inner.annotation)
                    yield Column(f"{target}_{part}", kind, f"{described}: {inner.description}"), f"{name}.{part}"
            else:
                kind, optional = column_type(field.annotation)
                yield Column(target, kind, described, not optional), name


_HEAD = (
    Column("id", "text", "stable id of the fact", True),
    Column("bulletin_id", "text", "the bulletin that states it", True),
    Column("kind", "text", "quantity, time, policy, organization or place", True),
    Column("published", "date", "publication date of the bulletin"),
)
_SERIES = Column("series", "text", "facts with the same series speak of the same thing: indicator|place|period|aspect|status|unit|per")


def _columns() -> tuple[Column, ...]:
    found = {column.name: column for column in _HEAD}
    shared = {column.name for column, _ in fields(Fact, skip=_ONLY_JSON)}
    for record in LAYERS.values():
        for column, _ in fields(record, skip=_ONLY_JSON):
            required = column.required and column.name in shared
            found.setdefault(column.name, Column(column.name, column.type, column.description, required))
    return (*found.values(), _SERIES)


COLUMNS = _columns()
"""The columns of a fact row, with types and descriptions."""
FACT_COLUMNS = tuple(column.name for column in COLUMNS)
"""The names of the columns of a fact row, in order."""


def _getter(path: str) -> Callable[[Any], Any]:
    head, _, part = path.partition(".")
    if not part:
        return attrgetter(path)
    return lambda fact: None if (inner := getattr(fact, head)) is None else getattr(inner, part)


_FIELDS = {
    layer: [(column.name, _getter(path)) for column, path in fields(record, skip=("pages", "boxes", *_ONLY_JSON))]
    for layer, record in LAYERS.items()
}


def series(fact: Quantity) -> str | None:
    """What a quantity is about, as one string; None without an indicator or a time, since then nothing can be compared."""
    if fact.indicator is None or fact.time is None:
        return None
    place = (fact.place.adcode or fact.place.name) if fact.place else "-"
    period = f"{fact.time.start or ''}/{fact.time.end or ''}"
    return "|".join((fact.indicator, place, period, fact.aspect, fact.status, fact.unit or "-", fact.per or "-"))


def fact_rows(bulletin: Bulletin) -> list[dict[str, Any]]:
    """All facts of a bulletin as flat rows with exactly FACT_COLUMNS, kind by kind, in text order."""
    rows = []
    empty = dict.fromkeys(FACT_COLUMNS)
    for layer, getters in _FIELDS.items():
        for fact in getattr(bulletin, layer):
            row = {**empty, "bulletin_id": bulletin.id, "kind": KINDS[layer], "published": bulletin.published}
            for name, get in getters:
                row[name] = get(fact)
            row["first_page"], row["last_page"] = fact.pages or (None, None)
            if fact.boxes:
                row["boxes"] = json.dumps([box.model_dump() for box in fact.boxes])
            if isinstance(fact, Quantity):
                row["series"] = series(fact)
            rows.append(row)
    return rows


def arrow_schema(columns: tuple[Column, ...] = COLUMNS) -> Any:
    """The columns as a `pyarrow.Schema`: dates as date32, descriptions as field metadata."""
    import pyarrow as pa

    kinds = {"integer": pa.int64(), "number": pa.float64(), "date": pa.date32(), "time": pa.timestamp("us", "UTC")}
    described = ((c, kinds.get(c.type, pa.string())) for c in columns)
    return pa.schema([pa.field(c.name, kind, not c.required, {"description": c.description}) for c, kind in described])
