"""HTML: headline and body of a government page, its attachments and metadata.

The line under the headline that names date and source is the page's, not the text's: it goes to the metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from corpus.errors import ReadError
from pipeline.document import HEADING, Attachment, Block, Document
from pipeline.read import digest
from pipeline.read.body import find_body, visible_lines
from pipeline.read.dom import collapse, is_hidden, text_of
from pipeline.read.encoding import decode
from pipeline.read.htmlmeta import Page, find_metadata, page_title, read_page
from pipeline.read.limits import Limits

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|7z|pptx?|csv|txt|jpe?g|png)$", re.IGNORECASE)
_TITLE_LIKE = re.compile(r"title|tit\b|_tit|bt\b|headline|biaoti", re.IGNORECASE)
_CANDIDATES = 50  # elements looked at for the headline
_SMALL = 60  # elements within a line of the page
_LETTERS = re.compile(r"[\W_]+")


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """A page, in the encoding that its bytes show."""
    if len(data) > limits.markup_bytes:
        raise ReadError(uri, f"more than {limits.markup_bytes} bytes of markup")
    label = _CHARSET.search(data[:4096])
    markup = decode(data, uri, label.group(1).decode("ascii") if label else None)
    root = _parse(markup, uri)
    page = read_page(root, uri)
    body = find_body(root, markup, uri, limits.cells)
    if not body.blocks:
        raise ReadError(uri, "no text in it")
    headline = _headline(root, page)
    metadata = find_metadata(page, headline.text if headline else None, visible_lines(root))
    head = [headline] if headline else [Block(metadata.title, HEADING)] if metadata.title else []
    blocks = _with_head(head, metadata.title, body.blocks)
    return Document(
        uri,
        "text/html",
        digest(data),
        tuple(blocks),
        metadata,
        tuple(body.tables),
        attachments=tuple(_attachments(body.element, uri, metadata.url)),
    )


def _parse(markup: str, uri: str) -> HtmlElement:
    try:
        root = document_fromstring(_DECLARATION.sub("", markup), parser=HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, ValueError) as error:
        raise ReadError(uri, f"no HTML: {error}") from error
    return root


def _letters(text: str) -> str:
    return _LETTERS.sub("", text)


def _headline(root: HtmlElement, page: Page) -> Block | None:
    """The title as printed: the heading or title element whose words are those of the page's title."""
    wanted = _letters(" ".join(filter(None, (page_title(page), page.title))))
    for element in islice(_title_elements(root), _CANDIDATES):
        text = text_of(element)
        letters = _letters(text)
        if len(letters) >= 4 and len(text) <= 120 and (letters in wanted if wanted else element.tag == "h1"):
            return Block(text, HEADING, path=root.getroottree().getpath(element))
    return None


def _title_elements(root: HtmlElement) -> Iterator[HtmlElement]:
    """Headings first, then elements whose class or id says title."""
    yield from (e for e in root.iter("h1", "h2", "h3", "ucaptitle") if _is_small(e))
    for element in root.iter("div", "p", "td", "span", "strong"):
        if _TITLE_LIKE.search(f"{element.get('class') or ''} {element.get('id') or ''}") and _is_small(element):
            yield element


def _is_small(element: HtmlElement) -> bool:
    """Whether the element is shown and holds few others: a line, not a part of the page."""
    return not is_hidden(element) and sum(1 for _ in islice(element.iter(), _SMALL + 1)) <= _SMALL


def _with_head(head: Sequence[Block], title: str | None, blocks: Sequence[Block]) -> list[Block]:
    """The body's blocks led by the headline, where the body does not hold it itself."""
    first = [_letters(block.text) for block in blocks[:4]]
    if title and _letters(title) in first:
        at = first.index(_letters(title))
        return [*blocks[:at], _as_heading(blocks[at]), *blocks[at + 1 :]]
    return [*(block for block in head if _letters(block.text) not in first), *blocks]


def _as_heading(block: Block) -> Block:
    return Block(block.text, HEADING, path=block.path, bold=block.bold, centred=block.centred)


def _attachments(body: HtmlElement, uri: str, url: str | None) -> list[Attachment]:
    """Files that the body links to."""
    base = url if url and url.startswith("http") else uri
    found: dict[str, Attachment] = {}
    for link in body.iter("a"):
        href = (link.get("href") or "").strip()
        if _FILE.search(href.split("?")[0]):
            name = collapse("".join(link.itertext())).strip() or href.rsplit("/", 1)[-1]
            address = urljoin(base, href) if base.startswith("http") else href
            found.setdefault(address, Attachment(name, address))
    return list(found.values())
