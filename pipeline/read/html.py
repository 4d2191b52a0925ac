"""HTML: headline and body of a government page, its attachments and metadata.

The line under the headline that names date and source is the page's, not the text's: it goes to the metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import unquote, urljoin

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
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|7z|pptx?|csv|txt|rtf|jpe?g|png|tiff?)(?:$|[?#&])", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|tiff?)(?:$|[?#&])", re.IGNORECASE)
_VIEWED = re.compile(r"[?&]file=([^&]+)")  # a PDF in a viewer of its own
_NO_NAME = re.compile(r"|(?:点击|附件|文件|全文|立即)?(?:下载|查看|预览)")
_FRAME = re.compile(r"\b(?:nav|foot(?:er)?|header|menu|sidebar|related|xgxx|xgwj)\b", re.IGNORECASE)
_TITLE_LIKE = re.compile(r"title|tit\b|_tit|bt\b|headline|biaoti", re.IGNORECASE)
_CANDIDATES = 50  # elements looked at for the headline
_DEEPEST = 2_000  # elements within one another
_FIRST = 6  # blocks of the body in which its headline may stand
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
    headline = _headline(root, page)
    body = find_body(root, markup, uri, limits.cells, headline.path if headline else None)
    if not body.blocks:
        files = [file.uri or file.name for file in _attachments(root, root, uri, page.metas.get("url"))]
        raise ReadError(uri, f"no text in it, only a file: {files[0]}" if files else "no text in it")
    metadata = find_metadata(page, headline.text if headline else None, visible_lines(root))
    head = [headline] if headline else [_stated(root, metadata.title)] if metadata.title else []
    blocks = _with_head(head, metadata.title, body.blocks)
    return Document(
        uri,
        "text/html",
        digest(data),
        tuple(blocks),
        metadata,
        tuple(body.tables),
        attachments=tuple(_attachments(root, body.element, uri, metadata.url)),
    )


def _parse(markup: str, uri: str) -> HtmlElement:
    """The page's tree; one that is nested more deeply than the parser's bound is read up to ours, since the rest would be lost."""
    bare = _DECLARATION.sub("", markup)
    for huge in (False, True):
        parser = HTMLParser(remove_comments=True, remove_pis=True, huge_tree=huge)
        try:
            root: HtmlElement = document_fromstring(bare, parser=parser)
        except (etree.ParserError, ValueError) as error:
            raise ReadError(uri, f"no HTML: {error}") from error
        if not any("depth" in entry.message for entry in parser.error_log):
            return root
    if _depth(root) > _DEEPEST:
        raise ReadError(uri, "nested too deeply")
    return root


def _depth(root: HtmlElement) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _letters(text: str) -> str:
    return _LETTERS.sub("", text)


def _headline(root: HtmlElement, page: Page) -> Block | None:
    """The title as printed: the heading or title element whose words are those of the page's title."""
    wanted = _letters(" ".join(filter(None, (page_title(page), page.title))))
    for element in islice(_title_elements(root), _CANDIDATES):
        text = text_of(element)
        letters = _letters(text)
        if (
            len(letters) >= (4 if wanted else 8)
            and len(text) <= 120
            and (letters in wanted if wanted else element.tag in ("h1", "h2", "h3"))
        ):
            return Block(text, HEADING, path=root.getroottree().getpath(element))
    return None


def _stated(root: HtmlElement, title: str) -> Block:
    """The title as the page's head states it, where it is not printed."""
    stating = (e for e in root.iter("meta", "title") if title in collapse(e.get("content") or e.text or ""))
    found = next(stating, None)
    return Block(title, HEADING, path=None if found is None else root.getroottree().getpath(found))


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
    """The body's blocks led by the headline, where the body does not hold it itself, in one block or in several."""
    first = [_letters(block.text) for block in blocks[:_FIRST]]
    wanted = _letters(title or "")
    for at in range(len(first)):
        for end in range(at + 1, len(first) + 1):
            if wanted and "".join(first[at:end]) == wanted:
                if end - at > 1 and head and len({block.path for block in blocks[at:end]}) == 1:  # one element, broken by <br>
                    return [*blocks[:at], *head, *blocks[end:]]
                return [*blocks[:at], *map(_as_heading, blocks[at:end]), *blocks[end:]]
    return [*(block for block in head if _letters(block.text) not in first), *blocks]


def _as_heading(block: Block) -> Block:
    return Block(block.text, HEADING, path=block.path, bold=block.bold, centred=block.centred)


def _attachments(root: HtmlElement, body: HtmlElement, uri: str, url: str | None) -> list[Attachment]:
    """Files that the page links to; pictures only where they stand in its body."""
    base = url if url and url.startswith("http") else uri
    inside = set(body.iter())
    found: dict[str, Attachment] = {}
    for link in root.iter("a", "iframe", "embed", "object"):
        href = (link.get("href") or link.get("src") or link.get("data") or "").strip()
        href = unquote(match.group(1)) if link.tag != "a" and (match := _VIEWED.search(href)) else href
        name = collapse("".join(link.itertext())).strip(" \u00a0\u3000") or (link.get("title") or "").strip()
        if not (_FILE.search(href) or (href and _FILE.search(name))) or href.startswith(("javascript:", "#")):
            continue
        if (link not in inside or link.tag != "a") and (_PICTURE.search(href) or _is_apart(link)):
            continue
        address = urljoin(base, href) if base.startswith("http") else href
        name = (link.get("title") or "").strip() if _NO_NAME.fullmatch(name) else name
        found.setdefault(address, Attachment(name or href.rsplit("/", 1)[-1], address))
    return list(found.values())


def _is_apart(link: HtmlElement) -> bool:
    """Whether a link stands in the frame of the site."""
    return any(
        is_hidden(element) or _FRAME.search(f"{element.get('class') or ''} {element.get('id') or ''}") for element in link.iterancestors()
    )
