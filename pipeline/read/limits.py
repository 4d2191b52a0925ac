"""Bounds on what one document may take: a hostile file costs bounded time and memory."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace


@dataclass(slots=True)
class Meter:
    """What one source may still unpack, however deep its containers lie in one another."""

    unpacked_bytes: int
    members: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, counts in pieces; a document over a limit is a ReadError that names it."""

    file_bytes: int = 256 * 2**20
    """One source's size."""
    unpacked_bytes: int = 512 * 2**20
    """What a ZIP container (DOCX, XLSX, OFD, ZIP) may unpack to, members together."""
    unpacked_ratio: int = 300
    """How many times its packed size a member above 1 MiB may unpack to."""
    members: int = 10_000
    """Files in one container."""
    depth: int = 3
    """Containers within containers."""
    text_bytes: int = 64 * 2**20
    """Text or markup of one document."""
    markup_bytes: int = 16 * 2**20
    """One HTML page."""
    lines: int = 200_000
    """Printed lines of one text."""
    cells: int = 2_000_000
    """Cells of one spreadsheet or of all tables of one document."""
    convert_seconds: int = 60
    """How long LibreOffice may take for one document."""
    pages: int = 5_000
    """Pages of one document."""
    ocr_pages: int = 50
    """Pages of one document whose text is recognised: some seconds each. Those beyond give a warning."""
    image_pixels: int = 100_000_000
    """Pixels of one page of an image."""
    seconds: float = 300
    """Time for one document, where it is processed in a process that can be ended: the command `extract`, batches on processes."""
    memory_bytes: int = 4 * 2**30
    """Memory of the process that works on one document, where one is used (Linux)."""
    meter: Meter | None = field(default=None, compare=False, repr=False)

    def metered(self) -> Limits:
        """These limits with a meter that all containers of one source share."""
        return self if self.meter else replace(self, meter=Meter(self.unpacked_bytes, self.members))


LIMITS = Limits()
LIMIT_NAMES = tuple(field.name for field in fields(Limits) if field.name != "meter")
