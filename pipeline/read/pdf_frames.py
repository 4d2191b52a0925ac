"""Where a PDF page's own coordinates lie on the page as displayed: its crop box, turned by its rotation.

Displayed positions are points from the page's top left corner, PDF's own from the bottom left corner of no page in particular.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium

_TURNS = {turn: pdfium.PdfMatrix(*at) for turn, at in ((90, (0, -1, 1, 0)), (180, (-1, 0, 0, -1)), (270, (0, 1, -1, 0)))}


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle of PDF coordinates that is displayed, and its clockwise rotation in degrees."""

    x0: float
    y0: float
    x1: float
    y1: float
    rotation: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """PDF coordinates to the displayed page."""
        if self.rotation == 90:
            return y - self.y0, x - self.x0
        if self.rotation == 180:
            return self.x1 - x, y - self.y0
        if self.rotation == 270:
            return self.y1 - y, self.x1 - x
        return x - self.x0, self.y1 - y

    def source(self, x: float, y: float) -> tuple[float, float]:
        """The displayed page to PDF coordinates."""
        if self.rotation == 90:
            return self.x0 + y, self.y0 + x
        if self.rotation == 180:
            return self.x1 - x, self.y0 + y
        if self.rotation == 270:
            return self.x1 - y, self.y1 - x
        return self.x0 + x, self.y1 - y


def find_frame(page: pdfium.PdfPage) -> Frame:
    """The frame of what viewers display: the crop box, as far as it lies in the media box."""
    media = page.get_mediabox()
    box = page.get_cropbox() or media
    x0, y0, x1, y1 = max(box[0], media[0]), max(box[1], media[1]), min(box[2], media[2]), min(box[3], media[3])
    return Frame(x0, y0, x1, y1, page.get_rotation())


@contextmanager
def upright(page: pdfium.PdfPage) -> Iterator[Frame]:
    """The page with its content turned and moved to where it is displayed, and the frame that it has then.

    Text and lines are found in one way whatever the rotation, and PDFium tells words and lines apart as on an upright page.
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
