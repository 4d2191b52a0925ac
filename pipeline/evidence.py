"""The way back: from a fact's offsets to the pages and rectangles of its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.records import Box
from pipeline.document import Block, Document
from pipeline.document import Box as Rectangle
from pipeline.repair import Repaired


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the characters of one bulletin stand; `offset` is where the bulletin starts in the repaired text."""

    document: Document
    repaired: Repaired
    offset: int
    with_boxes: bool

    def pages(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last page of text[start:end] of the bulletin, None for sources without pages."""
        blocks = self.document.blocks
        found = [page for block, _, _ in self._spans(start, end) if (page := blocks[block].page) is not None]
        return (min(found), max(found)) if found else None

    def confidence(self, start: int, end: int) -> float:
        """How sure text recognition was of text[start:end], 1 for text that was not recognised."""
        blocks = self.document.blocks
        return min((sure for block, _, _ in self._spans(start, end) if (sure := blocks[block].confidence) is not None), default=1.0)

    def boxes(self, start: int, end: int) -> tuple[Box, ...] | None:
        """One rectangle for each printed line of the evidence, None when not asked for or not known."""
        if not self.with_boxes:
            return None
        found = tuple(box for span in self._spans(start, end) for box in self._lines(*span))
        return found or None

    def paths(self, start: int, end: int) -> tuple[str, ...] | None:
        """The elements, paragraphs or cells that text[start:end] stands in, None for pages, plain text and when not asked for."""
        blocks = self.document.blocks
        spans = self._spans(start, end) if self.with_boxes else []
        found = [path for block, low, high in spans if blocks[block].page is None for path in _paths(blocks[block], low, high)]
        return tuple(dict.fromkeys(found)) or None

    def _spans(self, start: int, end: int) -> list[tuple[int, int, int]]:
        return list(self.repaired.spans(self.offset + start, self.offset + end))

    def _lines(self, index: int, start: int, end: int) -> Iterator[Box]:
        """The rectangles of a part of a block: one, or in a table's cell one for each of its lines."""
        block = self.document.blocks[index]
        if block.page is None or block.box is None:
            return
        rectangles = block.chars[start:end] if block.chars else (block.box,)
        for left, top, right, bottom in _rows(rectangles):
            yield Box(page=block.page, x0=round(left, 2), top=round(top, 2), x1=round(right, 2), bottom=round(bottom, 2))


def _paths(block: Block, start: int, end: int) -> Iterator[str]:
    """The block's path, or those of the cells that block.text[start:end] touches."""
    if not block.marks and block.path:
        yield block.path
    for (at, path), (following, _) in pairwise((*block.marks, (len(block.text), ""))):
        if at < end and start < following:
            yield path


def _rows(rectangles: Iterable[Rectangle]) -> Iterator[Rectangle]:
    """One rectangle around the characters of each printed line, which need not lie quite level on a scan."""
    row: Rectangle | None = None
    level = 0.0
    for box in rectangles:
        if row is not None and box[1] <= level <= box[3]:
            row = min(row[0], box[0]), min(row[1], box[1]), max(row[2], box[2]), max(row[3], box[3])
        else:
            if row is not None:
                yield row
            row = box
        level = (box[1] + box[3]) / 2
    if row is not None:
        yield row
