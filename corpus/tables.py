"""The SQL tables, derived from the record types; one text that SQLite, PostgreSQL and DuckDB all accept.

`facts` holds what stands now. What a changed, superseded or deleted document said before is in `fact_history`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.flat import COLUMNS, Column, column_type, fields
from corpus.records import Bulletin, Organization, Policy, Source

TABLES_VERSION = 1
"""Raised with every change to the tables; pipeline/sinks/migrations.py brings older databases up."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `key` its primary key, `indexes` column lists, `parents` (column, table) that it refers to by id."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    parents: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)


_FIRST_SEEN = Column("first_seen", "time", "when it was loaded first", True)
_LAST_SEEN = Column("last_seen", "time", "the last load that held it", True)
_OF_BULLETIN = Column("bulletin_id", "text", "the bulletin that states it", True)
_MENTIONS = Column("mentions", "integer", "how often the bulletin names it", True)


def _bulletin_columns() -> Iterator[Column]:
    lists = {"source", "sentences", "warnings", "quantities", "times", "policies", "organizations", "places", "official"}
    yield from (column for column, _ in fields(Bulletin, skip=lists))
    for column, _ in fields(Source, skip=("site", "column", "attachments")):
        prefixed = column.name if column.name.startswith("source_") else f"source_{column.name}"
        yield Column(prefixed, column.type, column.description, column.required)
    yield Column("sentences", "json", "[start, end] of every sentence", True)
    yield Column("warnings", "json", "what a reader should doubt", True)
    yield Column("digest", "text", "hash of the extraction; when it changes, the bulletin's facts are replaced", True)
    yield from (_FIRST_SEEN, _LAST_SEEN)
    yield Column("superseded_by", "text", "the bulletin that its source gives instead since it changed")
    yield Column("deleted", "time", "when its last source went away without another in its place")


def _pick(record: type[Policy] | type[Organization], *names: str) -> tuple[Column, ...]:
    found = record.model_fields
    return tuple(Column(n, *_typed(found[n].annotation, found[n].description or n)) for n in names)


def _typed(annotation: object, description: str) -> tuple[str, str, bool]:
    kind, optional = column_type(annotation)
    return kind, description, not optional


TABLES = (
    Table(
        "bulletins",
        "one news item or notice",
        tuple(_bulletin_columns()),
        ("id",),
        (("published",), ("place_adcode", "published"), ("source_sha256",)),
    ),
    Table(
        "sources",
        "which bulletin stands at which place of which source now",
        (
            Column("uri", "text", "path or URL", True),
            Column("item", "integer", "0-based position of the bulletin in its source", True),
            _OF_BULLETIN,
            Column("retrieved", "time", "when it was fetched; null for a file"),
            _FIRST_SEEN,
            _LAST_SEEN,
        ),
        ("uri", "item"),
        (("bulletin_id",),),
        (("bulletin_id", "bulletins"),),
    ),
    Table(
        "facts",
        "one fact of any kind, as it stands now",
        (*COLUMNS, _FIRST_SEEN),
        ("id",),
        (("bulletin_id",), ("series",), ("indicator", "place_adcode", "time_end"), ("kind", "name")),
        (("bulletin_id", "bulletins"),),
    ),
    Table(
        "policies",
        "one policy that a bulletin names",
        (_OF_BULLETIN, *_pick(Policy, "kind", "name", "issuer", "number", "issued"), _MENTIONS),
        ("bulletin_id", "kind", "name"),
        (("name",), ("number",)),
        (("bulletin_id", "bulletins"),),
    ),
    Table(
        "organizations",
        "one organization that a bulletin names",
        (_OF_BULLETIN, *_pick(Organization, "name"), _MENTIONS),
        ("bulletin_id", "name"),
        (("name",),),
        (("bulletin_id", "bulletins"),),
    ),
    Table(
        "fact_history",
        "a fact that no longer stands",
        (
            Column("id", "text", "id of the fact", True),
            _OF_BULLETIN,
            _FIRST_SEEN,
            _LAST_SEEN,
            Column("retired", "time", "when it stopped to stand", True),
            Column("reason", "text", "changed, superseded or deleted", True),
            Column("superseded_by", "text", "the fact with the same evidence that stands now, or the bulletin in its bulletin's place"),
            Column("record", "json", "the row as it was in facts", True),
        ),
        ("id", "retired"),
        (("bulletin_id",),),
        (("bulletin_id", "bulletins"),),
    ),
)
"""All tables, parents first."""

