"""From a document's blocks to its verbatim text: breaks in mid-sentence joined, stray blanks and page furniture dropped.

No character is substituted, so a map leads from every character of the text back to its block.
Offsets are code points; paragraphs are separated by one line feed, the only character that no block holds.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.blanks import find_strays, trim, without
from pipeline.document import LINE, NOTE, PARAGRAPH, ROW, Block, Document
from pipeline.joins import Piece, joins
from pipeline.lines import is_leader
from pipeline.margins import find_margins

Span = tuple[int, int]

_MOST = 500  # pieces of a paragraph that its whole text may still join to others
_MEMORY = 400  # how much of a paragraph its last line is judged by
_PROSE = re.compile(r"[，。,；、]")


@dataclass(frozen=True, slots=True)
class Run:
    """text[start:end] of the repaired text is blocks[block].text[offset:offset + end - start]."""

    start: int
    end: int
    block: int
    offset: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, heading or table row of the repaired text and the blocks that it was joined from."""

    start: int
    end: int
    kind: str
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Repaired:
    """Repaired text with its map. `dropped` are the blocks left out as page furniture."""

    text: str
    runs: tuple[Run, ...]
    paragraphs: tuple[Paragraph, ...]
    dropped: tuple[int, ...] = ()

    def origin(self, position: int) -> tuple[int, int] | None:
        """Block and offset that the character at `position` comes from; None for the break between paragraphs."""
        at = bisect_right(self.runs, position, key=lambda run: run.start) - 1
        if at < 0 or position >= self.runs[at].end:
            return None
        run = self.runs[at]
        return run.block, run.offset + position - run.start

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The source of text[start:end], in order: block and half-open offsets into its text."""
        first = max(bisect_right(self.runs, start, key=lambda run: run.start) - 1, 0)
        for run in self.runs[first:]:
            if run.start >= end:
                return
            low, high = max(start, run.start), min(end, run.end)
            if low < high:
                yield run.block, run.offset + low - run.start, run.offset + high - run.start


def repair(document: Document) -> Repaired:
    """The document's text. Repairing the `repaired_document` again changes nothing."""
    dropped = find_margins(document.blocks)
    writer = _Writer()
    for pieces in _paragraphs(document.blocks, dropped):
        writer.add(pieces)
    return Repaired("".join(writer.parts), tuple(writer.runs), tuple(writer.paragraphs), tuple(sorted(dropped)))


def repaired_document(document: Document, repaired: Repaired) -> Document:
    """The document with its repaired paragraphs as blocks."""
    blocks = tuple(Block(repaired.text[p.start : p.end], p.kind) for p in repaired.paragraphs)
    return Document(document.uri, document.media_type, document.sha256, blocks, document.metadata, document.tables, whole=document.whole)


def _paragraphs(blocks: Sequence[Block], dropped: set[int]) -> list[list[Piece]]:
    """Pieces that belong together, paragraph by paragraph."""
    pieces = _pieces(blocks, dropped)
    groups: list[list[Piece]] = []
    so_far, earlier = "", None
    for piece in pieces:
        if groups and joins(groups[-1][-1], piece, earlier, so_far):
            so_far = (so_far + groups[-1][-1].text)[-_MEMORY:]
            groups[-1].append(piece)
        else:
            so_far, earlier = "", groups[-1][-1] if groups else None
            groups.append([piece])
    return _settled(groups)


def _settled(groups: list[list[Piece]]) -> list[list[Piece]]:
    """The groups after joining those whose whole texts show that they go on, until none does."""
    while True:
        out: list[list[Piece]] = []
        before: Piece | None = None
        for group in groups:
            after = _as_piece(group)
            if before is not None and len(out[-1]) < _MOST and joins(before, after):
                out[-1] = [*out[-1], *group]
                before = _as_piece(out[-1])
            else:
                out.append(group)
                before = after
        if len(out) == len(groups):
            return groups
        groups = out


def _as_piece(group: Sequence[Piece]) -> Piece:
    """A group as the paragraph that it will be."""
    first = group[0]
    kind = PARAGRAPH if first.block.kind in (LINE, NOTE) else first.block.kind
    text = without(_join(group)[0], find_strays(_join(group)[0])) if kind != ROW else first.text
    return Piece(first.index, Block(text, kind), 0, len(text), text, None, False, False, False)


