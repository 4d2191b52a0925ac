"""Where a PDF page's own coordinates lie on the page as displayed: its crop box, turned by its rotation.

Displayed positions are points from the page's top left corner, PDF's own from the bottom left corner of no page in particular.
"""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2 as pdfium


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


def find_media_corner(page: pdfium.PdfPage) -> tuple[float, float]:
    """The media box's top left corner on the displayed page: 0, 0 where nothing is cropped, else left of it or above."""
    x0, y0, x1, y1 = page.get_mediabox()
    return find_frame(page).point(*Frame(x0, y0, x1, y1, page.get_rotation()).source(0.0, 0.0))
