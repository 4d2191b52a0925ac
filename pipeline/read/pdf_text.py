"""Text of one PDF page: runs of characters with their boxes, by PDFium.

PDFium is called through its C functions, since a Python object per character would take ten times as long.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c

from pipeline.read.pdf_frames import Frame, upright
from pipeline.runs import Run

_GAP = 0.6  # em: a wider gap ends a run
_STRETCH = 0.1  # em: by how much a box differs from its line's others to hold a tall glyph
_BLANKS = frozenset(" \u00a0\u3000\u2002\u2003\u2009\t")
_LATIN = frozenset("\xa0\xad§©®°±²³·×÷")  # of the upper half of Latin-1, what Chinese documents print
_HYPHEN = 2  # how PDFium marks a hyphen at a line's end
_box_of = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(c.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)  # by addresses, since it is called for every character
_CLEAR, _LIGHT, _WHITE, _COLOUR = 150, 165, 245, 40  # of 255: opacity, and values of red, green and blue
_UPRIGHT = 0.05  # radians: text turned further is a stamp or a watermark


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
    with upright(page) as frame:
        return read_upright(page, frame)


def read_upright(page: pdfium.PdfPage, frame: Frame) -> PageText:
    """The same of a page whose content stands upright in `frame`."""
    width, height = frame.x1 - frame.x0, frame.y1 - frame.y0
    textpage = page.get_textpage()
    try:
        raw, chars, unmapped = _runs(textpage.raw, frame)
    finally:
        textpage.close()
    runs = [run for run in raw if 0 <= (run.x0 + run.x1) / 2 <= width and 0 <= (run.top + run.bottom) / 2 <= height]
    return PageText(width, height, runs, chars, unmapped)


@dataclass(slots=True)
class _Builder:
    """The run being collected; `box_top` and `box_bottom` are those of its first character's box."""

    text: list[str]
    left: array[float]
    right: array[float]
    baseline: float
    size: float
    blanks: str
    bold: bool
    pale: bool
    box_top: float
    box_bottom: float

    def leave(self, blanks: str, x0: float) -> None:
        """Put blanks in the white before the character at x0."""
        self.text += blanks
        self.left.extend([self.right[-1], *[x0] * (len(blanks) - 1)])
        self.right.extend([x0] * len(blanks))

    def run(self) -> Run:
        # the em box on the baseline: font files state their heights too differently to compare lines by
        top, bottom = self.baseline - 0.88 * self.size, self.baseline + 0.12 * self.size
        return Run("".join(self.text), self.left, self.right, top, bottom, self.size, self.blanks, self.bold, pale=self.pale)


def _runs(textpage: Any, frame: Frame) -> tuple[list[Run], int, int]:
    """Runs, number of printed characters, and how many of these have no meaning. One loop without calls, since it sees every character."""
    runs: list[Run] = []
    current: _Builder | None = None
    blanks = ""
    count = c.FPDFText_CountChars(textpage)
    lefts, tops, rights, bottoms = _boxes(textpage, count)
    x, y = frame.x0, frame.y1
    chars = unmapped = 0
    for index, code in enumerate(_codes(textpage, count)):
        if 0x3000 < code < 0xD800 or 0x20 < code < 0x7F:
            char = chr(code)
        else:
            char = _rare(textpage, index, code)
            if not char or char in _BLANKS:
                blanks += char
                continue
            unmapped += _is_unmapped(char)
            if not char.isprintable() and char != "\u00ad" and not "\ue000" <= char <= "\uf8ff":
                chars += 1
                continue
        chars += 1
        x0, top, bottom = lefts[index] - x, y - tops[index], y - bottoms[index]
        if current is not None:
            size = current.size
            near = -0.5 * size < x0 - current.right[-1] < _GAP * size
            if near and (
                (
                    -_STRETCH * size < top - current.box_top < _STRETCH * size
                    and -_STRETCH * size < bottom - current.box_bottom < _STRETCH * size
                )
                or _is_level(textpage, index, frame, current, top, bottom)
            ):
                if blanks:
                    current.leave(blanks, x0)
                    blanks = ""
                current.text.append(char)
                current.left.append(x0)
                current.right.append(rights[index] - x)
                continue
            runs.append(current.run())
        current = _begin(textpage, index, frame, char, (x0, top, rights[index] - x, bottom), blanks)
        blanks = ""
    if current is not None:
        runs.append(current.run())
    return runs, chars, unmapped