def _pieces(blocks: Sequence[Block], dropped: set[int]) -> list[Piece]:
    full = _full_width(blocks)
    ragged = _indents_tell(blocks)
    marked = ragged or any(b.kind == LINE and (b.indented or not b.text.strip()) for b in blocks)
    pieces: list[Piece] = []
    gap = False
    for index, block in enumerate(blocks):
        if index in dropped:
            continue
        start, end = trim(block.text)
        if start == end:
            gap = True
            continue
        filled = block.full
        if filled is None and full and block.kind == LINE:
            filled = _width(block.text[:end]) >= full
        indented = bool(block.indented) or (ragged and block.indented is None and start >= 2)
        pieces.append(Piece(index, block, start, end, block.text[start:end], filled, indented, gap, marked))
        gap = False
    return pieces


def _indents_tell(blocks: Sequence[Block]) -> bool:
    """Whether some lines of plain text are indented and others are not."""
    indents = {trim(b.text)[0] >= 2 for b in blocks if b.kind == LINE and b.box is None and b.text.strip()}
    return len(indents) == 2


def _width(text: str) -> int:
    """Columns that the text takes, two for a Chinese character."""
    return sum(2 if ch > "\u1100" else 1 for ch in text)


def _full_width(blocks: Sequence[Block]) -> int:
    """From which width on a line of hard-wrapped text counts as full; 0 when the lines are not wrapped at one width.

    A line may end up to two characters early, since no line begins with a closing mark or splits a number.
    """
    texts = [
        text for b in blocks if b.kind == LINE and b.full is None and b.box is None and (text := b.text.rstrip()) and not is_leader(text)
    ]
    longest = max(map(_width, texts), default=0)
    wide = [text for text in texts if _width(text) >= longest - 6]
    prose = sum(bool(_PROSE.search(text)) for text in wide)
    if 30 <= longest <= 200 and len(wide) >= 3 and len(wide) * 5 >= len(texts) and prose * 3 >= len(wide):
        return longest - 6
    return 0


class _Writer:
    """Collects the repaired text, its runs and its paragraphs."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.runs: list[Run] = []
        self.paragraphs: list[Paragraph] = []
        self.at = 0

    def add(self, pieces: Sequence[Piece]) -> None:
        joined, sources = _join(pieces)
        kind = pieces[0].block.kind
        strays = find_strays(joined) if kind != ROW else []
        if self.parts:
            self._text("\n")
        start = self.at
        for low, high, piece, offset in _kept(sources, strays, len(joined)):
            if piece is not None:
                self.runs.append(Run(self.at, self.at + high - low, piece.index, offset))
            self._text(joined[low:high])
        kind = PARAGRAPH if kind in (LINE, NOTE) else kind
        self.paragraphs.append(Paragraph(start, self.at, kind, tuple(p.index for p in pieces)))

    def _text(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.at += len(text)


def _kept(sources: Sequence[tuple[int, Piece | None]], strays: Sequence[Span], length: int) -> Iterator[tuple[int, int, Piece | None, int]]:
    """The stretches of a joined text without its strays: half-open span, the piece that it is of, its offset in the piece's block."""
    stray = 0
    for (begin, piece), end in zip(sources, [*(at for at, _ in sources[1:]), length], strict=True):
        low = begin
        while low < end:
            while stray < len(strays) and strays[stray][1] <= low:
                stray += 1
            a, b = strays[stray] if stray < len(strays) else (length, length)
            high = min(max(a, low), end)
            if low < high:
                yield low, high, piece, piece.start + low - begin if piece is not None else 0
            low = max(high, b) if a <= high < end else high
            if a <= low < b:
                low = min(b, end)


def _join(pieces: Sequence[Piece]) -> tuple[str, list[tuple[int, Piece | None]]]:
    """The pieces' text and where in it each piece starts; None marks a blank that joins two Latin words."""
    text, sources = pieces[0].text, [(0, pieces[0])]
    out: list[tuple[int, Piece | None]] = [*sources]
    for before, after in pairwise(pieces):
        if _latin(before.text[-1]) and _latin(after.text[0]):
            out.append((len(text), None))
            text += " "
        out.append((len(text), after))
        text += after.text
    return text, out


def _latin(ch: str) -> bool:
    return ch.isascii() and ch.isalpha()
