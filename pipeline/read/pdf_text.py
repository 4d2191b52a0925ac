"""Text of one PDF page: runs of characters with their boxes, by PDFium.

PDFium is called through its C functions, since a Python object per character would take ten times as long.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c

from pipeline.read.pdf_frames import Frame, find_frame
from pipeline.runs import Run

_GAP = 0.6  # em: a wider gap ends a run
_BLANKS = frozenset(" \u00a0\u3000\u2002\u2003\u2009\t")
_HYPHEN = 2  # how PDFium marks a hyphen at a line's end
_UPRIGHT = 0.05  # radians: text turned further is a stamp or a watermark
_TURNS = {turn: pdfium.PdfMatrix(*at) for turn, at in ((90, (0, -1, 1, 0)), (180, (-1, 0, 0, -1)), (270, (0, 1, -1, 0)))}


def _unified() -> dict[int, str]:
    """Kangxi radicals and compatibility ideographs, which fonts of some producers yield in place of the characters printed."""
    table = {}
    for code in (*range(0x2E80, 0x2FD6), *range(0xF900, 0xFB00)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    return table


_UNIFIED = _unified()


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's upright text; `width` and `height` in points as displayed; `hidden` counts characters without a meaning."""

    width: float
    height: float
    runs: list[Run]
    chars: int
    unmapped: int


def read_page_text(page: pdfium.PdfPage) -> PageText:
    """The runs of a page, in the order of its content stream. The caller closes the page."""
    width, height = page.get_size()
    with upright(page) as frame:
        textpage = page.get_textpage()
        try:
            raw, chars, unmapped = _runs(textpage.raw, frame)
        finally:
            textpage.close()
    runs = [run for run in raw if 0 <= (run.x0 + run.x1) / 2 <= width and 0 <= (run.top + run.bottom) / 2 <= height]
    return PageText(width, height, runs, chars, unmapped)


@contextmanager
def upright(page: pdfium.PdfPage) -> Iterator[Frame]:
    """The page with its content turned and moved to where it is displayed, and the frame that it has then.

    PDFium leaves out text whose extent in PDF coordinates has no width: on a page displayed on its side that is every line in a font which
    neither the file nor the machine has, since its characters have no height.
    """
    frame = find_frame(page)
    if not frame.rotation:
        yield frame
        return
    turn = _TURNS[frame.rotation]
    (xa, ya), (xb, yb) = turn.on_point(frame.x0, frame.y0), turn.on_point(frame.x1, frame.y1)
    x, y = min(xa, xb), min(ya, yb)
    _transform(page, turn.translate(-x, -y))
    page.set_rotation(0)
    try:
        yield Frame(0, 0, abs(xb - xa), abs(yb - ya), 0)
    finally:
        page.set_rotation(frame.rotation)
        _transform(page, pdfium.PdfMatrix().translate(x, y).multiply(_TURNS[360 - frame.rotation]))


def _transform(page: pdfium.PdfPage, matrix: pdfium.PdfMatrix) -> None:
    for thing in page.get_objects(max_depth=1):
        thing.transform(matrix)


class _Builder:
    """The run being collected."""

    def __init__(self, char: str, x0: float, x1: float, baseline: float, size: float, blanks: str, bold: bool) -> None:
        self.text = [char]
        self.left, self.right = array("f", (x0,)), array("f", (x1,))
        self.baseline, self.size, self.blanks, self.bold = baseline, size, blanks, bold

    def add(self, char: str, x0: float, x1: float) -> None:
        self.text.append(char)
        self.left.append(x0)
        self.right.append(x1)

    def run(self) -> Run:
        # the em box on the baseline: font files state their heights too differently to compare lines by
        top, bottom = self.baseline - 0.88 * self.size, self.baseline + 0.12 * self.size
        return Run("".join(self.text), self.left, self.right, top, bottom, self.size, self.blanks, self.bold)


def _runs(textpage: Any, frame: Frame) -> tuple[list[Run], int, int]:
    """Runs, number of printed characters, and how many of these have no meaning (private use, none in the font's map)."""
    runs: list[Run] = []
    current: _Builder | None = None
    low = high = 0.0
    blanks = ""
    chars = unmapped = 0
    for index, char, (x0, top, x1, bottom) in _chars(textpage, frame):
        if char in _BLANKS:
            blanks += char
            continue
        chars += 1
        unmapped += _is_unmapped(char)
        if not char.isprintable() and char != "\u00ad" and not "\ue000" <= char <= "\uf8ff":
            continue
        height = high - low
        if current and abs(top - low) < 0.05 * height and abs(bottom - high) < 0.05 * height:
            gap = x0 - current.right[-1]
            if -0.5 * current.size < gap < _GAP * current.size:
                for blank in blanks:
                    current.add(blank, current.right[-1], x0)
                blanks = ""
                current.add(char, x0, x1)
                continue
        if current:
            runs.append(current.run())
        current = _begin(textpage, index, frame, char, (x0, top, x1, bottom), blanks)
        low, high, blanks = top, bottom, ""
    if current:
        runs.append(current.run())
    return runs, chars, unmapped


def _chars(textpage: Any, frame: Frame) -> Iterator[tuple[int, str, tuple[float, float, float, float]]]:
    """Characters with their index and their box on the displayed page; those that PDFium made up are left out."""
    rect = c.FS_RECTF()
    pointer = ctypes.byref(rect)
    unicode_of, box_of, generated = c.FPDFText_GetUnicode, c.FPDFText_GetLooseCharBox, c.FPDFText_IsGenerated
    high = 0
    for index in range(c.FPDFText_CountChars(textpage)):
        code = unicode_of(textpage, index)
        if code in (10, 13) or (code == 32 and generated(textpage, index) == 1):
            continue
        if 0xD800 <= code < 0xDC00:  # the first half of a character beyond the basic plane
            high = code
            continue
        if high:
            code, high = (0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if 0xDC00 <= code < 0xE000 else 0xFFFD), 0
        char = "-" if code == _HYPHEN else _UNIFIED.get(code) or chr(code)
        box_of(textpage, index, pointer)
        yield index, char, (rect.left - frame.x0, frame.y1 - rect.top, rect.right - frame.x0, frame.y1 - rect.bottom)


def _begin(textpage: Any, index: int, frame: Frame, char: str, box: tuple[float, float, float, float], blanks: str) -> _Builder | None:
    """A new run, None where the text does not stand upright."""
    matrix = c.FS_MATRIX()
    c.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix))
    if abs(math.atan2(matrix.b, matrix.a)) > _UPRIGHT:
        return None
    height = box[3] - box[1]
    size = c.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
    if not 0.4 * height <= size <= 2 * height:
        size = height
    x, y = ctypes.c_double(), ctypes.c_double()
    c.FPDFText_GetCharOrigin(textpage, index, ctypes.byref(x), ctypes.byref(y))
    baseline = frame.point(x.value, y.value)[1]
    bold = c.FPDFText_GetFontWeight(textpage, index) >= 600
    return _Builder(char, box[0], box[2], baseline, size, blanks, bold)


def _is_unmapped(char: str) -> bool:
    return "\ue000" <= char <= "\uf8ff" or char in "\ufffd\ufffe\uffff" or char < " " or "\x7f" <= char < "\xa0"
