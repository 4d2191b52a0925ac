"""Page numbers and running heads: blocks that recur at the edges of pages and belong to no bulletin."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pipeline.document import HEADING, LINE, MARGIN, Block
from pipeline.lines import ends_stop, is_bare_number, is_listed, is_meta, is_page_number, is_row

_DIGITS = re.compile(r"\d+|(?<=第)[一二三四五六七八九十]+(?=[期页])")
_CONTENTS = re.compile(r"[.．…·•]{3,}|目[ \u3000]*录")
_MIN_REPEATS = 3
_LONGEST = 60
_SMALL = 0.8  # times the body's size


def find_margins(blocks: Sequence[Block]) -> set[int]:
    """Indices of blocks that are page furniture."""
    texts = [b.text.strip() for b in blocks]
    found = {i for i, b in enumerate(blocks) if b.kind == MARGIN}
    lines = [i for i, b in enumerate(blocks) if b.kind == LINE and texts[i] and i not in found]
    edges = _edges(blocks, lines)
    found |= {i for i in lines if is_page_number(texts[i])}
    found |= _over_headline(blocks)
    found |= _bare_numbers(texts, lines, edges)
    if edges or all(block.page is None for block in blocks):  # what recurs on a lone page is no furniture
        found |= _repeated(texts, lines, edges, found)
    return found


def _over_headline(blocks: Sequence[Block]) -> set[int]:
    """Small print over the first page's headline: a running head, which one page alone cannot show to recur."""
    sizes: Counter[float] = Counter()
    for block in blocks:
        if block.size and block.box:
            sizes[block.size] += len(block.text)
    headline = next((i for i, block in enumerate(blocks[:6]) if block.kind == HEADING), 0)
    if not sizes or blocks[headline].page != blocks[0].page:
        return set()
    body = sizes.most_common(1)[0][0]
    return {i for i in range(headline) if blocks[i].box and (blocks[i].size or body) < _SMALL * body}


def _edges(blocks: Sequence[Block], lines: Sequence[int]) -> set[int]:
    """The first two and last two lines of each page; empty when the source has no pages."""
    pages: dict[int, list[int]] = defaultdict(list)
    for i in lines:
        page = blocks[i].page
        if page is not None:
            pages[page].append(i)
    return {i for on_page in pages.values() if len(pages) > 1 for i in (*on_page[:2], *on_page[-2:])}


def _bare_numbers(texts: Sequence[str], lines: Sequence[int], edges: set[int]) -> set[int]:
    """Lines of digits only that stand at a page's edge or cut a sentence in two."""
    found = set()
    for at, i in enumerate(lines):
        labelled = at > 0 and texts[lines[at - 1]].endswith(("：", ":"))  # 浏览次数：|2041
        if is_bare_number(texts[i]) and not labelled and (i in edges or _cuts(texts, lines, at)):
            found.add(i)
    return found if len(found) > 1 or found <= edges else set()


def _cuts(texts: Sequence[str], lines: Sequence[int], at: int) -> bool:
    """Whether the line stands between two halves of a sentence."""
    if not 0 < at < len(lines) - 1:
        return False
    before = texts[lines[at - 1]]
    return len(before) > 20 and not ends_stop(before) and not is_row(before) and not is_bare_number(before)


def _repeated(texts: Sequence[str], lines: Sequence[int], edges: set[int], numbers: set[int]) -> set[int]:
    """Short lines that recur, but for their digits, at page edges, beside page numbers or in mid-sentence."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, i in enumerate(lines):
        if i not in numbers and _can_run(texts[i]):
            places[_DIGITS.sub("#", texts[i])].append(at)
    found: set[int] = set()
    for recurring in places.values():
        if len(recurring) >= (2 if edges else _MIN_REPEATS):
            found.update(_running(texts, lines, edges, numbers, recurring))
    return found


def _can_run(text: str) -> bool:
    return len(text) <= _LONGEST and text[0] not in "（(" and not ends_stop(text) and not is_listed(text) and not is_meta(text)


def _running(texts: Sequence[str], lines: Sequence[int], edges: set[int], numbers: set[int], recurring: Sequence[int]) -> Iterator[int]:
    """Those of the recurring lines to drop. The first stays where it opens the document: it is what the rest repeat."""
    breaking = [at for at in recurring if lines[at] in edges or (not edges and _at_break(texts, lines, numbers, at))]
    if len(breaking) * 2 < len(recurring) or len(breaking) < 2:
        return
    for at in recurring:
        if at > 1 and not is_row(texts[lines[at]]) and not _CONTENTS.search(texts[lines[at]]):
            yield lines[at]


def _at_break(texts: Sequence[str], lines: Sequence[int], numbers: set[int], at: int) -> bool:
    near = [lines[k] for k in (at - 1, at + 1) if 0 <= k < len(lines)]
    return any(i in numbers for i in near) or _cuts(texts, lines, at)
