"""PDF: the text layer in reading order, page by page, by pypdfium2; running heads, page numbers and watermarks left out.

Pages are closed as they are read, so memory stays flat. A page whose text layer is missing, garbled or only a running head over a scan is
read by text recognition; where that is not installed the page is in `failed`, and a file without any other page is refused. Scripts in a
file are never run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from corpus.errors import ReadError
from pipeline.document import Document
from pipeline.furniture import Page
from pipeline.read.limits import LIMITS, Limits
from pipeline.read.pages import assemble
from pipeline.read.pdf_fonts import box_fonts
from pipeline.read.pdf_frames import upright
from pipeline.read.pdf_rules import Ruled, find_ruled
from pipeline.read.pdf_text import PageText, read_upright
from pipeline.read.scans import Recogniser
from pipeline.runs import Run

_SUSPECT, _GARBLED = 0.1, 0.3  # shares of characters without a meaning above which a text layer is doubted, and is no text
_FEW = 50  # characters of a running head, a page number and a stamp
_COVER = 0.5  # of the page: a picture that may be a scan


def read(data: bytes, uri: str, limits: Limits = LIMITS) -> Document:
    """The document; raises ReadError for an encrypted, broken or empty file and for one without a text layer."""
    recogniser = Recogniser(uri, limits.ocr_pages)
    with box_fonts():
        pages, ruled = _pages(data, uri, limits, recogniser)
    found, tables = assemble(pages, ruled)
    blocks = [recogniser.turned(block) for block in found]
    if not blocks:
        raise ReadError(uri, recogniser.failed[0][1] if recogniser.failed else "no text on any page")
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(
        uri, "application/pdf", sha256, blocks=tuple(blocks), tables=tuple(tables), pages=len(pages), failed=tuple(recogniser.failed)
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
            found.append(Page(text.width, text.height, _readable(text, data, page, number + 1, recogniser)))
            page.close()
            ruled.append(tables)
        return found, ruled
    finally:
        document.close()


def _readable(text: PageText, data: bytes, page: pdfium.PdfPage, number: int, recogniser: Recogniser) -> list[Run]:
    """The runs of the page's text layer, or those of text recognition where that can tell more."""
    strange = text.unmapped / text.chars if text.chars else 0.0
    scan = text.chars < _FEW and _has_picture(page)
    if text.runs and strange <= _SUSPECT and not scan:
        return text.runs
    recognised = recogniser.page(data, page, number)
    if strange > _GARBLED or (strange > _SUSPECT and recognised):
        return recognised
    return recognised if _length(recognised) > 2 * _length(text.runs) else text.runs


def _length(runs: Sequence[Run]) -> int:
    return sum(len(run.text) for run in runs)


def _has_picture(page: pdfium.PdfPage) -> bool:
    """Whether pictures may cover most of the page."""
    width, height = map(float, page.get_size())
    pictures = (thing.get_bounds() for thing in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    covered: float = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in pictures)
    return covered > _COVER * width * height
