"""A Frictionless data package (v2) of a database: tables with schema, licence and provenance for a publication's appendix."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import ConfigError
from corpus.flat import arrow_schema
from corpus.records import SCHEMA_VERSION
from corpus.tables import TABLES, Table, quoted
from pipeline.sinks.store import Store

FORMATS = ("csv", "parquet")
_EXPORTED = ("bulletins", "sources", "facts", "policies", "organizations")
_TYPES = {"text": "string", "integer": "integer", "number": "number", "date": "date", "time": "datetime", "json": "array"}
_CHUNK = 5_000
LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODC-BY-1.0": ("Open Data Commons Attribution License 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
}


def export(store: Store, folder: Path, *, title: str, licence: str, formats: tuple[str, ...] = ("csv",)) -> dict[str, Any]:
    """Write the package into `folder` and return its descriptor. The same database gives the same bytes.

    `licence` is an SPDX identifier; the package states it for the tables. Raises ConfigError for a format that is not known.
    """
    if unknown := set(formats) - set(FORMATS):
        raise ConfigError("format", f"{sorted(unknown)[0]} is not one of {', '.join(FORMATS)}")
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [table for table in TABLES if table.name in _EXPORTED]
    resources = [_resource(store, table, folder, form) for form in formats for table in chosen]
    descriptor = _descriptor(store, title, licence, resources)
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return descriptor


def _descriptor(store: Store, title: str, licence: str, resources: list[dict[str, Any]]) -> dict[str, Any]:
    name, path = LICENCES.get(licence, (licence, f"https://spdx.org/licenses/{licence}.html"))
    hosts = store.rows(
        "SELECT MIN(CAST(published AS VARCHAR)), MAX(CAST(published AS VARCHAR)), MAX(CAST(last_seen AS VARCHAR)) FROM bulletins"
    )
    first, last, loaded = hosts[0]
    count = store.rows("SELECT COUNT(DISTINCT uri) FROM sources")[0][0]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "gongbao-export",
        "title": title,
        "description": (
            "Facts from policy bulletins. Every fact carries its evidence: text[start:end] of its bulletin, in code points. "
            "What a bulletin does not say is empty."
        ),
        "version": SCHEMA_VERSION,
        "created": _rfc3339(loaded),
        "licenses": [{"name": licence, "title": name, "path": path}],
        "sources": [{"title": f"{count} sources, named in the table `sources` with the hash of each in `bulletins`"}],
        "contributors": [{"title": "gongbao", "roles": ["extraction"]}],
        "temporal": {"start": first, "end": last},
        "resources": resources,
    }


def _rfc3339(value: str | None) -> str | None:
    """Times as one form, however the database prints them."""
    import datetime as dt

    return dt.datetime.fromisoformat(value).astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if value else None


def _resource(store: Store, table: Table, folder: Path, form: str) -> dict[str, Any]:
    path = folder / f"{table.name}.{form}"
    count = (_write_csv if form == "csv" else _write_parquet)(store, table, path)
    data = path.read_bytes()
    kind = {"csv": ("text/csv", {"dialect": {"delimiter": ",", "doubleQuote": True}}), "parquet": ("application/vnd.apache.parquet", {})}[
        form
    ]
    return {
        "name": table.name if form == "csv" else f"{table.name}-parquet",
        "type": "table",
        "title": table.comment,
        "path": path.name,
        "format": form,
        "mediatype": kind[0],
        "encoding": "utf-8",
        **kind[1],
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "rows": count,
        "schema": table_schema(table, "" if form == "csv" else "-parquet"),
    }


def table_schema(table: Table, suffix: str = "") -> dict[str, Any]:
    """The Frictionless table schema of a table."""
    fields = []
    for column in table.columns:
        field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type], "description": column.description}
        if column.required:
            field["constraints"] = {"required": True}
        fields.append(field)
    keys = [
        {"fields": [column], "reference": {"resource": f"{parent}{suffix}", "fields": ["id"]}}
        for column, parent in table.parents
        if parent in _EXPORTED
    ]
    return {"fields": fields, "primaryKey": list(table.key), "foreignKeys": keys, "missingValues": [""]}


def _rows(store: Store, table: Table) -> Iterator[list[Any]]:
    times = {index for index, column in enumerate(table.columns) if column.type == "time"}
    columns = [f"CAST({quoted(c.name)} AS VARCHAR)" if c.type in ("time", "json") else quoted(c.name) for c in table.columns]
    sql = f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY {', '.join(quoted(name) for name in table.key)}"
    for row in store.stream(sql, _CHUNK):
        yield [_rfc3339(value) if index in times else value for index, value in enumerate(row)]


def _write_csv(store: Store, table: Table, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(table.names)
        for row in _rows(store, table):
            writer.writerow(row)
            count += 1
    return count


def _write_parquet(store: Store, table: Table, path: Path) -> int:
    import datetime as dt
    from itertools import islice

    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = arrow_schema(table.columns)
    parse = {"date": dt.date.fromisoformat, "time": dt.datetime.fromisoformat}
    count = 0
    with pq.ParquetWriter(path, schema) as out:
        rows = _rows(store, table)
        while chunk := list(islice(rows, _CHUNK)):
            arrays = []
            for index, column in enumerate(table.columns):
                values = [row[index] for row in chunk]
                if convert := parse.get(column.type):
                    values = [convert(value) if isinstance(value, str) else value for value in values]
                arrays.append(pa.array(values, schema.field(index).type))
            out.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(chunk)
    return count
