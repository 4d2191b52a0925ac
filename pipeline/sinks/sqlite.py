"""SQLite: the default database, with a word search that finds Chinese words of any length.

FTS5 has no tokenizer for Chinese words, and its trigrams miss words of two characters. So the index holds every pair of neighbouring
characters as one word, and a longer word is searched as the phrase of its pairs.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import ConfigError
from corpus.tables import ddl
from pipeline.sinks.store import Store
from pipeline.waldb import connect

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[A-Za-z0-9]+")
_CONTEXT = 20

_SEARCH = (
    "CREATE TABLE search_keys (number INTEGER PRIMARY KEY, bulletin_id TEXT NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE search USING fts5 (pairs, content='', tokenize='unicode61 remove_diacritics 0')",
)


def pairs(text: str) -> str:
    """The words of the index: pairs of neighbouring Chinese characters and each run's last character, other words in lower case."""
    words: list[str] = []
    for run in _RUN.findall(text):
        if run[0] < "\u3400":
            words.append(run.lower())
        else:
            words += [run[i : i + 2] for i in range(len(run))]
    return " ".join(words)


def match_expression(query: str) -> str:
    """The FTS5 expression for a query: words set apart by blanks must all occur, each as it stands."""
    parts = []
    for word in query.split():
        for run in _RUN.findall(word):
            if run[0] < "\u3400":
                parts.append(f'"{run.lower()}"')
            elif len(run) == 1:
                parts.append(f'"{run}"*')
            else:
                parts.append('"' + " ".join(run[i : i + 2] for i in range(len(run) - 1)) + '"')
    return " AND ".join(parts)


class SqliteStore(Store):
    """A SQLite file in WAL mode: readers never wait for a load."""

    begin = "BEGIN IMMEDIATE"

    def connect(self, target: str) -> Any:
        """Open or make the file."""
        try:
            connection = connect(target)
        except sqlite3.Error as error:
            raise ConfigError(target, f"cannot be opened as a SQLite database: {error}") from error
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def tables(self) -> set[str]:
        """The names of the tables that exist."""
        return {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def create(self) -> list[str]:
        """Tables, views and the word index."""
        return [*statements(ddl()), *_SEARCH]

    def encode(self, values: Iterable[Any]) -> tuple[Any, ...]:
        """Dates as ISO 8601 text, times in UTC, so that they sort."""
        return tuple(_encode(value) if isinstance(value, dt.date) else value for value in values)

    def reindex(self, before: dict[str, str], after: dict[str, str]) -> None:
        """Take out what changed or went, put in what is there now."""
        for id_, text in before.items():
            if found := self.rows("SELECT number FROM search_keys WHERE bulletin_id = ?", (id_,)):
                self.run("INSERT INTO search (search, rowid, pairs) VALUES ('delete', ?, ?)", (found[0][0], pairs(text)))
                self.run("DELETE FROM search_keys WHERE number = ?", found[0])
        for id_, text in after.items():
            self.run("INSERT INTO search_keys (bulletin_id) VALUES (?)", (id_,))
            number = self.rows("SELECT last_insert_rowid()")[0][0]
            self.run("INSERT INTO search (rowid, pairs) VALUES (?, ?)", (number, pairs(text)))


def _encode(value: dt.date) -> str:
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value.isoformat()


def statements(script: str) -> list[str]:
    """The single statements of a script."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found


@dataclass(frozen=True, slots=True)
class Hit:
    """A bulletin that holds all words of a query; `snippet` is the text around the first of them."""

    bulletin_id: str
    title: str | None
    published: str | None
    uri: str
    snippet: str


def search(path: str | Path, query: str, limit: int = 20) -> list[Hit]:
    """The bulletins that hold all words of `query`, the best first. Raises ConfigError when there is no such database."""
    expression = match_expression(query)
    if not Path(path).is_file():
        raise ConfigError(str(path), "no such database")
    if not expression:
        return []
    sql = (
        "SELECT b.id, b.title, b.published, b.source_uri, b.text FROM search JOIN search_keys ON number = search.rowid "
        "JOIN bulletins b ON b.id = bulletin_id WHERE search MATCH ? ORDER BY rank, b.id LIMIT ?"
    )
    with SqliteStore(str(path)) as store:
        found = store.rows(sql, (expression, limit))
    return [Hit(id_, title, published, uri, _snippet(text, query)) for id_, title, published, uri, text in found]


def _snippet(text: str, query: str) -> str:
    places = [place for word in query.split() if (place := text.lower().find(word.lower())) >= 0]
    start = max(0, min(places, default=0) - _CONTEXT)
    return text[start : start + 3 * _CONTEXT].replace("\n", " ")
