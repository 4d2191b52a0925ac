"""Where each amount stands: its sentence, its clause, the text before it and the text after it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.amounts import Amount
from extractors.spans import Cover, Span

_BREAK = re.compile(r"[，,；;：:。！？!?\n\t()（）]|\u3000(?!\d)|(?<=\S) {2,}|(?<=[\u4e00-\u9fff”》）)]) +(?=[\u4e00-\u9fff“《])")
_BRACKETS = re.compile(r"[“‘《][^“”‘’《》\n]{1,60}[”’》]|[(（][^()（）\n]{1,24}[)）]")
_SENTENCE, _CLAUSE = 500, 200  # how far from an amount its words are sought, so that endless sentences cost linear time
_LIST_MARK = re.compile(r"\s*(?:[、和与及跟]|以及|及其)+")


@dataclass(frozen=True, slots=True)
class Slot:
    """An amount in its clause.

    `gap` runs from the end of the amount before (or the clause's start) to the amount; `rest` from the amount
    to the next amount's own gap or the clause's end. `listed`: it follows the amount before in one list (、 和).
    """

    amount: Amount
    sentence: int
    sentence_span: Span
    clause: Span
    gap: Span
    rest: Span
    listed: bool

    def before(self, text: str) -> str:
        """The text of the gap."""
        return text[self.gap[0] : self.gap[1]]

    def lead(self, text: str) -> str:
        """The text from the clause's start to the amount."""
        return text[self.clause[0] : self.amount.start]


def find_slots(text: str, sentences: Sequence[Span], amounts: Sequence[Amount]) -> list[list[Slot]]:
    """The slots of each sentence that has amounts, in text order."""
    found: list[list[Slot]] = []
    at = 0
    for index, span in enumerate(sentences):
        here: list[Amount] = []
        while at < len(amounts) and amounts[at].start < span[1]:
            if amounts[at].start >= span[0]:
                here.append(amounts[at])
            at += 1
        if here:
            found.append(list(_slots(text, index, span, here)))
    return found


def split_clauses(text: str, span: Span, amounts: Sequence[Amount] = ()) -> list[Span]:
    """Cut a sentence at commas and the like, but not inside amounts, quotes or a noun's brackets 乡镇(街道)."""
    starts = Cover((a.start, a.end) for a in amounts)
    closed = Cover(m.span() for m in _BRACKETS.finditer(text, *span) if not starts.touches(*m.span()) and not _is_aside(m.group()))
    cuts = [m.span() for m in _BREAK.finditer(text, *span) if not closed.touches(*m.span()) and not starts.touches(*m.span())]
    edges = [span[0], *(edge for cut in cuts for edge in cut), span[1]]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _is_aside(group: str) -> bool:
    """Whether brackets hold a remark (据…, 含…) and not part of a name."""
    return group[0] in "(（" and any(mark in group for mark in "，,；;。：:")


def _slots(text: str, index: int, span: Span, amounts: Sequence[Amount]) -> Iterator[Slot]:
    clauses = split_clauses(text, span, amounts)
    previous: Amount | None = None
    for i, amount in enumerate(amounts):
        at = bisect_right(clauses, (amount.start, len(text))) - 1
        clause = clauses[at] if at >= 0 and amount.start < clauses[at][1] else (amount.start, amount.end)
        gap, listed = _gap(text, clause, previous, amount)
        following = amounts[i + 1] if i + 1 < len(amounts) else None
        end = clause[1]
        if following and following.start < clause[1]:
            end = _gap(text, clause, amount, following)[0][0] if _joined(text, following) else following.start
        yield Slot(
            amount=amount,
            sentence=index,
            sentence_span=_window(span, amount, _SENTENCE),
            clause=_window(clause, amount, _CLAUSE),
            gap=_window(gap, amount, _CLAUSE),
            rest=(amount.tail, max(amount.tail, min(end, amount.tail + _CLAUSE))),
            listed=listed,
        )
        previous = amount


def _window(span: Span, amount: Amount, reach: int) -> Span:
    return max(span[0], amount.start - reach), max(amount.start, min(span[1], amount.tail + reach))


def _joined(text: str, amount: Amount) -> bool:
    """Whether a list mark stands right before the amount: 16家社工站和23家社工室."""
    if text[max(0, amount.start - 2) : amount.start] in ("惠及", "普及", "涉及", "波及"):
        return False
    return amount.start > 0 and text[amount.start - 1] in "、和与及"


def _gap(text: str, clause: Span, previous: Amount | None, amount: Amount) -> tuple[Span, bool]:
    """The gap before an amount, and whether it goes on a list."""
    if previous is None or previous.start < clause[0]:
        return (clause[0], amount.start), False
    if _joined(text, amount):
        return (amount.start, amount.start), True
    mark = _LIST_MARK.match(text, previous.tail)
    start = mark.end() if mark else previous.tail
    return (min(start, amount.start), amount.start), mark is not None
