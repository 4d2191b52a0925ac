"""One crawl of one site: every column's lists from the newest on, every article that is not known yet."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from corpus.errors import SourceError
from corpus.sites import Column, Site
from pipeline.crawl.fetch import BlockedError, CrawlSettings, Fetcher, FetchError, Page
from pipeline.crawl.guard import AddressError
from pipeline.crawl.lists import ListPage, read_list
from pipeline.crawl.pages import Link, attachments, decode, fingerprint
from pipeline.crawl.store import CrawlStore, Entry

_GONE = ("status 404", "status 410")
_MOST_ATTACHMENTS = 20


@dataclass(slots=True)
class Report:
    """What a crawl did. `listed` counts the different articles on the lists; `errors` say what must be looked at."""

    site: str
    requests: int = 0
    lists: int = 0
    listed: int = 0
    stored: int = 0
    same: int = 0
    blocked: int = 0
    failed: int = 0
    errors: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The numbers alone."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, int)}


def crawl_site(
    site: Site, folder: Path, settings: CrawlSettings, *, recheck: int = 0, fetcher: Callable[[CrawlSettings], Fetcher] = Fetcher
) -> Report:
    """Crawl a site into `folder`/NAME. What goes wrong is in the report's errors; only a wrong setting raises (ConfigError).

    With `recheck`, articles on the lists that were fetched in the last so many days are asked for again, on condition that they changed.
    """
    report = Report(site.name)
    settings = replace(settings, delay=max(settings.delay, site.delay))
    with CrawlStore(folder / site.name) as store, fetcher(settings) as fetch:
        number = store.start(fetch.clock.now())
        crawl = _Crawl(site, store, fetch, report, fetch.clock.now() - dt.timedelta(days=recheck) if recheck else None)
        for column in site.columns:
            if not crawl.halted:
                crawl.column(column)
        report.listed = len(crawl.seen)
        if report.listed < site.minimum:
            report.errors.append(f"the lists show {report.listed} articles, at least {site.minimum} are expected")
        report.requests = fetch.requests
        store.finish(number, fetch.clock.now(), report.counts(), "; ".join(report.errors) or None)
    return report


@dataclass(slots=True)
class _Crawl:
    site: Site
    store: CrawlStore
    fetch: Fetcher
    report: Report
    since: dt.datetime | None
    seen: set[str] = field(default_factory=set)
    halted: bool = False

    def column(self, column: Column) -> None:
        """Read a column's lists until one shows known articles only; after a crawl that was cut short, to the end."""
        whole = self.store.complete(column.url)
        todo, passed = deque([column.url]), set[str]()
        bodies: set[str] = set()
        shown = 0
        while todo and len(passed) < self.site.pages and not self.halted:
            url = todo.popleft()
            if url in passed:
                continue
            passed.add(url)
            try:
                found = self._list(url, len(passed), column, whole, bodies)
            except SourceError as error:
                self._note(error)
                return
            if found is None:
                break
            shown += len(found.articles)
            if not self._articles(column, found) and found.articles and whole:
                break
            todo.extend(found.following)
        if not shown:
            self.report.errors.append(f"{column.url}: no article on the list; its shape or its addresses have changed")
        elif not self.halted:
            self.store.set_complete(column.url, True)

    def _note(self, error: SourceError) -> None:
        """A list that cannot be read is an error of the crawl."""
        blocked = isinstance(error, BlockedError)
        self.report.blocked += blocked
        self.report.failed += not blocked
        self.report.errors.append(f"{error.where}: {'blocked: ' if blocked else ''}{error.reason}")
        self.halted = self.halted or (isinstance(error, BlockedError) and error.host_wide)

    def _list(self, url: str, number: int, column: Column, whole: bool, bodies: set[str]) -> ListPage | None:
        """The number-th list page of a column, None behind the last. Always asked for; only a whole column is asked on condition."""
        self.report.lists += 1
        old = self.store.list_page(url) if whole else None
        try:
            page = self.fetch.get(url, *(old[:2] if old else ()))
        except AddressError as error:
            raise SourceError(error.where, error.reason) from error
        except FetchError as error:
            if number > 1 and error.reason in _GONE:
                return None
            raise
        if page.status == 304 and old:
            return old[2]
        body = hashlib.sha256(page.body).hexdigest()
        if body in bodies:
            return None  # a list that repeats itself under another number
        bodies.add(body)
        found = read_list(page, number, column, self.site)
        self.store.keep_list(url, page, found)
        return found

    def _articles(self, column: Column, found: ListPage) -> bool:
        """Fetch what a list page shows and is not known; returns whether there was anything."""
        self.seen.update(link.url for link in found.articles)
        new = [link for link in found.articles if not self.store.known(link.url)]
        if new:
            self.store.set_complete(column.url, False)  # until the articles behind this page are known too
        for link in new:
            if not self.halted:
                self._article(link)
        if self.since:
            for link in found.articles:
                if link not in new and (old := self.store.recent(link.url, self.since)):
                    self._article(link, *old)
        return bool(new)

    def _article(self, link: Link, etag: str | None = None, modified: str | None = None, sha256: str | None = None) -> None:
        """Fetch and keep an article and its attachments; the article last, so that a kill in between loses none of them."""
        entry = Entry(link.url, "article", "stored", title=link.text or None, date=link.date)
        page = self._get(entry, etag, modified)
        if page is None or page.status == 304:
            return
        html = decode(page.body, page.headers.get("content-type", ""))
        entry = self._classified(replace(entry, page=page, fingerprint=fingerprint(html)))
        if entry.sha256 == sha256:
            return  # asked for again, and nothing changed
        if entry.state == "stored":
            for file in attachments(html, page.final_url, self.site.attachments)[:_MOST_ATTACHMENTS]:
                if not self.store.known(file.url):
                    self._attachment(file, link.url)
        self._keep(entry)

    def _attachment(self, link: Link, parent: str) -> None:
        entry = Entry(link.url, "attachment", "stored", parent=parent, title=link.text or None)
        if page := self._get(entry):
            self._keep(self._classified(replace(entry, page=page)))

    def _get(self, entry: Entry, etag: str | None = None, modified: str | None = None) -> Page | None:
        """The page; None after keeping why there is none."""
        try:
            return self.fetch.get(entry.url, etag, modified)
        except BlockedError as error:
            self.report.blocked += 1
            self.store.add(replace(entry, state="blocked", error=error.reason))
            if error.host_wide:
                self._note(error)
                self.report.blocked -= 1
        except (FetchError, AddressError) as error:
            self.report.failed += 1
            self.store.add(replace(entry, state="gone" if error.reason in _GONE else "failed", error=error.reason))
        return None

    def _classified(self, entry: Entry) -> Entry:
        assert entry.page is not None
        sha256 = hashlib.sha256(entry.page.body).hexdigest()
        same_as = self.store.original(entry.url, entry.page.final_url, entry.fingerprint, sha256)
        return replace(entry, sha256=sha256, same_as=same_as, state="same" if same_as else "stored")

    def _keep(self, entry: Entry) -> None:
        self.store.add(entry)
        if entry.state == "same":
            self.report.same += 1
        else:
            self.report.stored += 1
