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
from pipeline.furniture import Page, drop_furniture
from pipeline.layout import Line, find_lines
from pipeline.printed import column_edges, printed_block
from pipeline.read.continued import Grid, Part, join_tables
from pipeline.read.limits import LIMITS, Limits
from pipeline.read.pdf_frames import find_media_corner
from pipeline.read.pdf_tables import Plumber, Ruled, find_cells, has_rules, placeholder, without
from pipeline.read.pdf_text import read_page_text
from pipeline.read.scans import Recogniser
from pipeline.read.tables import is_data, row_blocks
from pipeline.runs import Run, body_size

_GARBLED = 0.3  # share of characters without a meaning above which a text layer is no text


def read(data: bytes, uri: str, limits: Limits = LIMITS) -> Document:
    """The document; raises ReadError for an encrypted, broken or empty file and for one without a text layer."""
    recogniser = Recogniser(limits.ocr_pages)
    pages, grids = _pages(data, uri, limits, recogniser)
    body = body_size(run for page in pages for run in page.runs if run.table is None)
    kept = drop_furniture(pages)
    lines = [find_lines(page.runs, body) if page.runs else [] for page in kept]
    parts, tables = join_tables(grids, _continued(lines, len(grids)))
    blocks = [recogniser.turned(block) for number, found in enumerate(lines, 1) for block in _blocks(found, number, body, parts)]
    if not blocks:
        raise ReadError(uri, recogniser.reason or "no text on any page")
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(
        uri, "application/pdf", sha256, blocks=tuple(blocks), tables=tuple(tables), pages=len(pages), warnings=tuple(recogniser.warnings)
    )


def _pages(data: bytes, uri: str, limits: Limits, recogniser: Recogniser) -> tuple[list[Page], list[Grid]]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ReadError(uri, "encrypted PDF" if "password" in str(error).lower() else "broken PDF") from error
    try:
        if len(document) > limits.pages:
            raise ReadError(uri, f"more than {limits.pages} pages")
        found: list[Page] = []
        grids: list[Grid] = []
        with Plumber(data) as plumber:
            for number in range(len(document)):
                page = document[number]
                text, ruled, corner = read_page_text(page), has_rules(page), find_media_corner(page)
                garbled = text.chars and text.unmapped / text.chars > _GARBLED
                if garbled or not text.runs:
                    runs = recogniser.page(page, number + 1)
                elif ruled:
                    runs = _lift_tables(text.runs, plumber.tables(number, corner), number + 1, grids)
                else:
                    runs = text.runs
                page.close()
                found.append(Page(text.width, text.height, runs))
        return found, grids
    finally:
        document.close()


def _lift_tables(runs: list[Run], tables: Sequence[Ruled], page: int, grids: list[Grid]) -> list[Run]:
    """The runs with a placeholder for each table that holds data, if only a row left over from the page before; its rows go to `grids`."""
    for table in tables:
        cells, box = find_cells(runs, table), table[0]
        last = grids[-1] if grids else None
        left_over = len(cells) == 1 and last is not None and last.page + 1 == page and len(last.rows[0]) == len(cells[0])
        if left_over or is_data(cells):
            size = body_size(runs)
            runs = [*without(runs, box), placeholder(len(grids), box, size)]
            grids.append(Grid(cells, page, box))
    return runs


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
