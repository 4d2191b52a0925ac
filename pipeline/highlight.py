"""A copy of a PDF in which the evidence of every fact is a highlight: a colour for each kind, the value in its note.

Scripts in a file are copied, never run.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c

from corpus.errors import GongbaoError, ReadError
from corpus.records import LAYERS, Box, Bulletin
from pipeline.ids import digest
from pipeline.read.detect import PDF, detect
from pipeline.read.pdf_frames import Frame, find_frame
from pipeline.show import describe

COLOURS = {
    "places": (0, 170, 60),
    "organizations": (40, 110, 255),
    "policies": (220, 0, 200),
    "times": (0, 190, 210),
    "quantities": (255, 190, 0),
}
"""Red, green and blue by fact kind: the hues that `pipeline.show` prints."""
_ALPHA = 90

Note = tuple[str, str, str]
"""A fact's kind, its value in words and its id."""


def highlight(source: str | Path, bulletins: Sequence[Bulletin], out: Path, *, data: bytes | None = None) -> tuple[int, int]:
    """Write the copy; `bulletins` are what the source gave with boxes, `data` its bytes where it is no path.

    Returns how many facts are highlighted and how many are not, since only their page is known. Raises ReadError when the source is
    no PDF or has changed, GongbaoError when the copy cannot be written or would replace the source.
    """
    if data is None:
        if out.exists() and out.samefile(source):
            raise GongbaoError(str(out), "is the source itself")
        data = Path(source).read_bytes()
    if (kind := detect(data, str(source))) != PDF:
        raise ReadError(str(source), f"only a PDF can be highlighted, this is {kind}")
    if any(bulletin.source.sha256 != digest(data) for bulletin in bulletins):
        raise ReadError(str(source), "changed since its facts were read")
    marks, unplaced = _marks(bulletins)
    try:
        document = pdfium.PdfDocument(data)
        try:
            for page, found in groupby(marks, key=lambda mark: mark[0][0].page):
                _annotate(document, page, list(found))
            _save(document, out)
        finally:
            document.close()
    except (pdfium.PdfiumError, OSError) as error:
        raise GongbaoError(str(out), f"cannot be written: {error}") from error
    return len({note[2] for _, note in marks}), unplaced


def _marks(bulletins: Sequence[Bulletin]) -> tuple[list[tuple[list[Box], Note]], int]:
    """One mark for each fact and page, in the order of pages; and the number of facts without boxes."""
    marks: list[tuple[list[Box], Note]] = []
    unplaced = 0
    for bulletin in bulletins:
        for layer in LAYERS:
            for fact in getattr(bulletin, layer):
                note = (layer, describe(fact, bulletin), fact.id)
                marks += [(list(boxes), note) for _, boxes in groupby(fact.boxes or (), key=lambda box: box.page)]
                unplaced += not fact.boxes
    return sorted(marks, key=lambda mark: mark[0][0].page), unplaced


def _annotate(document: pdfium.PdfDocument, number: int, marks: Sequence[tuple[list[Box], Note]]) -> None:
    page = document[number - 1]
    try:
        frame = find_frame(page)
        for boxes, note in marks:
            annotation = c.FPDFPage_CreateAnnot(page.raw, c.FPDF_ANNOT_HIGHLIGHT)
            done = annotation and all(_fill(annotation, [list(_corners(box, frame)) for box in boxes], note))
            c.FPDFPage_CloseAnnot(annotation)
            if not done:
                raise pdfium.PdfiumError(f"page {number} takes no highlight")
    finally:
        page.close()


def _corners(box: Box, frame: Frame) -> Iterator[tuple[float, float]]:
    """The corners in PDF coordinates, in the order that viewers take for the upright text's: upper left, upper right, lower ones."""
    for y in (box.top, box.bottom):
        for x in (box.x0, box.x1):
            yield frame.source(x, y)


def _fill(annotation: Any, quads: Sequence[Sequence[tuple[float, float]]], note: Note) -> Iterator[bool]:
    """Set what the annotation says and how it looks; yields whether each step was done."""
    layer, text, name = note
    colour = COLOURS[layer]
    xs, ys = zip(*(point for quad in quads for point in quad), strict=True)
    yield c.FPDFAnnot_SetColor(annotation, c.FPDFANNOT_COLORTYPE_Color, *colour, _ALPHA)
    for quad in quads:
        points = c.FS_QUADPOINTSF(*(at for point in quad for at in point))
        yield c.FPDFAnnot_AppendAttachmentPoints(annotation, points)
    yield c.FPDFAnnot_SetRect(annotation, c.FS_RECTF(min(xs), max(ys), max(xs), min(ys)))
    yield c.FPDFAnnot_SetFlags(annotation, c.FPDF_ANNOT_FLAG_PRINT)
    for key, value in (("T", layer), ("Contents", text), ("NM", name)):
        yield c.FPDFAnnot_SetStringValue(annotation, key.encode(), _wide(value))
    paths = ["{} {} m {} {} l {} {} l {} {} l f".format(*(f"{at:.2f}" for i in (0, 1, 3, 2) for at in quad[i])) for quad in quads]
    shape = " ".join(["/GS gs", *(f"{value / 255:.3f}" for value in colour), "rg", *paths])  # GS: PDFium's name for the opacity
    yield c.FPDFAnnot_SetAP(annotation, c.FPDF_ANNOT_APPEARANCEMODE_NORMAL, _wide(shape))


def _wide(text: str) -> Any:
    return ctypes.cast(ctypes.create_string_buffer((text + "\0").encode("utf-16-le")), c.FPDF_WIDESTRING)


def _save(document: pdfium.PdfDocument, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        document.save(temporary)
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)
