"""PDF: the text layer in reading order, page by page, by pypdfium2; running heads, page numbers and watermarks left out.

Pages are closed as they are read, so memory stays flat. A page whose text layer is missing or garbled is read by text recognition; where
that is not installed it gives a warning, and a file without any other page is refused. Scripts in a file are never run.
"""

from __future__ import annotations

import hashlib

import pypdfium2 as pdfium

from corpus.errors import ReadError
from pipeline.document import Document
from pipeline.furniture import Page
from pipeline.read.limits import LIMITS, Limits
from pipeline.read.pages import assemble
from pipeline.read.pdf_fonts import box_fonts
from pipeline.read.pdf_frames import upright
from pipeline.read.pdf_rules import Ruled, find_ruled
from pipeline.read.pdf_text import read_upright
from pipeline.read.scans import Recogniser

_GARBLED = 0.3  # share of characters without a meaning above which a text layer is no text


def read(data: bytes, uri: str, limits: Limits = LIMITS) -> Document:
    """The document; raises ReadError for an encrypted, broken or empty file and for one without a text layer."""
    recogniser = Recogniser(limits.ocr_pages)
    with box_fonts():
        pages, ruled = _pages(data, uri, limits, recogniser)
    found, tables = assemble(pages, ruled)
    blocks = [recogniser.turned(block) for block in found]
    if not blocks:
        raise ReadError(uri, recogniser.reason or "no text on any page")
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(
        uri, "application/pdf", sha256, blocks=tuple(blocks), tables=tuple(tables), pages=len(pages), warnings=tuple(recogniser.warnings)
    )


def _pages(data: bytes, uri: str, limits: Limits, recogniser: Recogniser) -> tuple[list[Page], list[list[Ruled]]]:
    """The text of each page and its ruled tables."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ReadError(uri, "encrypted PDF" if "password" in str(error).lower() else "broken PDF") from error
    try:
        if len(document) > limits.pages:
            raise ReadError(uri, f"more than {limits.pages} pages")
        found: list[Page] = []
        ruled: list[list[Ruled]] = []
        for number in range(len(document)):
            page = document[number]
            with upright(page) as frame:
                text, tables = read_upright(page, frame), find_ruled(page, frame)
            garbled = text.chars and text.unmapped / text.chars > _GARBLED
            scanned = garbled or not text.runs
            runs = recogniser.page(data, page, number + 1) if scanned else text.runs
            page.close()
            found.append(Page(text.width, text.height, runs))
            ruled.append(tables)
        return found, ruled
    finally:
        document.close()
