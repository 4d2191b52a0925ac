"""One font for all that a PDF names and does not hold, whatever fonts the machine has.

What a PDF says must not depend on the machine. Without any font PDFium even leaves out text: a character without a height on a page that lies
on its side, one without a width that is set by itself. With a font it measures every character, slowly where the font is large. So Chinese
fonts are stood in for by one whose every character is the same box. To draw a page, the machine's own fonts are needed again.
"""

from __future__ import annotations

import ctypes
import functools
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c

_CHARSETS = {
    c.FXFONT_SHIFTJIS_CHARSET,
    c.FXFONT_HANGEUL_CHARSET,
    c.FXFONT_GB2312_CHARSET,
    c.FXFONT_CHINESEBIG5_CHARSET,
}  # PDFium has fonts built in for the others
_EM = 1000
_BOX = 50, 0, 250, 700  # of the character: inside the box of the narrowest letter, whose width the PDF itself states


@contextmanager
def box_fonts() -> Iterator[None]:
    """Documents opened herein have boxes for the characters of fonts that they lack. Set for the whole process.

    A program that has set fonts for PDFium itself keeps them.
    """
    if pdfium.PdfSysfontBase.SINGLETON is not None:
        yield
        return
    c.FPDF_SetSystemFontInfo(ctypes.pointer(_boxes()))
    try:
        yield
    finally:
        _set_machine_fonts()


@contextmanager
def machine_fonts() -> Iterator[None]:
    """The opposite within `box_fonts`."""
    if pdfium.PdfSysfontBase.SINGLETON is not None:
        yield
        return
    _set_machine_fonts()
    try:
        yield
    finally:
        c.FPDF_SetSystemFontInfo(ctypes.pointer(_boxes()))


def _set_machine_fonts() -> None:
    c.FPDF_SetSystemFontInfo(c.FPDF_GetDefaultSystemFontInfo())  # PDFium releases it when another is set


@functools.cache
def _boxes() -> Any:
    """PDFium's source of fonts: the one font for every Chinese, Japanese and Korean face that is asked for."""
    data = _font()

    def find(_: Any, weight: int, italic: int, charset: int, *more: Any) -> int | None:
        return 1 if charset in _CHARSETS else None

    def load(_: Any, font: Any, table: int, buffer: Any, room: int) -> int:
        if table:  # one of the file's tables: it is asked whether the file holds several fonts
            return 0
        if buffer and room >= len(data):
            ctypes.memmove(buffer, data, len(data))
        return len(data)

    kinds = dict(c.FPDF_SYSFONTINFO._fields_)
    calls = {"MapFont": find, "GetFontData": load, "GetFaceName": lambda *_: 0, "GetFontCharset": lambda *_: c.FXFONT_GB2312_CHARSET}
    calls |= {name: lambda *_: None for name in ("Release", "EnumFonts", "GetFont", "DeleteFont")}
    return c.FPDF_SYSFONTINFO(version=1, **{name: kinds[name](call) for name, call in calls.items()})


def _font() -> bytes:
    """A TrueType file in which every code from the blank on has the same glyph (OpenType 1.9, cmap format 13)."""
    left, low, right, high = _BOX
    glyph = struct.pack(">5hHH4B8h", 1, *_BOX, 3, 0, 1, 1, 1, 1, left, right - left, 0, left - right, low, 0, high - low, 0)
    tables = {
        b"cmap": struct.pack(">4HI2H6I", 0, 1, 3, 10, 12, 13, 0, 28, 0, 1, 0x20, 0x10FFFF, 1),
        b"glyf": glyph,
        b"head": struct.pack(">4I2H2q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM, 0, 0, *_BOX, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">I3hH11hH", 0x10000, 880, -120, 0, _EM, left, _EM - right, right, 1, 0, 0, 0, 0, 0, 0, 0, 1),
        b"hmtx": struct.pack(">Hhh", _EM, left, left),
        b"loca": struct.pack(">3H", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">I14H", 0x10000, 2, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
        b"post": struct.pack(">8I", 0x30000, 0, 0, 0, 0, 0, 0, 0),
    }
    at = 12 + 16 * len(tables)
    head, body = struct.pack(">I4H", 0x10000, len(tables), 128, 3, 0), b""
    for name, table in tables.items():
        head += struct.pack(">4s3I", name, 0, at + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return head + body
