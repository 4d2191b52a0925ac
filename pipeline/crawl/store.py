"""What a crawl of a site knows: its pages, columns and runs, in `crawl.sqlite` beside the WARC file."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from corpus.errors import ConfigError
from pipeline.crawl.fetch import Page
from pipeline.crawl.lists import ListPage
from pipeline.crawl.pages import Link
from pipeline.crawl.warc import Archive
from pipeline.waldb import connect

if TYPE_CHECKING:
    from pipeline.items import Item

State = Literal["stored", "same", "blocked", "failed", "gone"]
Kind = Literal["article", "attachment"]
TRIES = 3
"""Crawls in which a page that fails is asked for."""
WARC = "pages.warc.gz"

_TABLES = """
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY,
    final_url TEXT,
    kind TEXT NOT NULL, -- article or attachment
    parent TEXT, -- the article that links an attachment
    state TEXT NOT NULL, -- stored; same: another page's text; blocked; failed; gone: 404 or 410
    same_as TEXT, -- the page that holds the same text
    title TEXT, -- as the list names it
    date TEXT, -- as the list prints it
    sha256 TEXT, fingerprint TEXT, etag TEXT, modified TEXT,
    offset INTEGER, end INTEGER, -- its record in the WARC file
    error TEXT,
    tries INTEGER NOT NULL,
    retrieved TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pages_fingerprint ON pages (fingerprint);
