"""An HTML tree to blocks: paragraphs, headings and table rows, each with its element path.

The walk keeps its own stack, so that no depth of nesting reaches Python's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from corpus.errors import ReadError
from pipeline.document import HEADING, LINE, PARAGRAPH, Block, Table
from pipeline.lines import HAN, ends_sentence, is_organization
from pipeline.read.tables import Cell, is_data, make_table, row_blocks, spread

_UNREAD = frozenset({"script", "style", "noscript", "template", "nav", "footer", "head", "map", "link", "meta", "title"})
_WIDGETS = frozenset({"iframe", "object", "embed", "select", "button", "input", "textarea", "svg", "canvas", "audio", "video"})
_SKIPPED = _UNREAD | _WIDGETS
_TYPE = frozenset({"b", "big", "del", "em", "font", "i", "ins", "s", "small", "span", "strong", "sub", "sup", "tt", "u", "nobr"})
_WORDS = frozenset({"a", "abbr", "bdo", "cite", "code", "img", "kbd", "label", "mark", "q", "ruby", "time", "var", "wbr", "ucaptitle"})
_INLINE = _TYPE | _WORDS | {"o:p", "st1:chsdate"}
_BOLD = frozenset(["b", "strong"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SPACE_IN_HAN = re.compile(rf"(?<=[{HAN}，。；：、！？”》）])[ \t]*[\r\n][ \t\r\n]*(?=[{HAN}“《（])")
_HAN_EDGE = re.compile(rf"[{HAN}，。；：、！？“”《》（）]")
_CAPTION = 60


@dataclass(slots=True)
class Reading:
    """Blocks and tables of a walk, and how many characters of each block stand in links."""

    blocks: list[Block] = field(default_factory=list)
    linked: list[int] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def read_blocks(root: HtmlElement, uri: str, cells: int) -> Reading:
    """The blocks of the element in document order. Raises ReadError when its tables have more than `cells` cells."""
    walk = _Walk(uri, cells)
    walk.run(root)
    return walk.reading


def text_of(element: HtmlElement) -> str:
    """The element's visible text in one line."""
    lines = [block.text.strip(" \u00a0\u3000") for block in read_blocks(element, "", 10_000).blocks]
    text = ""
    for line in filter(None, lines):
        apart = text and not (
            _HAN_EDGE.match(text[-1]) and _HAN_EDGE.match(line[0]) and not (is_organization(text) and is_organization(line))
        )
        text += f" {line}" if apart else line
    return text


def is_hidden(element: HtmlElement) -> bool:
    """Whether the element shows no text of its own on the page."""
    if not isinstance(element.tag, str) or element.tag in _SKIPPED or element.get("hidden") is not None:
        return True
    if element.get("id") == "js_content":  # WeChat shows its text by a script
        return False
    return bool(_HIDDEN.search(element.get("style") or ""))


def collapse(text: str) -> str:
    """Blanks of the markup as a browser shows them, without those that a line break puts between Chinese characters."""
    return _SPACE.sub(" ", _SPACE_IN_HAN.sub("", text))


