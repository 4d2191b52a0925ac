"""List pages of the common content systems: which articles they show, and where the list goes on.

A new shape is one function here and one line in ADAPTERS.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from corpus.errors import SourceError
from corpus.sites import Column, Site
from pipeline.crawl.fetch import Page, clean_url
from pipeline.crawl.pages import Link, decode, links

_TRS = re.compile(r"createPageHTML\s*\(\s*(?:['\"][^'\"]*['\"]\s*,\s*)?(\d+)\s*,\s*(\d+)\s*,\s*['\"]([^'\"]+)['\"]\s*,\s*['\"](\w+)['\"]")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.S)
_GROUP = re.compile(r"<nextgroup>(.*?)</nextgroup>", re.S)
_HREF = re.compile(r"href\s*=\s*['\"]([^'\"]+)")
_NEXT = {"下一页", "下页", "后一页", ">", "›", "»", ">>"}
_MOST = 20_000_000
"""Bytes of a sitemap after unpacking."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """The articles that a list page shows, in its order, and the list pages that follow it."""

    articles: tuple[Link, ...]
    following: tuple[str, ...]


def read_list(page: Page, number: int, column: Column, site: Site) -> ListPage:
    """Read the number-th page (from 1) of a column. Raises SourceError when it is not what the adapter expects."""
    found, following = ADAPTERS[column.adapter](page, number, column)
    pattern = re.compile(column.article or site.article)
    articles = {link.url: link for link in found if pattern.search(link.url)}
    return ListPage(tuple(articles.values()), tuple(dict.fromkeys(following)))


Found = tuple[list[Link], list[str]]


def _trs(page: Page, number: int, column: Column) -> Found:
    """TRS: createPageHTML(pages, current, "index", "html") names index_1.html, index_2.html …"""
    html = decode(page.body, page.headers.get("content-type", ""))
    match = _TRS.search(html)
    following = []
    if match and number < int(match[1]):
        following = [urljoin(column.url, f"{match[3]}_{number}.{match[4]}")]
    return links(html, page.final_url), following


def _hanweb(page: Page, number: int, column: Column) -> Found:
    """Hanweb: records in a data store inside the page, the next group behind dataproxy.jsp."""
    text = decode(page.body, page.headers.get("content-type", ""))
    records = _RECORD.findall(text)
    if not records and "<datastore" not in text:
        return links(text, page.final_url), []
    found = [link for record in records for link in links(f"<div>{record}</div>", page.final_url)]
    groups = [_CDATA.sub(r"\1", group) for group in _GROUP.findall(text)]
    return found, [clean_url(urljoin(page.final_url, href.replace("&amp;", "&"))) for group in groups for href in _HREF.findall(group)]


def _links(page: Page, number: int, column: Column) -> Found:
    """Plain lists: links to articles, the next page by the definition's pattern or by the link 下一页."""
    found = links(decode(page.body, page.headers.get("content-type", "")), page.final_url)
    if column.next:
        return found, [urljoin(column.url, column.next.replace("{n}", str(number + 1)))]
    return found, [link.url for link in found if link.text.strip() in _NEXT][:1]


def _xml(page: Page) -> str:
    body = page.body
    if body.startswith(b"\x1f\x8b"):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
                body = packed.read(_MOST + 1)
        except (OSError, EOFError) as error:
            raise SourceError(page.url, f"a broken gzip file: {error}") from error
        if len(body) > _MOST:
            raise SourceError(page.url, f"larger than {_MOST} bytes when unpacked")
    return decode(body, page.headers.get("content-type", ""))


def _elements(page: Page, *names: str) -> list[dict[str, str]]:
    """The children's texts of every element with one of the names; no entities, no external files."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", _xml(page))
    root = etree.fromstring(text.encode(), parser)
    if root is None:
        raise SourceError(page.url, "not XML")
    found = []
    for element in root.iter():
        if isinstance(element.tag, str) and etree.QName(element).localname in names:
            entry = {
                etree.QName(child).localname: (child.text or child.get("href") or "").strip()
                for child in element
                if isinstance(child.tag, str)
            }
            found.append({"": etree.QName(element).localname, **entry})
    return found


def _sitemap(page: Page, number: int, column: Column) -> Found:
    """sitemap.xml, and an index of sitemaps; the newest first where the dates say."""
    entries = [entry for entry in _elements(page, "url", "sitemap") if entry.get("loc")]
    entries.sort(key=lambda entry: entry.get("lastmod", ""), reverse=True)
    found = [Link(clean_url(e["loc"]), "", e.get("lastmod", "")[:10] or None) for e in entries if e[""] == "url"]
    return found, [clean_url(e["loc"]) for e in entries if e[""] == "sitemap"]


def _rss(page: Page, number: int, column: Column) -> Found:
    """RSS and Atom feeds: one page."""
    entries = _elements(page, "item", "entry")
    return [Link(clean_url(urljoin(page.final_url, e["link"])), e.get("title", "")) for e in entries if e.get("link")], []


ADAPTERS: dict[str, Callable[[Page, int, Column], Found]] = {
    "trs": _trs,
    "hanweb": _hanweb,
    "links": _links,
    "sitemap": _sitemap,
    "rss": _rss,
}
