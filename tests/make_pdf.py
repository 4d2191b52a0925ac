"""Draws PDF files for tests and benchmarks: bulletins set in columns, tables, page furniture."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"  # one of the fonts that every PDF viewer has: the file holds no font
WIDTH, HEIGHT = 595.0, 842.0
TURNS = {0: (1, 0, 0, 1, 0, 0), 90: (0, 1, -1, 0, HEIGHT, 0), 180: (-1, 0, 0, -1, WIDTH, HEIGHT), 270: (0, -1, 1, 0, 0, WIDTH)}
NO_START = "，。、；：？！）》”’〉】」』,.;:?!)%％"
NO_END = "（《“‘〈【「『("

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


@dataclass
class Sheet:
    """How pages are set. Lengths in points."""

    columns: int = 1
    size: float = 10.5
    leading: float = 17.0
    gutter: float = 21.0
    margin: float = 72.0
    header: str | None = None
    footer: str | None = None  # `#` is the page's number
    watermark: str | None = None
    upright_watermark: str | None = None
    justify: bool = True
    bottom: float | None = None  # where the columns end, from the page's top
    rotation: int = 0  # the page's /Rotate, and its content turned against it: displayed it looks the same
    drawn: int = field(default=0, init=False)

    @property
    def column_width(self) -> float:
        return (WIDTH - 2 * self.margin - (self.columns - 1) * self.gutter) / self.columns

    def column_x(self, column: int) -> float:
        return self.margin + column * (self.column_width + self.gutter)


def width(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))


def wrap(text: str, size: float, room: float, indent: float = 0.0) -> Iterator[str]:
    """Lines no wider than `room`; none begins with a closing mark, none splits a number or a Latin word."""
    line = ""
    used = indent
    for token in _tokens(text):
        w = width(token, size)
        if line and used + w > room:
            if token[0] in NO_START and len(line) > 1:
                token = line[-1] + token
                line = line[:-1]
                w = width(token, size)
            while line and line[-1] in NO_END:
                token = line[-1] + token
                line = line[:-1]
                w = width(token, size)
            yield line
            line, used = "", 0.0
        line += token
        used += w
    if line:
        yield line


def _tokens(text: str) -> Iterator[str]:
    word = ""
    for char in text:
        if char.isascii() and (char.isalnum() or char in ".-"):
            word += char
            continue
        if word:
            yield word
            word = ""
        yield char
    if word:
        yield word


class Printer:
    """Sets paragraphs and headlines on pages."""

    def __init__(self, sheet: Sheet | None = None) -> None:
        self.sheet = sheet or Sheet()
        self.file = io.BytesIO()
        self.canvas = Canvas(self.file, pagesize=(WIDTH, HEIGHT), invariant=True)
        self.page = 0
        self.column = 0
        self.top = self.sheet.margin
        self.y = self.top
        self._furniture()

    def _furniture(self) -> None:
        sheet, canvas = self.sheet, self.canvas
        self.page += 1
        canvas.setPageRotation(sheet.rotation)
        canvas.transform(*TURNS[sheet.rotation])
        if sheet.watermark:
            canvas.saveState()
            canvas.setFillGray(0.85)
            canvas.translate(WIDTH / 2, HEIGHT / 2)
            canvas.rotate(45)
            canvas.setFont(FONT, 60)
            canvas.drawCentredString(0, 0, sheet.watermark)
            canvas.restoreState()
        if sheet.upright_watermark:
            canvas.saveState()
            canvas.setFillGray(0.85)
            canvas.setFont(FONT, 48)
            canvas.drawCentredString(WIDTH / 2, HEIGHT / 2, sheet.upright_watermark)
            canvas.restoreState()
        canvas.setFont(FONT, 9)
        if sheet.header:
            canvas.drawCentredString(WIDTH / 2, HEIGHT - 40, sheet.header.replace("#", str(self.page)))
        if sheet.footer:
            canvas.drawCentredString(WIDTH / 2, 36, sheet.footer.replace("#", str(self.page)))

    @property
    def floor(self) -> float:
        return self.sheet.bottom or HEIGHT - self.sheet.margin

    def new_page(self) -> None:
        self.canvas.showPage()
        self.column = 0
        self.top = self.y = self.sheet.margin
        self._furniture()

    def next_column(self) -> None:
        self.column += 1
        self.y = self.top
        if self.column == self.sheet.columns:
            self.new_page()

    def text(self, x: float, y: float, text: str, size: float, spread: float = 0.0) -> None:
        """One line whose top is y from the page's top."""
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, HEIGHT - y - 0.88 * size, text, charSpace=spread)

    def line(self, text: str, indent: float = 0.0, last: bool = False) -> None:
        sheet = self.sheet
        if self.y + sheet.size > self.floor:
            self.next_column()
        room = sheet.column_width - indent
        spare = room - width(text, sheet.size)
        spread = spare / (len(text) - 1) if sheet.justify and not last and len(text) > 1 and 0 < spare < 3 * sheet.size else 0.0
        self.text(sheet.column_x(self.column) + indent, self.y, text, sheet.size, spread)
        self.y += sheet.leading

    def paragraph(self, text: str, indent: float = 2.0) -> None:
        """`indent` in characters."""
        first = indent * self.sheet.size
        lines = list(wrap(text, self.sheet.size, self.sheet.column_width, first))
        for number, line in enumerate(lines):
            self.line(line, first if number == 0 else 0.0, number == len(lines) - 1)

    def headline(self, text: str, size: float = 18.0, first: int = 0, last: int | None = None) -> None:
        """A headline centred over the columns `first` to `last` of the current page, under what stands there."""
        last = self.sheet.columns - 1 if last is None else last
        left, right = self.sheet.column_x(first), self.sheet.column_x(last) + self.sheet.column_width
        for line in wrap(text, size, right - left):
            self.text((left + right - width(line, size)) / 2, self.y, line, size)
            self.y += size * 1.5
        self.y += 4
        self.top = self.y
        self.column = first

    def table(
        self, rows: Sequence[Sequence[str]], widths: Sequence[float], rules: str = "grid", repeat: bool = True, high: float = 20.0
    ) -> None:
        """Rows of cells over the page, the first row being the headings, `repeat`ed on each page that the table goes on to.

        `rules`: "grid" around every cell, "three" lines as in books (over and under the headings and under the last row), "none".
        """
        left, right = self.sheet.margin, self.sheet.margin + sum(widths)
        for number, row in enumerate(rows):
            opens = number == 0
            if self.y + high > self.floor:
                self._rule(rules == "three", left, right)
                self.new_page()
                opens = True
                if repeat and number:
                    self._row(rows[0], widths, rules, high, opens)
                    opens = False
                    self._rule(rules == "three", left, right)
            self._row(row, widths, rules, high, opens)
            self._rule(rules == "three" and number in (0, len(rows) - 1), left, right)
        self.y += high / 2

    def _row(self, row: Sequence[str], widths: Sequence[float], rules: str, high: float, opens: bool) -> None:
        x, size = self.sheet.margin, self.sheet.size
        self._rule(opens and rules == "three", x, x + sum(widths))
        for number, (cell, wide) in enumerate(zip(row, widths, strict=True)):
            if rules == "grid":
                self.canvas.rect(x, HEIGHT - self.y - high, wide, high)
            at = x + 4 if number == 0 else x + (wide - width(cell, size)) / 2  # names at the left, figures centred
            self.text(at, self.y + (high - size) / 2, cell, size)
            x += wide
        self.y += high

    def _rule(self, drawn: bool, left: float, right: float) -> None:
        if drawn:
            self.canvas.line(left, HEIGHT - self.y, right, HEIGHT - self.y)

    def save(self) -> bytes:
        self.canvas.save()
        return self.file.getvalue()


def bulletin_pdf(paragraphs: Sequence[str], sheet: Sheet | None = None, title: str | None = None) -> bytes:
    printer = Printer(sheet)
    if title:
        printer.headline(title)
    for paragraph in paragraphs:
        printer.paragraph(paragraph)
    return printer.save()