class _Walk:
    """Depth-first through the tree, collecting text until a block's edge."""

    def __init__(self, uri: str, cells: int) -> None:
        self.reading = Reading()
        self.uri = uri
        self.cells = cells
        self.pieces: list[tuple[str, bool, bool]] = []
        self.owners: list[tuple[HtmlElement, str]] = []
        self.bold = self.links = 0
        self.broken = False

    def run(self, root: HtmlElement) -> None:
        stack: list[tuple[str, HtmlElement, str]] = [("open", root, root.getroottree().getpath(root))]
        while stack:
            action, element, path = stack.pop()
            if action == "open":
                self._open(element, path, stack)
            elif action == "close":
                self._close(element)
            elif text := element.text if action == "text" else element.tail:
                self.pieces.append((text, self.bold > 0, self.links > 0))
        self._flush()

    def _open(self, element: HtmlElement, path: str, stack: list[tuple[str, HtmlElement, str]]) -> None:
        if is_hidden(element):
            return
        if element.tag == "br":
            self._flush(LINE)
            self.broken = True
            return
        if element.tag == "table" and self._table(element, path):
            return
        if element.tag not in _INLINE:
            self._flush()
            self.owners.append((element, path))
        self.bold += element.tag in _BOLD
        self.links += element.tag == "a"
        stack.append(("close", element, path))
        stack.extend(_children(element, path))
        stack.append(("text", element, path))

    def _close(self, element: HtmlElement) -> None:
        if element.tag not in _INLINE:
            self._flush()
            self.owners.pop()
        self.bold -= element.tag in _BOLD
        self.links -= element.tag == "a"

    def _flush(self, kind: str = PARAGRAPH) -> None:
        """The text so far as a block; empty pieces leave no block."""
        pieces, self.pieces = self.pieces, []
        if self.owners and self.owners[-1][0].tag == "pre":
            self._typed("".join(piece[0] for piece in pieces))
            return
        text = collapse("".join(piece[0] for piece in pieces)).strip(" ")
        if not text or not self.owners:
            return
        owner, path = self.owners[-1]
        if self.broken:
            kind = LINE
        self.broken = kind == LINE
        if any(element.tag in _HEADINGS for element, _ in self.owners[-3:]):
            kind = HEADING
        shown = [(words, bold) for words, bold, _ in pieces if words.strip()]
        centred = bool(_CENTRED.search(owner.get("style") or "")) or owner.get("align") == "center" or owner.tag == "center"
        self.reading.linked.append(sum(len(words.strip()) for words, _, linked in pieces if linked))
        self.reading.blocks.append(Block(text, kind, path=path, bold=all(bold for _, bold in shown), centred=centred))

    def _typed(self, text: str) -> None:
        """The lines of typed text, blanks and empty lines as they are."""
        for line in text.strip("\r\n").splitlines():
            self.reading.blocks.append(Block(line.rstrip(), LINE, path=self.owners[-1][1]))
            self.reading.linked.append(0)

    def _table(self, element: HtmlElement, path: str) -> bool:
        """Reads a table of data; False for one that arranges the page, which is read as its blocks."""
        rows = list(element.iter("tr"))
        if any(True for _ in element.iterdescendants("table")) or len(rows) < 2:
            return False
        paths = _row_paths(element, path, rows)
        cells = spread([list(_cells(row, at)) for row, at in zip(rows, paths, strict=True)], self.cells + 1)
        self.cells -= sum(map(len, cells))
        if self.cells < 0:
            raise ReadError(self.uri, "too many table cells")
        if not is_data(cells):
            return False
        self._flush()
        found = list(row_blocks(cells, len(self.reading.tables), paths))
        self.reading.tables.append(make_table(cells, self._caption(element)))
        self.reading.blocks.extend(found)
        self.reading.linked.extend([0] * len(found))
        return True

    def _caption(self, table: HtmlElement) -> str | None:
        """The table's own caption, or the short line right before it."""
        own = table.find("caption")
        if own is not None and (text := collapse("".join(own.itertext())).strip()):
            self.reading.blocks.append(Block(text, PARAGRAPH, path=table.getroottree().getpath(own)))
            self.reading.linked.append(0)
            return text
        last = self.reading.blocks[-1].text if self.reading.blocks else ""
        return last if last and len(last) <= _CAPTION and not ends_sentence(last) else None


def _children(element: HtmlElement, path: str) -> Iterator[tuple[str, HtmlElement, str]]:
    """What to do for the children, last first, as a stack takes it."""
    counts: Counter[str] = Counter()
    found = []
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        counts[tag] += 1
        found.append((child, f"{path}/{tag}[{counts[tag]}]"))
    for child, child_path in reversed(found):
        yield "tail", child, child_path
        yield "open", child, child_path


def _row_paths(table: HtmlElement, path: str, rows: Sequence[HtmlElement]) -> list[str]:
    """The rows' element paths, through <thead> and <tbody>."""
    parents = {table: path, **{part: child for _, part, child in _children(table, path)}}
    counts: Counter[HtmlElement] = Counter()
    found = []
    for row in rows:
        parent = row.getparent()
        counts[parent] += 1
        found.append(f"{parents.get(parent, path)}/tr[{counts[parent]}]")
    return found


def _cells(row: HtmlElement, path: str) -> Iterator[Cell]:
    counts: Counter[str] = Counter()
    for td in row.iterchildren("td", "th"):
        counts[td.tag] += 1
        yield _cell(td, f"{path}/{td.tag}[{counts[td.tag]}]")


def _cell(td: HtmlElement, path: str) -> Cell:
    text = collapse(" ".join("".join(td.itertext()).split(" "))).strip(" \u00a0\u3000")
    return Cell(text, _number(td.get("colspan")), _number(td.get("rowspan")), td.tag == "th", path=path)


def _number(value: str | None) -> int:
    return max(1, int(value)) if value and value.isascii() and value.isdigit() and len(value) < 5 else 1
