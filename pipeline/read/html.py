"""HTML: the body of a government page with its headline, source line and attachments, and its metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from corpus.errors import ReadError
from pipeline.document import HEADING, PARAGRAPH, Attachment, Block, Document
from pipeline.lines import is_meta
from pipeline.read import digest
from pipeline.read.body import find_body, visible_lines
from pipeline.read.dom import collapse, is_hidden
from pipeline.read.encoding import decode
from pipeline.read.htmlmeta import Page, find_metadata, page_title, read_page
from pipeline.read.limits import Limits

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|7z|pptx?|csv|txt|jpe?g|png)$", re.IGNORECASE)
_TITLE_LIKE = re.compile(r"title|tit\b|_tit|bt\b|headline|biaoti", re.IGNORECASE)
_LETTERS = re.compile(r"[\W_]+")


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """A page, in the encoding that its bytes show."""
    if len(data) > limits.text_bytes:
        raise ReadError(uri, f"more than {limits.text_bytes} bytes of markup")
    label = _CHARSET.search(data[:4096])
    markup = decode(data, uri, label.group(1).decode("ascii") if label else None)
    root = _parse(markup, uri)
    page = read_page(root, uri)
    body = find_body(root, markup, uri, limits.cells)
    if not body.blocks:
        raise ReadError(uri, "no text in it")
    headline = _headline(root, page, body.element)
    lines = visible_lines(root)
    metadata = find_metadata(page, headline.text if headline else None, lines)
    blocks = _with_head(root, headline, metadata.title, body.blocks, body.element)
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


def _headline(root: HtmlElement, page: Page, body: HtmlElement) -> Block | None:
    """The title as printed: the heading or title element whose words are those of the page's title."""
    wanted = _letters(" ".join(filter(None, (page_title(page), page.title))))
    tree = root.getroottree()
    for element in _title_elements(root):
        text = collapse(" ".join(element.itertext())).strip(" \u00a0\u3000")
        letters = _letters(text)
        if len(letters) >= 4 and len(text) <= 120 and letters in wanted:
            return Block(text, HEADING, path=tree.getpath(element))
    if not wanted:
        first = next((e for e in root.iter("h1") if not is_hidden(e) and len(_letters("".join(e.itertext()))) >= 4), None)
        if first is not None:
            return Block(collapse(" ".join(first.itertext())).strip(), HEADING, path=tree.getpath(first))
    return None


def _title_elements(root: HtmlElement) -> list[HtmlElement]:
    """Headings first, then elements whose class or id says title."""
    named = [e for e in root.iter("h1", "h2", "h3", "ucaptitle") if not is_hidden(e)]
    for element in root.iter("div", "p", "td", "span", "strong"):
        if _TITLE_LIKE.search(f"{element.get('class') or ''} {element.get('id') or ''}") and not is_hidden(element):
            named.append(element)
    return named


def _with_head(root: HtmlElement, headline: Block | None, title: str | None, blocks: Sequence[Block], body: HtmlElement) -> list[Block]:
    """The body's blocks led by headline and source line, where the body does not hold them itself."""
    first = [_letters(block.text) for block in blocks[:4]]
    if title and _letters(title) in first:
        at = first.index(_letters(title))
        return [*blocks[:at], _as_heading(blocks[at]), *blocks[at + 1 :]]
    head = [headline] if headline else [Block(title, HEADING)] if title else []
    between = _source_lines(root, headline, body)
    return [*head, *(block for block in between if _letters(block.text) not in first), *blocks]


def _as_heading(block: Block) -> Block:
    return Block(block.text, HEADING, path=block.path, bold=block.bold, centred=block.centred)


def _source_lines(root: HtmlElement, headline: Block | None, body: HtmlElement) -> list[Block]:
    """The lines between headline and body that name date and source."""
    if headline is None or headline.path is None:
        return []
    tree, inside = root.getroottree(), False
    found: list[tuple[HtmlElement, Block]] = []
    for element in root.iter():
        if element is body:
            break
        if inside and isinstance(element.tag, str) and not is_hidden(element):
            text = collapse(" ".join(element.itertext())).strip(" \u00a0\u3000")
            if 6 <= len(text) <= 200 and is_meta(text) and not any(ancestor is e for e, _ in found for ancestor in element.iterancestors()):
                found.append((element, Block(text, PARAGRAPH, path=tree.getpath(element))))
        inside = inside or tree.getpath(element) == headline.path
    return [block for _, block in found]


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
