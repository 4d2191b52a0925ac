"""Scans as images: PNG, JPEG and TIFF, one page for each frame, by text recognition."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PIL import Image as Images
from PIL import ImageSequence, UnidentifiedImageError

from corpus.errors import ReadError
from pipeline.document import Document
from pipeline.furniture import Page
from pipeline.read import digest
from pipeline.read.limits import LIMITS, Limits
from pipeline.read.pages import assemble
from pipeline.read.scans import DPI, LONGEST, Recogniser

if TYPE_CHECKING:
    from PIL.Image import Image

_LEAST_DPI = 72  # what says less tells nothing of the paper


def read(data: bytes, uri: str, limits: Limits = LIMITS) -> Document:
    """The document; raises ReadError for a broken or huge image and for one without text."""
    recogniser = Recogniser(uri, limits.ocr_pages)
    pages = list(_pages(data, uri, limits, recogniser))
    found, tables = assemble(pages, [[] for _ in pages])
    blocks = tuple(recogniser.turned(block) for block in found)
    if not blocks:
        raise ReadError(uri, recogniser.failed[0][1] if recogniser.failed else "no text on the image")
    return Document(uri, "image/*", digest(data), blocks=blocks, tables=tuple(tables), pages=len(pages), failed=tuple(recogniser.failed))


def _pages(data: bytes, uri: str, limits: Limits, recogniser: Recogniser) -> Iterator[Page]:
    try:
        with Images.open(io.BytesIO(data)) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                if number > limits.pages:
                    raise ReadError(uri, f"more than {limits.pages} pages")
                if frame.width * frame.height > limits.image_pixels:
                    raise ReadError(uri, f"more than {limits.image_pixels} pixels")
                width, height = _points(frame)
                yield Page(width, height, recogniser.image(_fitted(frame), width, height, number))
    except UnidentifiedImageError as error:
        raise ReadError(uri, "broken image") from error
    except (Images.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise ReadError(uri, f"broken image: {error}") from error


def _points(image: Image) -> tuple[float, float]:
    """The paper's size, by the resolution that the image gives, else as scanned at 200 dpi."""
    given = image.info.get("dpi", (DPI, DPI))
    x, y = (float(dpi) if dpi and float(dpi) > _LEAST_DPI else float(DPI) for dpi in given)
    return image.width * 72 / x, image.height * 72 / y


def _fitted(image: Image) -> Image:
    """The image upright, in colours and no larger than helps."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONGEST, LONGEST))
    return upright
