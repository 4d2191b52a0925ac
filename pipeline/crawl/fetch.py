"""Fetching one page at a time: robots.txt, pauses per host, Retry-After, redirects step by step, limits on size and time."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from corpus.errors import ConfigError, SourceError
from pipeline.crawl.challenge import challenge
from pipeline.crawl.clock import Clock, SystemClock
from pipeline.crawl.guard import AddressError, GuardedBackend, Resolve, guarded_client, resolve
from pipeline.crawl.robots import Rules, parse_robots

AGENT = "gongbao"
_REDIRECTS = {301, 302, 303, 307, 308}
_LATER = {429, 500, 502, 503, 504}


class BlockedError(SourceError):
    """The site does not want us to have this page: robots.txt, or a check for a browser; `host_wide` when for the whole host."""

    def __init__(self, where: str, reason: str, host_wide: bool = False) -> None:
        super().__init__(where, reason)
        self.host_wide = host_wide

    def __reduce__(self) -> tuple[type, tuple[str, str, bool]]:  # type: ignore[override]
        return type(self), (self.where, self.reason, self.host_wide)


class FetchError(SourceError):
    """A page that cannot be had; `transient` when a later try may get it."""

    def __init__(self, where: str, reason: str, transient: bool = False) -> None:
        super().__init__(where, reason)
        self.transient = transient

    def __reduce__(self) -> tuple[type, tuple[str, str, bool]]:  # type: ignore[override]
        return type(self), (self.where, self.reason, self.transient)


@dataclass(frozen=True, slots=True)
class CrawlSettings:
    """How to behave. `contact` is a mail address or URL in the user agent; times in seconds, sizes in bytes."""

    contact: str
    delay: float = 2.0
    allow_hosts: tuple[str, ...] = ()
    """Hosts (`name` or `name:port`) that may have a private address."""
    timeout: float = 30.0
    deadline: float = 120.0
    """For one page as a whole: a server that sends a byte now and then does not hold us."""
    max_bytes: int = 50_000_000
    max_redirects: int = 5
    attempts: int = 3
    longest_wait: float = 300.0
    """The longest Retry-After that is waited for; a longer one ends the attempt."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer. `final_url` is where the redirects led, `body` without content coding."""

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    retrieved: dt.datetime


@dataclass(slots=True)
class _Host:
    ready: float = 0.0
    rules: Rules | None = None
    delay: float = 0.0
    blocked: str | None = None