def _rare(textpage: Any, index: int, code: int) -> str:
    """The character of a code that is neither ASCII nor plain Chinese; "" for what PDFium made up."""
    if code in (0, 10, 13) or (code == 0x20 and c.FPDFText_IsGenerated(textpage, index) == 1):
        return ""
    return "-" if code == _HYPHEN else _UNIFIED.get(code) or chr(code)


def _is_level(textpage: Any, index: int, frame: Frame, run: _Builder, top: float, bottom: float) -> bool:
    """Whether a character stands on the run's baseline in its size though its box is another one's."""
    if bottom <= run.box_top or top >= run.box_bottom:
        return False
    size, baseline = _size(textpage, index, bottom - top)[0], _baseline(textpage, index, frame)
    return abs(size - run.size) < 0.05 * run.size and abs(baseline - run.baseline) < 0.05 * run.size


def _codes(textpage: Any, count: int) -> Sequence[int]:
    """The code of each character, 0 for the first half of one beyond the basic plane; PDFium's text of the whole page lacks those without one."""
    text = (ctypes.c_ushort * (count + 1))()
    if c.FPDFText_GetText(textpage, 0, count, text) == count + 1:
        codes = text[:count]
    else:
        codes = [c.FPDFText_GetUnicode(textpage, index) or 1 for index in range(count)]
    if max(codes, default=0) >= 0xD800:
        for at, (high, low) in enumerate(pairwise(codes)):
            if 0xD800 <= high < 0xDC00:
                codes[at : at + 2] = 0, 0x10000 + ((high - 0xD800) << 10) + low - 0xDC00 if 0xDC00 <= low < 0xE000 else 0xFFFD
    return codes


def _boxes(textpage: Any, count: int) -> tuple[array[float], ...]:
    """Left edges, tops, right edges and bottoms of the characters' boxes, in PDF coordinates. By addresses: a call for every character."""
    boxes = (c.FS_RECTF * count)()
    page, at, size = ctypes.cast(textpage, ctypes.c_void_p), ctypes.addressof(boxes), ctypes.sizeof(c.FS_RECTF)
    for index in range(count):
        _box_of(page, index, at + index * size)
    edges = array("f", bytes(boxes))
    return tuple(edges[side::4] for side in range(4))


def _begin(textpage: Any, index: int, frame: Frame, char: str, box: tuple[float, float, float, float], blanks: str) -> _Builder | None:
    """A new run, None where the text does not stand upright."""
    x0, top, x1, bottom = box
    size, angle = _size(textpage, index, bottom - top)
    if abs(angle) > _UPRIGHT:
        return None
    bold = c.FPDFText_GetFontWeight(textpage, index) >= 600
    edges, baseline = (array("f", (x0,)), array("f", (x1,))), _baseline(textpage, index, frame)
    return _Builder([char], *edges, baseline, size, blanks, bold, _is_pale(textpage, index), top, bottom)


def _is_pale(textpage: Any, index: int) -> bool:
    """Whether a character is half transparent, or light grey but not white, which stands on a dark ground."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not c.FPDFText_GetFillColor(textpage, index, red, green, blue, alpha):
        return False
    low, high = min(red.value, green.value, blue.value), max(red.value, green.value, blue.value)
    return alpha.value < _CLEAR or (_LIGHT < low < _WHITE and high - low < _COLOUR)


def _size(textpage: Any, index: int, height: float) -> tuple[float, float]:
    """A character's size in points and the angle in radians that it is turned by; `height` is its box's."""
    matrix = c.FS_MATRIX()
    c.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix))
    size = c.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
    return size if 0.4 * height <= size <= 2 * height else height, math.atan2(matrix.b, matrix.a)


def _baseline(textpage: Any, index: int, frame: Frame) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    c.FPDFText_GetCharOrigin(textpage, index, ctypes.byref(x), ctypes.byref(y))
    return frame.y1 - y.value


def _is_unmapped(char: str) -> bool:
    """Whether a font's map gave no character of Chinese print: none, one of private use, or the Latin-1 letters that bytes of GBK look like."""
    if "\ue000" <= char <= "\uf8ff":
        return not "\uf000" <= char <= "\uf0ff"  # bullets of symbol fonts
    return char in "\ufffd\ufffe\uffff" or char < " " or ("\x7f" <= char <= "\xff" and char not in _LATIN)
