"""Plain text: one block per printed line, pages where form feeds part them."""

from __future__ import annotations

import re

from corpus.errors import ReadError
from pipeline.document import Block, Document
from pipeline.read import digest
from pipeline.read.encoding import decode
from pipeline.read.limits import Limits

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
    if len(blocks) > limits.lines:
        raise ReadError(uri, f"more than {limits.lines} lines")
    return Document(uri, "text/plain", digest(data), blocks, pages=len(pages) if numbered else None)