@dataclass(slots=True)
class Fetcher:
    """Fetches pages; use as a context manager. `requests` counts every request that was sent, robots.txt included."""

    settings: CrawlSettings
    clock: Clock = field(default_factory=SystemClock)
    resolver: Resolve = resolve
    requests: int = 0
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _client: httpx.Client | None = None

    def __enter__(self) -> Fetcher:
        if not self.settings.contact.strip():
            raise ConfigError("contact", "a crawl needs a mail address or URL where the site's owner reaches you")
        headers = {
            "User-Agent": f"{AGENT}/0.1 (+{self.settings.contact})",
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
        }
        backend = GuardedBackend(self.settings.allow_hosts, self.resolver)
        self._client = guarded_client(backend, headers, self.settings.timeout)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._client:
            self._client.close()

    def get(self, url: str, etag: str | None = None, modified: str | None = None) -> Page:
        """The page at a URL, redirects followed; with `etag` or `modified` perhaps a Page of status 304 without body.

        Raises BlockedError and FetchError, the latter also for every status but 200 and 304.
        """
        conditions = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
        here, passed = clean_url(url), set()
        for _ in range(self.settings.max_redirects + 1):
            if here in passed:
                raise FetchError(url, f"redirects in a circle at {here}")
            passed.add(here)
            self._check(here)
            page = self._request(url, here, conditions)
            if page.status not in _REDIRECTS:
                return self._judged(page)
            here = clean_url(urljoin(here, page.headers.get("location", "")))
            conditions = {}
        raise FetchError(url, f"more than {self.settings.max_redirects} redirects")

    def _judged(self, page: Page) -> Page:
        if reason := challenge(page.status, page.headers, page.body):
            self._host(page.final_url).blocked = reason
            raise BlockedError(page.url, reason, host_wide=True)
        if page.status not in (200, 304):
            raise FetchError(page.url, f"status {page.status}", page.status in _LATER)
        return page

    def _host(self, url: str) -> _Host:
        parts = urlsplit(url)
        return self._hosts.setdefault(f"{parts.scheme}://{parts.netloc}", _Host())

    def _check(self, url: str) -> None:
        """Scheme, earlier challenges and robots.txt."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise FetchError(url, "not an http or https address")
        host = self._host(url)
        if host.blocked:
            raise BlockedError(url, f"not asked again: {host.blocked}", host_wide=True)
        if host.rules is None:
            host.rules = self._robots(f"{parts.scheme}://{parts.netloc}/robots.txt")
            host.delay = host.rules.delay(AGENT)
        if not host.rules.allows(url, AGENT):
            raise BlockedError(url, host.rules.reason or "robots.txt forbids it", host_wide=host.rules.reason is not None)

    def _robots(self, url: str) -> Rules:
        here = url
        try:
            for _ in range(self.settings.max_redirects):
                page = self._request(url, here, {})
                if page.status not in _REDIRECTS:
                    return parse_robots(page.status, page.body)
                here = clean_url(urljoin(here, page.headers.get("location", "")))
        except FetchError as error:
            return Rules(None, f"robots.txt cannot be read: {error.reason}")
        return Rules(None)

    def _request(self, url: str, here: str, conditions: dict[str, str]) -> Page:
        """One answer, asked for again while the server says later and we may wait so long."""
        for attempt in range(1, self.settings.attempts + 1):
            last = attempt == self.settings.attempts
            try:
                page = self._send(url, here, conditions)
            except httpx.TransportError as error:
                if last:
                    raise FetchError(url, f"{type(error).__name__}: {error}", transient=True) from error
                self._pause(here, 2.0**attempt)
                continue
            if page.status not in _LATER or last or challenge(page.status, page.headers, page.body):
                return page
            wait = retry_after(page.headers.get("retry-after"), self.clock.now())
            if wait is not None and wait > self.settings.longest_wait:
                raise FetchError(url, f"status {page.status}, asks to wait {wait:.0f} s", transient=True)
            self._pause(here, wait if wait is not None else 2.0**attempt)
        raise AssertionError("unreachable")

    def _pause(self, url: str, seconds: float) -> None:
        host = self._host(url)
        host.ready = max(host.ready, self.clock.monotonic() + seconds)

    def _send(self, url: str, here: str, conditions: dict[str, str]) -> Page:
        assert self._client is not None
        host = self._host(here)
        if (wait := host.ready - self.clock.monotonic()) > 0:
            self.clock.sleep(wait)
        self.requests += 1
        started = self.clock.monotonic()
        try:
            with self._client.stream("GET", here, headers=conditions) as answer:
                body = self._body(url, answer, started)
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Page(url, here, answer.status_code, headers, body, self.clock.now())
        except AddressError:
            self.requests -= 1  # nothing was sent
            raise
        finally:
            host.ready = max(host.ready, self.clock.monotonic() + max(self.settings.delay, host.delay))

    def _body(self, url: str, answer: httpx.Response, started: float) -> bytes:
        parts, size = [], 0
        try:
            for part in answer.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > self.settings.max_bytes:
                    raise FetchError(url, f"larger than {self.settings.max_bytes} bytes")
                if self.clock.monotonic() - started > self.settings.deadline:
                    raise FetchError(url, f"not complete after {self.settings.deadline:.0f} s", transient=True)
        except httpx.DecodingError as error:
            raise FetchError(url, f"wrong content coding: {error}") from error
        return b"".join(parts)


def retry_after(value: str | None, now: dt.datetime) -> float | None:
    """Seconds that a Retry-After header asks for, None when it says nothing that can be read."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or dt.UTC) - now).total_seconds())


def clean_url(url: str) -> str:
    """One form for one page: host in lower case, no default port, no fragment; FetchError for what is no URL."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise FetchError(url, f"not a URL: {error}") from error
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}.get(parts.scheme)
    netloc = host if port in (None, default) else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))
