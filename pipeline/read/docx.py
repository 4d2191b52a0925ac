"""DOCX: paragraphs, headings and tables in body order, tracked changes as accepted, text boxes at their place, notes after the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml.etree import _Element as Element

from corpus.errors import ReadError
from pipeline.document import HEADING, LINE, MARGIN, NOTE, PARAGRAPH, Attachment, Block, Document, Table
from pipeline.lines import ends_sentence
from pipeline.read import digest
from pipeline.read.container import Container
from pipeline.read.docxstyles import Styles, read_styles
from pipeline.read.limits import Limits
from pipeline.read.tables import Cell, is_data, make_table, row_blocks, spread

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH_T = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _R, _T, _TAB, _BR, _CR = (f"{_W}{tag}" for tag in ("p", "tbl", "r", "t", "tab", "br", "cr"))
_UNREAD = {
    *(
        f"{_W}{tag}"
        for tag in ("del", "moveFrom", "instrText", "delText", "delInstrText", "pPr", "rPr", "sectPr", "tblPr", "tblGrid", "object", "rt")
    ),
    f"{_MC}Fallback",
}
_WRAPPERS = {f"{_W}{tag}" for tag in ("sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo")}
_HYPHENS = {f"{_W}noBreakHyphen": "-", f"{_W}softHyphen": ""}
_CAPTION = 60
_DEPTH = 60  # text boxes and content controls within one another


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """A Word document (OOXML)."""
    container = Container(data, uri, limits)
    body = container.xml("word/document.xml").find(f"{_W}body")
    if body is None:
        raise ReadError(uri, "no body in it")
    walk = _Walk(uri, read_styles(container), limits.cells)
    walk.children(body, "", 0)
    for kind in ("footnote", "endnote"):
        notes = container.optional_xml(f"word/{kind}s.xml")
        own = (note for note in (notes if notes is not None else ()) if note.get(f"{_W}type") is None)  # the others are separating rules
        for number, note in enumerate(own, 1):
            walk.note(note, f"{kind}[{number}]")
    blocks = [block for block in walk.blocks if block.text.strip()]
    if not blocks:
        raise ReadError(uri, "no text in it")
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return Document(uri, media, digest(data), tuple(blocks), tables=tuple(walk.tables), attachments=tuple(_embedded(container)))


def _embedded(container: Container) -> Iterator[Attachment]:
    for name in container.names():
        if name.startswith("word/embeddings/"):
            yield Attachment(name.rsplit("/", 1)[-1])


@dataclass(slots=True)
class _Text:
    """A paragraph's text, broken where it breaks lines, with what its runs look like."""

    lines: list[str] = field(default_factory=lambda: [""])
    bold: list[bool] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


class _Walk:
    """Reads block-level elements into blocks and tables."""

    def __init__(self, uri: str, styles: Styles, cells: int) -> None:
        self.uri = uri
        self.styles = styles
        self.cells = cells
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.count = {"p": 0, "tbl": 0}
        self.open: _Text | None = None  # text of a paragraph whose end a tracked change deletes

    def children(self, parent: Element, path: str, depth: int) -> None:
        if depth > _DEPTH:
            raise ReadError(self.uri, "nested too deeply")
        for child in parent:
            if child.tag == _P:
                self.count["p"] += 1
                self.paragraph(child, path or f"p[{self.count['p']}]", depth)
            elif child.tag == _TBL:
                self.count["tbl"] += 1
                self.table(child, f"tbl[{self.count['tbl']}]", depth)
            elif child.tag not in _UNREAD and isinstance(child.tag, str):
                self.children(child, path, depth + 1)

    def note(self, note: Element, path: str) -> None:
        text = "".join("".join(_read(p, self.styles).lines) for p in note.iter(_P))
        self.blocks.append(Block(text, NOTE, path=path))

    def paragraph(self, element: Element, path: str, depth: int) -> None:
        text = _read(element, self.styles, self.open)
        self.open = text if element.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None else None
        if self.open is not None:
            return
        look = self.styles.look(element)
        kind = MARGIN if look.contents else HEADING if look.level is not None else PARAGRAPH if len(text.lines) == 1 else LINE
        where = f"{path}/heading{look.level}" if kind == HEADING else path
        size = max(set(text.sizes), key=text.sizes.count) if text.sizes else look.size
        bold = bool(text.bold) and all(text.bold)
        for line in text.lines:
            self.blocks.append(Block(line, kind, path=where, size=size, bold=bold, centred=look.centred))
        for box in text.boxes:
            self.children(box, "", depth + 1)

    def table(self, element: Element, path: str, depth: int) -> None:
        rows = [row for row in _within(element, f"{_W}tr") if row.find(f"{_W}trPr/{_W}del") is None]
        paths = [f"{path}/tr[{number}]" for number in range(1, len(rows) + 1)]
        merged = _merged([[*_before(row), *_cells(row, at, self.styles)] for row, at in zip(rows, paths, strict=True)])
        cells = spread(merged, self.cells + 1)
        self.cells -= sum(map(len, cells))
        if self.cells < 0:
            raise ReadError(self.uri, "too many table cells")
        if not is_data(cells) or any(True for tc in element.iterdescendants(_TBL)):
            for number, row in enumerate(rows, 1):
                for tc_number, tc in enumerate(_within(row, f"{_W}tc"), 1):
                    self.children(tc, f"{path}/tr[{number}]/tc[{tc_number}]", depth + 1)
            return
        last = self.blocks[-1].text.strip() if self.blocks else ""
        caption = last if last and len(last) <= _CAPTION and not ends_sentence(last) else None
        self.blocks.extend(row_blocks(cells, len(self.tables), paths))
        self.tables.append(make_table(cells, caption))


