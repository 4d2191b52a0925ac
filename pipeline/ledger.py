"""The ledger of a batch: what every source gave, in one SQLite file beside the output.

A batch's states and records are committed together, so a run that is killed at any moment has lost at most the batches in flight,
and the next run does those again. Rows are keyed by source: doing one twice, or in two runs at once, writes the same row.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.errors import ConfigError
from pipeline.waldb import connect

State = Literal["extracted", "failed"]

_TABLES = """
CREATE TABLE IF NOT EXISTS sources (
    uri TEXT PRIMARY KEY,
    sha256 TEXT, -- of the bytes that were read; null when they could not be
    version TEXT NOT NULL, -- of the code and settings that read them
    state TEXT NOT NULL, -- extracted or failed
    transient INTEGER NOT NULL, -- 1 when a failure may pass by itself: tried again by the next run
    bulletins INTEGER NOT NULL,
    facts INTEGER NOT NULL,
    error TEXT,
    run INTEGER NOT NULL,
    updated TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (
    uri TEXT PRIMARY KEY,
    bulletins BLOB NOT NULL, -- JSON Lines, deflated
    facts BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS parts ( -- of an extracted container: those that gave nothing
    uri TEXT NOT NULL,
    part TEXT NOT NULL,
    error TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS parts_uri ON parts (uri);
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started TEXT NOT NULL,
    ended TEXT, -- null: running, or killed
    total INTEGER, extracted INTEGER, unchanged INTEGER, failed INTEGER
);
CREATE TABLE IF NOT EXISTS changes (one INTEGER PRIMARY KEY CHECK (one = 1), made INTEGER NOT NULL, written INTEGER NOT NULL);
INSERT OR IGNORE INTO changes VALUES (1, 0, -1);
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one source gave. `bulletins` and `facts` are deflated JSON Lines, empty for a failure."""

    uri: str
    sha256: str | None
    state: State
    count: int = 0
    fact_count: int = 0
    error: str | None = None
    transient: bool = False
    bulletins: bytes = b""
    facts: bytes = b""
    failed_parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger remembers of a source."""

    sha256: str | None
    version: str
    state: State
    transient: bool
    error: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How a run's inputs ended: total = extracted + unchanged + failed."""

    total: int
    extracted: int
    unchanged: int
    failed: int

    def __str__(self) -> str:
        return f"{self.total} inputs: {self.extracted} extracted, {self.unchanged} unchanged, {self.failed} failed"


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


class Ledger:
    """An open ledger; use as a context manager. One object per thread, any number of processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = connect(path)
            self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
        except sqlite3.Error as error:
            raise ConfigError(str(path), f"not a ledger: {error}") from error

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def known(self) -> dict[str, Entry]:
        """All sources with what is remembered of them."""
        rows = self._db.execute("SELECT uri, sha256, version, state, transient, error FROM sources")
        return {uri: Entry(sha256, version, state, bool(transient), error) for uri, sha256, version, state, transient, error in rows}

    def start(self) -> int:
        """Note the start of a run; returns its number."""
        return int(self._db.execute("INSERT INTO runs (started) VALUES (?) RETURNING id", (_now(),)).fetchone()[0])

    def finish(self, run: int, counts: Counts) -> None:
        """Note the end of a run and its counts."""
        values = (_now(), counts.total, counts.extracted, counts.unchanged, counts.failed, run)
        self._db.execute("UPDATE runs SET ended = ?, total = ?, extracted = ?, unchanged = ?, failed = ? WHERE id = ?", values)

    def runs(self) -> list[Counts]:
        """The counts of all runs that came to their end, oldest first."""
        rows = self._db.execute("SELECT total, extracted, unchanged, failed FROM runs WHERE ended IS NOT NULL ORDER BY id")
        return [Counts(*row) for row in rows]

    def commit(self, run: int, version: str, outcomes: Sequence[Outcome]) -> None:
        """Write a batch's outcomes, all or none."""
        now = _now()
        rows = [
            (o.uri, o.sha256, version, o.state, int(o.transient), o.count, o.fact_count, o.error, run, now)
            for o in sorted(outcomes, key=_uri)
        ]
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany(f"INSERT OR REPLACE INTO sources VALUES ({', '.join('?' * 10)})", rows)
            self._db.executemany("DELETE FROM results WHERE uri = ?", [(o.uri,) for o in outcomes if o.state == "failed"])
            self._db.executemany("DELETE FROM parts WHERE uri = ?", [(o.uri,) for o in outcomes])
            self._db.executemany("INSERT INTO parts VALUES (?, ?, ?)", [(o.uri, *part) for o in outcomes for part in o.failed_parts])
            kept = [(o.uri, o.bulletins, o.facts) for o in outcomes if o.state == "extracted"]
            self._db.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", kept)
            self._db.execute("UPDATE changes SET made = made + 1")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def forget(self, uris: Iterable[str]) -> None:
        """Drop sources that are gone, with what they gave."""
        gone = [(uri,) for uri in uris]
        if not gone:
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("DELETE FROM sources WHERE uri = ?", gone)
        self._db.executemany("DELETE FROM results WHERE uri = ?", gone)
        self._db.executemany("DELETE FROM parts WHERE uri = ?", gone)
        self._db.execute("UPDATE changes SET made = made + 1")
        self._db.execute("COMMIT")

    def changes(self) -> tuple[int, int]:
        """How many changes were made, and how many of them the output files hold."""
        made, written = self._db.execute("SELECT made, written FROM changes").fetchone()
        return int(made), int(written)

    def mark_written(self, made: int) -> None:
        """Note that the output files hold the first `made` changes."""
        self._db.execute("UPDATE changes SET written = ?", (made,))

    def results(self) -> Iterator[tuple[str, str, str]]:
        """(uri, bulletins, facts) of every extracted source, by uri; the latter two as JSON Lines."""
        for uri, bulletins, facts in self._db.execute("SELECT uri, bulletins, facts FROM results ORDER BY uri"):
            yield uri, zlib.decompress(bulletins).decode(), zlib.decompress(facts).decode()

    def failures(self) -> list[tuple[str, str]]:
        """(uri, reason) of every failed source and every failed part of a container, by uri."""
        query = "SELECT uri, error FROM sources WHERE state = 'failed' UNION ALL SELECT part, error FROM parts ORDER BY 1"
        return list(self._db.execute(query))


def _uri(outcome: Outcome) -> str:
    return outcome.uri
