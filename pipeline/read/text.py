"""Plain text: one block per printed line, pages where form feeds part them."""

from __future__ import annotations

import re

from corpus.errors import ReadError
from pipeline.document import HEADING, Block, Document
from pipeline.read import digest
from pipeline.read.encoding import decode
from pipeline.read.limits import Limits

_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t#]*")
_BREAK = re.compile("\r\n|[\n\r\v\x85\u2028\u2029]")


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """A text file, UTF-8 or GB 18030 (UTF-16 with its mark)."""
    if len(data) > limits.text_bytes:
        raise ReadError(uri, f"more than {limits.text_bytes} bytes of text")
    text = decode(data, uri)
    if not text.strip():
        raise ReadError(uri, "no text in it")
    pages = text.split("\f")
    if not pages[-1].strip():
        pages.pop()
    numbered = len(pages) > 1
    blocks = tuple(Block(line, page=number if numbered else None) for number, page in enumerate(pages, 1) for line in _BREAK.split(page))
    if uri.lower().endswith(".md"):
        blocks = tuple(map(_marked_up, blocks))
    if len(blocks) > limits.lines:
        raise ReadError(uri, f"more than {limits.lines} lines")
    return Document(uri, "text/plain", digest(data), blocks, pages=len(pages) if numbered else None)


def _marked_up(block: Block) -> Block:
    """A heading of Markdown without its marks; other lines as they are."""
    match = _HEADING.fullmatch(block.text)
    return Block(match["text"], HEADING, path=f"/h{len(match['marks'])}") if match and match["text"] else block
