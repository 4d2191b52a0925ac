"""A page's image to the runs that its layout is made from: the seal faded, lines laid straight, sizes told, marks put right.

Coordinates are PDF points from the page's top left corner. The runs lie as on a page that was scanned straight; `Scan.angle` turns them back.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.document import Block, Box
from pipeline.lines import HAN
from pipeline.read.ocr import Engine, NoEngineError, Recognised, load_engine
from pipeline.read.pdf_fonts import machine_fonts
from pipeline.runs import Run

if TYPE_CHECKING:
    import pypdfium2 as pdfium
    from PIL.Image import Image

DPI = 200
LONGEST = 3400  # pixels: A3 at 200 dpi
_LONG = 8  # em: a line whose slope tells the page's
_STRAIGHT = 0.001  # radians: a millimetre over five pages' width
_SAME = 0.82, 1.19  # times the body's size: what height and width of a line tell no closer; a heading is larger than 1.2
_LEAST = 4  # characters by whose width a size is told
_INK = 110  # grey below which a pixel is ink
_PALE = 160  # red above which there is no black ink under a seal's
_RED = 50  # by how much red exceeds green and blue in a seal's ink

_WIDE = str.maketrans(",:;!?.", "，：；！？。")
_MARKS = re.compile(
    rf"(?<=[{HAN}”》〉）〕%]),|,(?=[{HAN}“《〈（])|(?<=[{HAN}”》）]):|:(?=[{HAN}“《])|(?<=[{HAN}”》）\d%])[;!?]|[;!?](?=[{HAN}“《])"
    rf"|(?<=[{HAN}])(?<![一二三四五六七八九十])\.(?=[{HAN}]|$)"
)
_PARENTHESES = re.compile(r"[(（]([^()（）]{0,40})[)）]")
_HAS_HAN = re.compile(rf"[{HAN}]")
_DIGITS = re.compile(r"(?<=\d)[OoOl|I](?=[\d.,%年月日])|(?<=[\d.])[OoOl|I](?=\d)")
_ZERO = "OoO"
_THOUSANDS = re.compile(r"(?<![\d.，])(\d{1,3})((?:，\d{3})+)(?![\d，])")


class Recogniser:
    """Reads pages without a text layer, as many as the limit lets; the engine is loaded for the first of them.

    `failed` has the name of each page that it could not read, and why.
    """

    def __init__(self, uri: str, most: int) -> None:
        self._uri, self._left, self._most = uri, most, most
        self._turns: dict[int, tuple[float, float, float]] = {}
        self.failed: list[tuple[str, str]] = []

    def page(self, data: bytes, page: pdfium.PdfPage, number: int) -> list[Run]:
        """The runs of a page of the PDF, none for a blank one; `number` counts from 1."""
        if next(iter(page.get_objects(max_depth=1)), None) is None:
            return []
        width, height = page.get_size()
        return self._read(lambda: _render(data, number), width, height, number)

    def image(self, image: Image, width: float, height: float, number: int) -> list[Run]:
        """The runs of an image that is a page of that size in points."""
        return self._read(lambda: image, width, height, number)

    def _read(self, load: Callable[[], Image], width: float, height: float, number: int) -> list[Run]:
        try:
            engine = load_engine()
        except NoEngineError as error:
            return self._unread(number, str(error))
        if not self._left:
            return self._unread(number, f"text is recognised on {self._most} pages of a document (--limit ocr_pages=N)")
        self._left -= 1
        scan = read_scan(load(), width, height, engine)
        self._turns[number] = scan.angle, width, height
        return scan.runs

    def _unread(self, number: int, reason: str) -> list[Run]:
        self.failed.append((f"{self._uri}#page={number}", f"no readable text layer: {reason}"))
        return []

    def turned(self, block: Block) -> Block:
        """The block where its text stands on its page, which may have been scanned askew."""
        angle, width, height = self._turns.get(block.page or 0, (0.0, 0.0, 0.0))
        return turned(block, angle, width, height)


def _render(data: bytes, number: int) -> Image:
    import pypdfium2 as pdfium

    with machine_fonts():
        document = pdfium.PdfDocument(data)  # anew: the one being read was opened without these fonts
        try:
            page = document[number - 1]
            scale = min(DPI / 72, LONGEST / max(page.get_size()))
            image: Image = page.render(scale=scale).to_pil()
            return image
        finally:
            document.close()


@dataclass(frozen=True, slots=True)
class Scan:
    """The runs of one page laid straight, and by how many radians its lines fall to the right in the image."""

    runs: list[Run]
    angle: float


def read_scan(image: Image, width: float, height: float, engine: Engine) -> Scan:
    """What stands on the image of a page of that size in points."""
    scale = width / image.width
    lines = engine(without_seal(image))
    angle = _angle(lines)
    sizes = _sizes(lines, scale)
    middle = width / 2, height / 2
    runs = [run for line, size in zip(lines, sizes, strict=True) for run in _runs(line, size, scale, angle, middle)]
    return Scan(runs, angle)


def without_seal(image: Image) -> Image:
    """The image in grey with red ink faded, but for a red letterhead above the first black line."""
    import numpy
    from PIL import Image as Images
    from PIL import ImageFilter

    if image.mode == "L":
        return image
    pixels = numpy.asarray(image.convert("RGB"))
    red, rest = pixels[:, :, 0], pixels[:, :, 1:].max(axis=2)
    grey = numpy.asarray(image.convert("L")).copy()
    stamped = red > rest.astype(numpy.int16) + _RED
    black = numpy.flatnonzero((red < _INK).mean(axis=1) > 0.02)
    first = int(black[0]) if len(black) and black[0] < image.height * 0.4 else 0
    stamped[:first] = False
    around = Images.fromarray(stamped.astype(numpy.uint8)).filter(ImageFilter.MaxFilter(5))  # the seal's soft edges
    near = numpy.asarray(around).astype(bool)
    grey[near] = numpy.where(red > _PALE, 255, red)[near]
    return Images.fromarray(grey)


def _angle(lines: Sequence[Recognised]) -> float:
    """The slope of most long lines in radians, 0 where there is none to speak of."""
    slopes = [math.atan(line.slope) for line in lines if line.right[-1] - line.left[0] > _LONG * line.height]
    angle = statistics.median(slopes) if slopes else 0.0
    return angle if abs(angle) > _STRAIGHT else 0.0


def _sizes(lines: Sequence[Recognised], scale: float) -> list[float]:
    """Each line's size in points, the body's where it hardly differs from it."""
    raw = [_size(line) * scale for line in lines]
    weighted = sorted((size, len(line.text)) for size, line in zip(raw, lines, strict=True))
    half, seen, body = sum(n for _, n in weighted) / 2, 0, 10.5
    for size, count in weighted:
        seen += count
        if seen >= half:
            body = round(size * 2) / 2
            break
    return [body if _SAME[0] * body <= size <= _SAME[1] * body else size for size in raw]


def _size(line: Recognised) -> float:
    """The size by the width of characters, which descenders and an engine's margins do not change; of a short line by its height."""
    weight = sum(1.0 if char > "\u1100" else 0.5 for char in line.text)
    wide = (line.right[-1] - line.left[0]) / max(weight, 0.5)
    return min(wide, line.height) if len(line.text) >= _LEAST else 0.85 * line.height


