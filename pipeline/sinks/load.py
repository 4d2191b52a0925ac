"""Loading bulletins into a database: upserts by id, one transaction per batch, history kept.

A document is all bulletins of one source URI. Loading it replaces what that URI gave before: a bulletin whose extraction changed has its
facts replaced, a bulletin that no source gives any more is marked superseded or deleted. What no longer stands goes to `fact_history`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

from corpus.flat import FACT_COLUMNS
from corpus.records import Bulletin
from corpus.tables import quoted
from pipeline.sinks.rows import bulletin_row, organization_rows, policy_rows, unique_fact_rows
from pipeline.sinks.store import Store

BATCH = 200
"""Bulletins per transaction; a document is never split."""


@dataclass(slots=True)
class Report:
    """What a load did, in bulletins; `facts` counts the fact rows written."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    superseded: int = 0
    deleted: int = 0
    outdated: int = 0
    facts: int = 0

    def add(self, other: Report) -> None:
        """Add another report's counts."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def load(
    bulletins: Iterable[Bulletin],
    store: Store,
    *,
    seen: dt.datetime,
    complete: bool = False,
    batch: int = BATCH,
    progress: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Load bulletins, those of one source next to each other. `seen` is the time of the load, with a time zone.

    With `complete` the bulletins are all there are: a source that is not among them is deleted. Re-running changes nothing but `last_seen`.
    """
    total = Report()
    for documents in batches(bulletins, batch):
        total.add(load_batch(documents, store, seen))
        progress(total)
    if complete:
        with store.transaction():
            gone = store.rows("SELECT DISTINCT uri FROM sources WHERE last_seen < ? ORDER BY uri", (seen,))
            total.deleted += _drop(store, [uri for (uri,) in gone], seen)
    return total


def batches(bulletins: Iterable[Bulletin], size: int = BATCH) -> Iterator[list[list[Bulletin]]]:
    """Documents, each a list of bulletins, in batches of at least `size` bulletins."""
    found: list[list[Bulletin]] = []
    for _, document in groupby(bulletins, key=lambda bulletin: (bulletin.source.uri, bulletin.source.sha256)):
        found.append(list(document))
        if sum(map(len, found)) >= size:
            yield found
            found = []
    if found:
        yield found


def load_batch(documents: Sequence[Sequence[Bulletin]], store: Store, seen: dt.datetime) -> Report:
    """Load whole documents in one transaction."""
    newest = {document[0].source.uri: document for document in documents}  # the later one of two in a batch stands
    with store.transaction():
        pointers = _pointers(store, list(newest))
        current = {uri: d for uri, d in newest.items() if not _outdated(d, pointers)}
        bulletins = {b.id: b for document in current.values() for b in document}
        report = _write(store, bulletins, seen)
        report.outdated = sum(map(len, documents)) - sum(map(len, current.values()))
        if old := [uri for uri in newest if uri not in current]:
            store.run(f"UPDATE sources SET last_seen = ? WHERE uri IN ({_marks(old)})", [seen, *old])
        report.superseded = _point(store, current, pointers, seen)
    return report


Pointers = dict[tuple[str, int], tuple[str, dt.datetime | None]]


def _pointers(store: Store, uris: Sequence[str]) -> Pointers:
    """(uri, item) → bulletin and time of retrieval, as the database has it."""
    sql = f"SELECT uri, item, bulletin_id, CAST(retrieved AS VARCHAR) FROM sources WHERE uri IN ({_marks(uris)})"
    found = store.rows(sql, uris) if uris else []
    return {(uri, item): (id_, dt.datetime.fromisoformat(when) if when else None) for uri, item, id_, when in found}


def _outdated(document: Sequence[Bulletin], pointers: Pointers) -> bool:
    """Whether the database holds a later retrieval of the same source."""
    mine = document[0].source.retrieved
    times = [pointers[key][1] for key in pointers if key[0] == document[0].source.uri]
    return mine is not None and any(when is not None and when > mine for when in times)


def _write(store: Store, bulletins: dict[str, Bulletin], seen: dt.datetime) -> Report:
    """Upsert bulletins and replace the facts of those that are new or changed."""
    rows = {id_: bulletin_row(bulletin) for id_, bulletin in bulletins.items()}
    sql = f"SELECT id, digest, superseded_by IS NULL AND deleted IS NULL, title, text FROM bulletins WHERE id IN ({_marks(rows)})"
    known = {id_: rest for id_, *rest in (store.rows(sql, list(rows)) if rows else [])}
    touched = [id_ for id_ in rows if id_ not in known or known[id_][0] != rows[id_]["digest"] or not known[id_][1]]
    same = [id_ for id_ in rows if id_ not in touched]
    if same:
        store.run(f"UPDATE bulletins SET last_seen = ? WHERE id IN ({_marks(same)})", [seen, *same])
    before = {id_: searchable(*known[id_][2:]) for id_ in touched if id_ in known}
    facts = {id_: row for one in touched for id_, row in unique_fact_rows(bulletins[one]).items()}
    _retire(store, list(before), facts, seen, "changed", {})
    state = {"first_seen": seen, "last_seen": seen, "superseded_by": None, "deleted": None}
    store.upsert("bulletins", [{**rows[id_], **state} for id_ in touched], keep=("first_seen",))
    store.reindex(before, {id_: searchable(bulletins[id_].title, bulletins[id_].text) for id_ in touched})
    store.upsert("facts", [{**row, "first_seen": seen} for row in facts.values()], keep=("first_seen",))
    _replace_names(store, [bulletins[id_] for id_ in touched])
    return Report(new=len(touched) - len(before), changed=len(before), unchanged=len(same), facts=len(facts))