_LATEST = """\
-- the newest value of every series: indicator, place and period, with its aspect, status and unit
CREATE VIEW fact_latest AS
SELECT {columns}
FROM (
    SELECT facts.*, ROW_NUMBER() OVER (
        PARTITION BY series ORDER BY published IS NULL, published DESC, confidence DESC, id
    ) AS standing
    FROM facts WHERE series IS NOT NULL
) AS ranked
WHERE standing = 1;
"""

_CONFLICT = """\
-- two bulletins that disagree on a series: their values, read with 余, 近, 约 and half a percent for rounding, cannot both hold
CREATE VIEW fact_conflict AS
WITH bounds AS (
    SELECT id, bulletin_id, series, indicator, place_name, place_adcode, time_start, time_end, unit, published, text, low, high,
        CASE WHEN comparator IN ('<', '<=') THEN -1e300 WHEN comparator = '~' THEN low - ABS(low) * 0.1
            ELSE low - ABS(low) * 0.005 END AS least,
        CASE WHEN comparator IN ('>', '>=') THEN 1e300 WHEN comparator = '~' THEN high + ABS(high) * 0.1
            ELSE high + ABS(high) * 0.005 END AS most
    FROM facts WHERE series IS NOT NULL
)
SELECT a.series, a.indicator, a.place_name, a.place_adcode, a.time_start, a.time_end, a.unit,
    a.id AS fact, a.bulletin_id AS bulletin, a.published AS published, a.text AS text, a.low AS low, a.high AS high,
    b.id AS other_fact, b.bulletin_id AS other_bulletin, b.published AS other_published, b.text AS other_text,
    b.low AS other_low, b.high AS other_high
FROM bounds AS a JOIN bounds AS b ON a.series = b.series AND a.id < b.id AND a.bulletin_id <> b.bulletin_id
WHERE a.most < b.least OR b.most < a.least;
"""

_TYPES = {
    "text": "TEXT",
    "integer": "BIGINT",
    "number": "DOUBLE PRECISION",
    "date": "DATE",
    "time": "TIMESTAMP WITH TIME ZONE",
    "json": "JSON",
}


def quoted(name: str) -> str:
    """A column name as SQL text; `end` is a reserved word."""
    return f'"{name}"' if name == "end" else name


def create_table(table: Table) -> str:
    """CREATE TABLE and CREATE INDEX statements, with the comments inline."""
    lines = []
    for column in table.columns:
        null = " NOT NULL" if column.required else ""
        lines.append(f"    {quoted(column.name)} {_TYPES[column.type]}{null}, -- {column.description}")
    constraints = [f"    PRIMARY KEY ({', '.join(table.key)})"]
    constraints += [f"    FOREIGN KEY ({column}) REFERENCES {parent} (id)" for column, parent in table.parents]
    text = f"-- {table.comment}\nCREATE TABLE {table.name} (\n" + "\n".join(lines) + "\n" + ",\n".join(constraints) + "\n);\n"
    for index in table.indexes:
        text += f"CREATE INDEX {table.name}_{'_'.join(index)} ON {table.name} ({', '.join(index)});\n"
    return text


def comments() -> list[str]:
    """COMMENT ON statements, for databases that have them."""
    found = []
    for table in TABLES:
        found.append(f"COMMENT ON TABLE {table.name} IS {_literal(table.comment)}")
        found += [f"COMMENT ON COLUMN {table.name}.{quoted(c.name)} IS {_literal(c.description)}" for c in table.columns]
    return found


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def views() -> list[str]:
    """CREATE VIEW statements of fact_latest and fact_conflict."""
    facts = next(table for table in TABLES if table.name == "facts")
    return [_LATEST.format(columns=", ".join(map(quoted, facts.names))), _CONFLICT]


def ddl() -> str:
    """Everything that an empty database needs."""
    head = f"-- Tables of gongbao, version {TABLES_VERSION}; generated by `python -m corpus.schema --write`.\n"
    return "\n".join([head, *(create_table(table) for table in TABLES), *views()])
