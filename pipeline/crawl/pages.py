"""What a crawler reads in a page: its text, its links, its attachments, and whether it is the same article as another page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from pipeline.crawl.fetch import FetchError, clean_url

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.I)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.I)
_SAID = re.compile(r"[\u3400-\u9fff0-9]+")
_DATE = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
_ENOUGH = 80
"""Characters from which on two pages with the same text are the same article."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words and the date printed beside it, as YYYY-MM-DD."""

    url: str
    text: str
    date: str | None = None


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page. Strict UTF-8 first, whatever the labels say; gb2312 and gbk labels hold GB 18030 in practice."""
    if body.startswith(b"\xef\xbb\xbf"):
        return body[3:].decode("utf-8", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    labels = [match[1] for match in (_HEADER.search(content_type),) if match]
    labels += [match[1].decode() for match in (_CHARSET.search(body[:4096]),) if match]
    for label in (*labels, "gb18030"):
        name = "gb18030" if label.lower().startswith("gb") else label
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("gb18030", "replace")


def links(html: str, base: str) -> list[Link]:
    """The links of a page or a fragment, in order, each address once."""
    from lxml import html as parser
    from lxml.etree import ParserError

    try:
        tree = parser.document_fromstring(html)
    except (ParserError, ValueError):
        return []
    found: dict[str, Link] = {}
    for anchor in tree.iter("a"):
        href = (anchor.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            continue
        try:
            url = clean_url(urljoin(base, href))
        except (FetchError, ValueError):
            continue
        text = (anchor.get("title") or anchor.text_content() or "").strip()
        parent = anchor.getparent()
        match = _DATE.search(parent.text_content()) if parent is not None else None
        date = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else None
        found.setdefault(url, Link(url, re.sub(r"\s+", " ", text), date))
    return list(found.values())


def attachments(html: str, base: str, kinds: Collection[str]) -> list[Link]:
    """The links to files of these kinds on the same host."""
    host = urlsplit(base).hostname
    wanted = tuple(f".{kind}" for kind in kinds)
    return [link for link in links(html, base) if urlsplit(link.url).path.lower().endswith(wanted) and urlsplit(link.url).hostname == host]


def fingerprint(html: str) -> str | None:
    """A hash of what the page's paragraphs say, equal for a reprint on another page; None when there is too little."""
    from lxml import html as parser
    from lxml.etree import ParserError

    try:
        tree = parser.document_fromstring(html)
    except (ParserError, ValueError):
        return None
    text = "".join("".join(_SAID.findall(paragraph.text_content())) for paragraph in tree.iter("p"))
    return hashlib.sha256(text.encode()).hexdigest() if len(text) >= _ENOUGH else None
