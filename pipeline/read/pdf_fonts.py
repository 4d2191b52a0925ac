"""The fonts of the machine kept out of reading: what a PDF says must not depend on them, and PDFium measures their characters slowly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as c


@contextmanager
def own_fonts_only() -> Iterator[None]:
    """Documents opened herein have the fonts that they hold and those that PDFium has built in. Set for the whole process.

    A program that has set fonts for PDFium keeps them.
    """
    if pdfium.PdfSysfontBase.SINGLETON is not None:
        yield
        return
    c.FPDF_SetSystemFontInfo(None)
    try:
        yield
    finally:
        c.FPDF_SetSystemFontInfo(c.FPDF_GetDefaultSystemFontInfo())  # PDFium releases it when it is set anew


@contextmanager
def machine_fonts() -> Iterator[None]:
    """The opposite within `own_fonts_only`: to draw a page, its characters must be seen."""
    if pdfium.PdfSysfontBase.SINGLETON is not None:
        yield
        return
    c.FPDF_SetSystemFontInfo(c.FPDF_GetDefaultSystemFontInfo())
    try:
        yield
    finally:
        c.FPDF_SetSystemFontInfo(None)
