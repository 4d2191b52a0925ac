"""Draws scanned pages for tests and benchmarks: the pages of a PDF with a text layer printed in a Noto font and degraded.

The text layer says where each character stands, so that what a reader should find in the scan is what it finds in the PDF.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from pipeline.read.pdf_fonts import box_fonts
from pipeline.read.pdf_frames import upright
from pipeline.read.pdf_rules import find_ruled
from pipeline.read.pdf_text import read_upright

FONTS = {
    "serif": "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "sans": "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
}
_SIMPLIFIED = 2  # the collection's face for Simplified Chinese
_BASELINE = 0.12  # of a character's size, from its box's bottom

Degrade = Callable[[Image.Image, random.Random], Image.Image]


def has_fonts() -> bool:
    """Whether this machine has the fonts to draw with."""
    return all(Path(path).is_file() for path in FONTS.values())


def draw_pages(pdf: bytes, dpi: int = 200, font: str = "serif") -> Iterator[Image.Image]:
    """Each page of a PDF, its text printed in one of `FONTS`, its tables ruled."""
    with box_fonts():
        document = pdfium.PdfDocument(pdf)
        images = [_draw(page, dpi / 72, font) for page in document]
        document.close()
    return iter(images)


def _draw(page: pdfium.PdfPage, scale: float, font: str) -> Image.Image:
    with upright(page) as frame:
        found, ruled = read_upright(page, frame), find_ruled(page, frame)
    image = Image.new("RGB", (round(found.width * scale), round(found.height * scale)), "white")
    pen = ImageDraw.Draw(image)
    for box in (box for _, rows in ruled for row in rows for box in row):
        pen.rectangle(tuple(side * scale for side in box), outline="black", width=2)
    fonts: dict[int, ImageFont.FreeTypeFont] = {}
    for run in found.runs:
        pixels = round(run.size * scale)
        face = fonts.setdefault(pixels, ImageFont.truetype(FONTS[font], pixels, index=_SIMPLIFIED))
        for char, x in zip(run.text, run.left, strict=True):
            pen.text((x * scale, (run.bottom - _BASELINE * run.size) * scale), char, "black", face, anchor="ls")
    return image


def clean(image: Image.Image, _: random.Random) -> Image.Image:
    return image


def skewed(image: Image.Image, _: random.Random) -> Image.Image:
    """Laid on the glass one degree askew."""
    return image.rotate(1.0, Image.Resampling.BICUBIC, fillcolor="white")


def noisy(image: Image.Image, chance: random.Random) -> Image.Image:
    """Grain, and specks of dust."""
    grain = Image.effect_noise(image.size, 60).convert("RGB")
    out = Image.blend(image, grain, 0.25)
    pen = ImageDraw.Draw(out)
    for _ in range(400):
        x, y = chance.randrange(image.width), chance.randrange(image.height)
        pen.ellipse((x, y, x + chance.randrange(3), y + chance.randrange(3)), "black")
    return out


def blurred(image: Image.Image, _: random.Random) -> Image.Image:
    """Out of focus by half a millimetre's fifth at 200 dpi."""
    return image.filter(ImageFilter.GaussianBlur(1.4))


def compressed(image: Image.Image, _: random.Random) -> Image.Image:
    """Scanned at 150 dpi and packed as a poor JPEG."""
    file = io.BytesIO()
    image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.BILINEAR).save(file, "JPEG", quality=30)
    return Image.open(file).resize(image.size, Image.Resampling.BILINEAR)


def coarse(image: Image.Image, _: random.Random) -> Image.Image:
    """Scanned at 100 dpi, as by fax."""
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.BILINEAR).resize(image.size, Image.Resampling.BILINEAR)


def sealed(image: Image.Image, _: random.Random) -> Image.Image:
    """A red seal over the text: ring, star and name."""
    size = image.width // 4
    seal = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(seal)
    ink = (215, 40, 35, 190)
    pen.ellipse((4, 4, size - 5, size - 5), outline=ink, width=size // 28)
    middle = size / 2
    points = [
        (middle + r * math.sin(i * math.pi / 5), middle - r * math.cos(i * math.pi / 5))
        for i in range(10)
        for r in (size * (0.07, 0.17)[1 - i % 2],)
    ]
    pen.polygon(points, fill=ink)
    face = ImageFont.truetype(FONTS["serif"], size // 9, index=_SIMPLIFIED)
    pen.text((middle, size * 0.8), "平桥县民政局", ink, face, anchor="ms")
    inked = Image.new("RGB", image.size, "white")
    for x, y in ((0.55, 0.15), (0.2, 0.3)):
        inked.paste(seal, (round(image.width * x), round(image.height * y)), seal)
    return Image.blend(ImageChops.multiply(image, inked), inked, 0.25)  # ink lets print through, though not wholly


def worn(image: Image.Image, chance: random.Random) -> Image.Image:
    """A photocopy of all this: askew, grey, soft, sealed, packed."""
    for step in (sealed, skewed, noisy, compressed):
        image = step(image, chance)
    return image


DEGRADED: dict[str, Degrade] = {
    "clean": clean,
    "skew 1°": skewed,
    "noise": noisy,
    "blur": blurred,
    "jpeg 150 dpi": compressed,
    "100 dpi": coarse,
    "red seal": sealed,
    "all": worn,
}


def scan_pdf(images: Iterable[Image.Image], dpi: int = 200) -> bytes:
    """The images as a PDF without a text layer, one page each."""
    first, *rest = images
    file = io.BytesIO()
    first.save(file, "PDF", resolution=dpi, save_all=True, append_images=rest)
    return file.getvalue()