CREATE INDEX IF NOT EXISTS pages_final_url ON pages (final_url);
CREATE TABLE IF NOT EXISTS columns (
    url TEXT PRIMARY KEY,
    complete INTEGER NOT NULL -- 1: everything behind a page of known articles is known too
);
CREATE TABLE IF NOT EXISTS lists (
    url TEXT PRIMARY KEY,
    etag TEXT, modified TEXT,
    shown TEXT NOT NULL -- its articles and the pages that follow, for the day that the server says 304
);
CREATE TABLE IF NOT EXISTS crawls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started TEXT NOT NULL, ended TEXT,
    requests INTEGER, lists INTEGER, listed INTEGER, stored INTEGER, same INTEGER, blocked INTEGER, failed INTEGER,
    error TEXT
);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of an address."""

    url: str
    kind: Kind
    state: State
    page: Page | None = None
    parent: str | None = None
    same_as: str | None = None
    title: str | None = None
    date: str | None = None
    fingerprint: str | None = None
    sha256: str | None = None
    error: str | None = None


class CrawlStore:
    """The open store of one site; one crawl at a time. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock: IO[str] = (folder / ".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise ConfigError(str(folder), "another crawl of this site is running") from None
        self._db = connect(folder / "crawl.sqlite")
        self._db.executescript(_TABLES)
        end = self._db.execute("SELECT COALESCE(MAX(end), 0) FROM pages").fetchone()[0]
        self._archive = Archive(folder / WARC, int(end))

    def __enter__(self) -> CrawlStore:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()
        self._db.close()
        self._lock.close()

    def known(self, url: str) -> bool:
        """Whether an address needs no request any more."""
        row = self._db.execute("SELECT state, tries FROM pages WHERE url = ?", (url,)).fetchone()
        return row is not None and (row[0] in ("stored", "same", "gone") or row[1] >= TRIES)

    def list_page(self, url: str) -> tuple[str | None, str | None, ListPage] | None:
        """ETag, Last-Modified and content of a list page as it was read last."""
        row = self._db.execute("SELECT etag, modified, shown FROM lists WHERE url = ?", (url,)).fetchone()
        if row is None or not (row[0] or row[1]):
            return None
        articles, following = json.loads(row[2])
        return row[0], row[1], ListPage(tuple(Link(*link) for link in articles), tuple(following))

    def keep_list(self, url: str, page: Page, shown: ListPage) -> None:
        """Remember a list page."""
        text = json.dumps([[[link.url, link.text, link.date] for link in shown.articles], shown.following], ensure_ascii=False)
        values = (url, page.headers.get("etag"), page.headers.get("last-modified"), text)
        self._db.execute("INSERT OR REPLACE INTO lists VALUES (?, ?, ?, ?)", values)

    def recent(self, url: str, since: dt.datetime) -> tuple[str | None, str | None, str] | None:
        """ETag, Last-Modified and hash of a page stored since then; None when it is older or not stored."""
        sql = "SELECT etag, modified, sha256 FROM pages WHERE url = ? AND state = 'stored' AND retrieved >= ?"
        row = self._db.execute(sql, (url, since.isoformat())).fetchone()
        return (row[0], row[1], row[2]) if row else None

    def original(self, url: str, final_url: str, fingerprint: str | None, sha256: str) -> str | None:
        """The stored page that this one repeats: by redirect, by its bytes or by its text."""
        row = self._db.execute(
            "SELECT url FROM pages WHERE state = 'stored' AND url <> ? "
            "AND (url = ? OR final_url = ? OR sha256 = ? OR fingerprint = ?) ORDER BY url LIMIT 1",
            (url, final_url, final_url, sha256, fingerprint),
        ).fetchone()
        return row[0] if row else None

    def add(self, entry: Entry) -> None:
        """Keep the page, then what became of it: a kill in between leaves a record that the next start cuts off."""
        page = entry.page
        offset, end = self._archive.write(page) if page else (None, None)
        headers = page.headers if page else {}
        now = (page.retrieved if page else dt.datetime.now(dt.UTC)).isoformat()
        values = (
            *(entry.url, page and page.final_url, entry.kind, entry.parent, entry.state, entry.same_as, entry.title, entry.date),
            *(entry.sha256, entry.fingerprint, headers.get("etag"), headers.get("last-modified"), offset, end, entry.error, now),
        )
        names = (
            "url, final_url, kind, parent, state, same_as, title, date, sha256, fingerprint, etag, modified, offset, end, error, retrieved"
        )
        changes = ", ".join(f"{name} = excluded.{name}" for name in names.split(", ")[1:])
        sql = f"INSERT INTO pages ({names}, tries) VALUES ({', '.join('?' * 16)}, 1)"
        self._db.execute(f"{sql} ON CONFLICT (url) DO UPDATE SET {changes}, tries = tries + 1", values)

    def complete(self, column: str) -> bool:
        """Whether a page of known articles ends a column."""
        row = self._db.execute("SELECT complete FROM columns WHERE url = ?", (column,)).fetchone()
        return bool(row and row[0])

    def set_complete(self, column: str, complete: bool) -> None:
        """Note whether everything behind a page of known articles is known."""
        self._db.execute("INSERT OR REPLACE INTO columns VALUES (?, ?)", (column, int(complete)))

    def start(self, now: dt.datetime) -> int:
        """Note the start of a crawl; returns its number."""
        return int(self._db.execute("INSERT INTO crawls (started) VALUES (?) RETURNING id", (now.isoformat(),)).fetchone()[0])

    def finish(self, number: int, now: dt.datetime, counts: dict[str, int], error: str | None) -> None:
        """Note the end of a crawl."""
        changes = ", ".join(f"{name} = ?" for name in counts)
        self._db.execute(
            f"UPDATE crawls SET {changes}, ended = ?, error = ? WHERE id = ?", (*counts.values(), now.isoformat(), error, number)
        )


def stored_items(folder: Path) -> list[Item]:
    """The inputs of a batch over a site's stored pages: what is stored, once each, by address."""
    from pipeline.items import Item

    database = sqlite3.connect(f"file:{folder / 'crawl.sqlite'}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT url, offset, retrieved FROM pages WHERE state = 'stored' ORDER BY url").fetchall()
    finally:
        database.close()
    return [Item(url, str(folder / WARC), offset, dt.datetime.fromisoformat(retrieved)) for url, offset, retrieved in rows]