def _read(paragraph: Element, styles: Styles, into: _Text | None = None) -> _Text:
    """The paragraph's text as its changes are accepted, after that of a paragraph that runs into it."""
    text = into or _Text()
    stack: list[Element] = [*reversed(paragraph)]
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag in _UNREAD or not isinstance(tag, str):
            continue
        if tag == f"{_W}txbxContent":
            text.boxes.append(element)
        elif tag == _R:
            look = styles.run(element)
            if look.hidden:
                continue
            if any(t.text and t.text.strip() for t in element.iterchildren(_T)):
                text.bold.append(look.bold)
                if look.size:
                    text.sizes.append(look.size)
            stack.extend(reversed(element))
        elif tag in (_T, _MATH_T):
            text.lines[-1] += element.text or ""
        elif tag == _TAB:
            text.lines[-1] += "\t"
        elif tag in (_BR, _CR):
            if element.get(f"{_W}type") not in ("page", "column"):
                text.lines.append("")
        elif tag in _HYPHENS:
            text.lines[-1] += _HYPHENS[tag]
        else:
            stack.extend(reversed(element))
    return text


def _within(parent: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or cells of a row, those in content controls and tracked insertions among them."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _within(child, tag)


def _before(row: Element) -> list[tuple[Cell, bool]]:
    """An empty cell for the columns that the row leaves out at its start."""
    skipped = row.find(f"{_W}trPr/{_W}gridBefore")
    columns = skipped.get(f"{_W}val", "") if skipped is not None else ""
    return [(Cell("", int(columns)), False)] if columns.isdigit() and 0 < len(columns) < 4 and int(columns) else []


_SPACE = re.compile(r"[\r\n]+")


def _cells(row: Element, path: str, styles: Styles) -> Iterator[tuple[Cell, bool]]:
    for number, tc in enumerate(_within(row, f"{_W}tc"), 1):
        yield _cell(tc, f"{path}/tc[{number}]", styles)


def _cell(tc: Element, path: str, styles: Styles) -> tuple[Cell, bool]:
    """The cell and whether it goes on with the cell above."""
    words = [_SPACE.sub("", "".join(_read(p, styles).lines)).strip() for p in tc.iter(_P)]
    span = tc.find(f"{_W}tcPr/{_W}gridSpan")
    merge = tc.find(f"{_W}tcPr/{_W}vMerge")
    columns = span.get(f"{_W}val", "1") if span is not None else "1"
    continues = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
    return Cell("".join(words), max(1, int(columns)) if columns.isdigit() and len(columns) < 5 else 1, path=path), continues


def _merged(rows: Sequence[Sequence[tuple[Cell, bool]]]) -> list[list[Cell]]:
    """Rows whose vertically merged cells span rows, as HTML writes them."""
    out: list[list[Cell]] = []
    tops: dict[int, tuple[int, int]] = {}  # grid column → row and index of the cell that spans down
    for number, row in enumerate(rows):
        cells: list[Cell] = []
        column = 0
        for cell, continues in row:
            if continues and column in tops:
                top_row, index = tops[column]
                top = out[top_row][index]
                out[top_row][index] = replace(top, rows=number - top_row + 1)
            else:
                tops[column] = (number, len(cells))
                cells.append(cell)
            column += cell.columns
        out.append(cells)
    return out