def searchable(title: str | None, text: str) -> str:
    """The text that a word search looks into."""
    return f"{title or ''}\n{text}"


def _replace_names(store: Store, bulletins: Sequence[Bulletin]) -> None:
    """Write the policies and organizations of bulletins anew."""
    ids = [bulletin.id for bulletin in bulletins]
    for table, make in (("policies", policy_rows), ("organizations", organization_rows)):
        if ids:
            store.run(f"DELETE FROM {table} WHERE bulletin_id IN ({_marks(ids)})", ids)
        store.upsert(table, [row for bulletin in bulletins for row in make(bulletin)])


def _retire(
    store: Store, ids: Sequence[str], new: dict[str, dict[str, Any]], seen: dt.datetime, reason: str, instead: dict[str, str]
) -> None:
    """Move the facts of bulletins that `new` does not repeat to the history; `instead` names the bulletin in a bulletin's place."""
    if not ids:
        return
    columns = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" if name == "boxes" else quoted(name) for name in FACT_COLUMNS)
    sql = (
        f"SELECT CAST(f.first_seen AS VARCHAR), CAST(b.last_seen AS VARCHAR), {columns} "
        f"FROM (SELECT * FROM facts WHERE bulletin_id IN ({_marks(ids)})) AS f "
        "JOIN (SELECT id AS owner, last_seen FROM bulletins) AS b ON b.owner = f.bulletin_id"
    )
    history = []
    for first, last, *values in store.rows(sql, ids):
        old = dict(zip(FACT_COLUMNS, values, strict=True))
        if (row := new.get(old["id"])) and _text(row) == _text(old):
            continue
        superseded_by = old["id"] if row else instead.get(old["bulletin_id"])
        history.append(
            {
                **{"id": old["id"], "bulletin_id": old["bulletin_id"], "first_seen": first, "last_seen": last, "retired": seen},
                **{"reason": reason, "superseded_by": superseded_by, "record": _text(old)},
            }
        )
    store.upsert("fact_history", history)
    gone = [row["id"] for row in history if row["id"] not in new]
    for start in range(0, len(gone), 10_000):
        part = gone[start : start + 10_000]
        store.run(f"DELETE FROM facts WHERE id IN ({_marks(part)})", part)


def _text(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def _point(store: Store, documents: dict[str, Sequence[Bulletin]], pointers: Pointers, seen: dt.datetime) -> int:
    """Let the sources point at their bulletins; those that nothing points at any more are superseded. Returns how many."""
    rows = []
    instead: dict[str, str] = {}
    for uri, document in documents.items():
        by_item = {bulletin.source.item: bulletin for bulletin in document}
        for item, bulletin in by_item.items():
            rows.append(
                {
                    **{"uri": uri, "item": item, "bulletin_id": bulletin.id, "retrieved": bulletin.source.retrieved},
                    **{"first_seen": seen, "last_seen": seen},
                }
            )
        for (of, item), (old, _) in pointers.items():
            if of == uri:
                instead[old] = by_item.get(item, document[0]).id
                if item not in by_item:
                    store.run("DELETE FROM sources WHERE uri = ? AND item = ?", (uri, item))
    store.upsert("sources", rows, keep=("first_seen",))
    orphans = _orphans(store, list(instead))
    for id_ in orphans:
        store.run("UPDATE bulletins SET superseded_by = ? WHERE id = ?", (instead[id_], id_))
    _clear(store, orphans, seen, "superseded", instead)
    return len(orphans)


def _orphans(store: Store, ids: Sequence[str]) -> list[str]:
    """Those of the bulletins that no source points at."""
    if not ids:
        return []
    held = {id_ for (id_,) in store.rows(f"SELECT bulletin_id FROM sources WHERE bulletin_id IN ({_marks(ids)})", ids)}
    return [id_ for id_ in ids if id_ not in held]


def _clear(store: Store, ids: Sequence[str], seen: dt.datetime, reason: str, instead: dict[str, str]) -> None:
    _retire(store, ids, {}, seen, reason, instead)
    if not ids:
        return
    found = store.rows(f"SELECT id, title, text FROM bulletins WHERE id IN ({_marks(ids)})", ids)
    store.reindex({id_: searchable(title, text) for id_, title, text in found}, {})
    for table in ("policies", "organizations"):
        store.run(f"DELETE FROM {table} WHERE bulletin_id IN ({_marks(ids)})", ids)


def delete_sources(store: Store, uris: Sequence[str], seen: dt.datetime) -> int:
    """Forget sources that are gone; a bulletin that no other source gives is marked deleted. Returns how many bulletins were."""
    with store.transaction():
        return _drop(store, uris, seen)


def _drop(store: Store, uris: Sequence[str], seen: dt.datetime) -> int:
    count = 0
    for start in range(0, len(uris), 1000):
        part = uris[start : start + 1000]
        held = sorted({id_ for id_, _ in _pointers(store, part).values()})
        store.run(f"DELETE FROM sources WHERE uri IN ({_marks(part)})", part)
        orphans = _orphans(store, held)
        _clear(store, orphans, seen, "deleted", {})
        if orphans:
            store.run(f"UPDATE bulletins SET deleted = ? WHERE id IN ({_marks(orphans)})", [seen, *orphans])
        count += len(orphans)
    return count


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)
