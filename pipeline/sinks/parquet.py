"""Parquet files by month of publication: `facts/month=2024-03/facts.parquet`, `bulletins/month=…`; readable as a Hive data set.

Each file is replaced as a whole, under a temporary name first. What stands now is kept here; history is kept by the databases.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from corpus.flat import COLUMNS, Column, arrow_schema, fact_rows
from corpus.records import Bulletin
from corpus.tables import TABLES
from pipeline.sinks.load import Report, batches
from pipeline.sinks.rows import bulletin_row

BATCH = 2_000
"""Bulletins merged at a time: a month's file is rewritten once per batch that touches it."""

_STATE = {"first_seen", "last_seen", "superseded_by", "deleted"}
_BULLETIN_COLUMNS = tuple(column for column in TABLES[0].columns if column.name not in _STATE)
_KINDS: dict[str, tuple[tuple[Column, ...], str]] = {"bulletins": (_BULLETIN_COLUMNS, "id"), "facts": (COLUMNS, "bulletin_id")}


def load_parquet(bulletins: Iterable[Bulletin], folder: Path, *, complete: bool = False, batch: int = BATCH) -> Report:
    """Merge bulletins into the folder, replacing what their sources gave before; with `complete`, drop all other sources."""
    report = Report()
    seen: set[str] = set()
    for documents in batches(bulletins, batch):
        newest = {document[0].source.uri: document for document in documents}
        seen.update(newest)
        report.add(_merge(folder, {b.id: b for document in newest.values() for b in document}, set(newest)))
    if complete:
        gone = {uri for _, uri, _ in _index(folder).values()} - seen
        report.deleted = _merge(folder, {}, gone).superseded
    return report


def _index(folder: Path) -> dict[str, tuple[str, str, str]]:
    """Bulletin id → its month, source and digest, for all that the folder holds."""
    import pyarrow.parquet as pq

    found = {}
    for path in sorted((folder / "bulletins").glob("month=*/bulletins.parquet")):
        month = path.parent.name.removeprefix("month=")
        for row in pq.read_table(path, columns=["id", "source_uri", "digest"], partitioning=None).to_pylist():
            found[row["id"]] = (month, row["source_uri"], row["digest"])
    return found


def _merge(folder: Path, bulletins: dict[str, Bulletin], uris: set[str]) -> Report:
    index = _index(folder)
    rows = {id_: bulletin_row(bulletin) for id_, bulletin in bulletins.items()}
    same = {
        id_ for id_ in rows if id_ in index and index[id_] == (_month(rows[id_]["published"]), rows[id_]["source_uri"], rows[id_]["digest"])
    }
    gone = {id_ for id_, (_, uri, _) in index.items() if uri in uris and id_ not in rows}
    written = [id_ for id_ in rows if id_ not in same]
    drop = gone | set(written)
    facts = [row for id_ in written for row in fact_rows(bulletins[id_])]
    # bulletins last: their digests say that the facts are written, should we be killed in between
    for name, added in (("facts", facts), ("bulletins", [rows[id_] for id_ in written])):
        months = {index[id_][0] for id_ in drop if id_ in index} | {_month(row["published"]) for row in added}
        for month in sorted(months):
            _rewrite(folder, name, month, drop, [row for row in added if _month(row["published"]) == month])
    changed = sum(id_ in index for id_ in written)
    return Report(new=len(written) - changed, changed=changed, unchanged=len(same), superseded=len(gone), facts=len(facts))


def _month(published: dt.date | None) -> str:
    return published.strftime("%Y-%m") if published else "unknown"


def _rewrite(folder: Path, name: str, month: str, drop: set[str], rows: list[dict[str, Any]]) -> None:
    """Replace a month's file: without the bulletins of `drop`, with the new rows, in a fixed order."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    columns, owner = _KINDS[name]
    path = folder / name / f"month={month}" / f"{name}.parquet"
    table = pa.Table.from_pylist(rows, schema=arrow_schema(columns))
    if path.exists():
        old = pq.read_table(path, partitioning=None).cast(table.schema)
        kept = old.filter(pc.invert(pc.is_in(old[owner], pa.array(sorted(drop), pa.string()))))
        table = pa.concat_tables([kept, table])
    order = [(owner, "ascending"), ("start", "ascending"), ("id", "ascending")] if name == "facts" else [("id", "ascending")]
    path.parent.mkdir(parents=True, exist_ok=True)
    if not table.num_rows:
        path.unlink(missing_ok=True)
        path.parent.rmdir()
        return
    temporary = path.with_name(f".{os.getpid()}.tmp")
    pq.write_table(table.sort_by(order), temporary)
    temporary.replace(path)
