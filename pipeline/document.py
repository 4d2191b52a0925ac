"""What reading yields: a document as blocks of text that know where they stand.

Boxes are PDF points from the page's top left corner, pages count from 1, offsets are code points.
A value that the source does not say is None. Block text is the source's own characters.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import overload

Box = tuple[float, float, float, float]  # x0, top, x1, bottom

LINE = "line"  # one printed line: a sentence may go on in the next block
PARAGRAPH = "paragraph"  # a whole paragraph: HTML, DOCX
HEADING = "heading"
ROW = "row"  # a table row: `cells` set, `text` the cells joined by blanks
NOTE = "note"  # a footnote or text box
MARGIN = "margin"  # page header, footer, page number or watermark: repair drops it


@dataclass(frozen=True, slots=True)
class Boxes(Sequence[Box]):
    """The boxes of the characters of a printed line, by the edges of each: a tuple for each would take ten times the memory."""

    left: array[float]
    right: array[float]
    top: float
    bottom: float

    def __len__(self) -> int:
        return len(self.left)

    @overload
    def __getitem__(self, at: int) -> Box: ...
    @overload
    def __getitem__(self, at: slice) -> Boxes: ...
    def __getitem__(self, at: int | slice) -> Box | Boxes:
        if isinstance(at, slice):
            return Boxes(self.left[at], self.right[at], self.top, self.bottom)
        return self.left[at], self.top, self.right[at], self.bottom


@dataclass(frozen=True, slots=True)
class Block:
    """A line, paragraph, heading or table row.

    `chars` has one box per code point of `text`. `full` says whether the line fills its column up to the right edge
    (so that its paragraph may go on), `indented` whether it starts with a paragraph's indent, None when not known.
    """

    text: str
    kind: str = LINE
    page: int | None = None
    box: Box | None = None
    path: str | None = None  # HTML element path, DOCX paragraph or cell, sheet and row
    size: float | None = None  # font size in points
    bold: bool = False
    centred: bool = False
    full: bool | None = None
    indented: bool | None = None
    column: int | None = None  # column of the page, from 0
    chars: Sequence[Box] | None = None
    cells: tuple[str, ...] | None = None
    table: int | None = None  # index into Document.tables
    row: int | None = None  # index into that table's rows
    marks: tuple[tuple[int, str], ...] = ()  # of a table row: where in its text each cell starts, and that cell's path
    confidence: float | None = None  # of optical recognition, 0 to 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table's cell texts, row by row, header rows first; merged cells repeat their text.

    `origins` has for each cell the row whose block holds its text, and the offset there.
    """

    rows: tuple[tuple[str, ...], ...]
    caption: str | None = None
    page: int | None = None
    header_rows: int = 0
    origins: tuple[tuple[tuple[int, int], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A further source that the document links to or holds."""

    name: str
    uri: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the source says of the whole document; `published_source` tells which rung of the ladder gave the date."""

    title: str | None = None
    published: dt.date | None = None
    published_source: str | None = None
    signed: dt.date | None = None  # 成文日期
    attribution: str | None = None  # 来源, 供稿
    issuer: str | None = None  # 发文机关
    number: str | None = None  # 发文字号
    index: str | None = None  # 索引号
    recipient: str | None = None  # 主送机关
    column: str | None = None  # 栏目
    site: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One source as read: its blocks in reading order (table rows among them), tables and metadata.

    `whole` is True when the source itself says that it is one bulletin (a record of a corpus): it is not split.
    `parts` are the documents inside a container (a line of JSONL, a ZIP member, a mail's attachment).
    """

    uri: str
    media_type: str
    sha256: str
    blocks: tuple[Block, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    tables: tuple[Table, ...] = ()
    pages: int | None = None
    attachments: tuple[Attachment, ...] = ()
    whole: bool = False
    parts: tuple[Document, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()  # parts and pages that cannot be read: name and reason