def _runs(line: Recognised, size: float, scale: float, angle: float, middle: tuple[float, float]) -> Iterator[Run]:
    """The line's stretches between blanks; how wide those are, the layout sees."""
    text = put_right(line.text)
    x0, x1 = line.left[0] * scale, line.right[-1] * scale
    y = line.middle * scale + line.slope * (x1 - x0) / 2
    x, y = _turn((x0 + x1) / 2, y, -angle, middle)
    shift = x - (x0 + x1) / 2
    for match in re.finditer(r"\S+", text):
        start, end = match.span()
        left, right = line.left[start:end], line.right[start:end]
        for at in range(end - start):
            left[at], right[at] = left[at] * scale + shift, right[at] * scale + shift
        yield Run(match.group(), left, right, y - size / 2, y + size / 2, size, confidence=line.confidence)


def put_right(text: str) -> str:
    """Marks between Chinese characters in full width, and letters between digits as the digits they look like; as long as before."""
    text = _MARKS.sub(lambda match: match.group().translate(_WIDE), text)
    text = _THOUSANDS.sub(lambda match: match.group().replace("，", ","), text)
    text = _PARENTHESES.sub(lambda match: f"（{match[1]}）" if _HAS_HAN.search(match[1]) else match[0], text)
    return _DIGITS.sub(lambda match: "0" if match.group() in _ZERO else "1", text)


def _turn(x: float, y: float, angle: float, middle: tuple[float, float]) -> tuple[float, float]:
    """The point turned by an angle (clockwise on the page) about the page's middle."""
    a, b = x - middle[0], y - middle[1]
    return middle[0] + a * math.cos(angle) - b * math.sin(angle), middle[1] + a * math.sin(angle) + b * math.cos(angle)


def turned(block: Block, angle: float, width: float, height: float) -> Block:
    """The block where its text stands in the image."""
    if not angle or block.box is None:
        return block
    middle = width / 2, height / 2
    chars = tuple(_turned(box, angle, middle) for box in block.chars or (block.box,))
    box = min(c[0] for c in chars), min(c[1] for c in chars), max(c[2] for c in chars), max(c[3] for c in chars)
    return replace(block, box=box, chars=chars if block.chars else None)


def _turned(box: Box, angle: float, middle: tuple[float, float]) -> Box:
    """The box moved with its middle, upright as it was."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    a, b = _turn(x, y, angle, middle)
    return box[0] + a - x, box[1] + b - y, box[2] + a - x, box[3] + b - y
