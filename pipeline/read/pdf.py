"""PDF: the text layer in reading order, page by page, by pypdfium2; running heads, page numbers and watermarks left out.

Pages are closed as they are read, so memory stays flat. A page whose text layer is missing or garbled is read by text recognition; where
that is not installed it gives a warning, and a file without any other page is refused. Scripts in a file are never run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pypdfium2 as pdfium

from corpus.errors import ReadError
from pipeline.document import Block, Document
from pipeline.furniture import Page, drop_running, drop_watermarks
from pipeline.layout import Line, find_lines
from pipeline.printed import column_edges, printed_block
from pipeline.read.continued import Grid, Part, join_tables
from pipeline.read.limits import LIMITS, Limits
from pipeline.read.pdf_fonts import own_fonts_only
from pipeline.read.pdf_frames import upright
from pipeline.read.pdf_rules import Ruled, find_ruled
from pipeline.read.pdf_tables import lift_tables
from pipeline.read.pdf_text import read_upright
from pipeline.read.scans import Recogniser
from pipeline.read.tables import row_blocks
from pipeline.runs import body_size

_GARBLED = 0.3  # share of characters without a meaning above which a text layer is no text


def read(data: bytes, uri: str, limits: Limits = LIMITS) -> Document:
    """The document; raises ReadError for an encrypted, broken or empty file and for one without a text layer."""
    recogniser = Recogniser(limits.ocr_pages)
    with own_fonts_only():
        pages, ruled = _pages(data, uri, limits, recogniser)
    grids: list[Grid] = []
    lifted = [
        Page(page.width, page.height, lift_tables(page.runs, tables, number, grids))
        for number, (page, tables) in enumerate(zip(drop_watermarks(pages), ruled, strict=True), 1)
    ]
    body = body_size(run for page in lifted for run in page.runs if run.table is None)
    kept = drop_running(lifted)
    lines = [find_lines(page.runs, body) if page.runs else [] for page in kept]
    parts, tables = join_tables(grids, _continued(lines, len(grids)))
    blocks = [recogniser.turned(block) for number, found in enumerate(lines, 1) for block in _blocks(found, number, body, parts)]
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


def _continued(pages: Sequence[Sequence[Line]], count: int) -> list[bool]:
    """Of each grid, whether it opens its page and the grid before it closes the page before."""
    found = [False] * count
    for before, page in pairwise(pages):
        if before and page and before[-1].table is not None and page[0].table is not None:
            found[page[0].table] = True
    return found


def _blocks(lines: Sequence[Line], number: int, body: float, parts: Sequence[Part]) -> Iterator[Block]:
    edges = column_edges(lines, body)
    for line in lines:
        if line.table is not None:
            part = parts[line.table]
            paths = [f"page {number}, row {i}" for i in range(1, len(part.rows) + 1)]
            yield from row_blocks(part.rows, part.table, paths, number, part.first)
        else:
            yield printed_block(line, number, body, edges)
