"""Blanks that the layout left inside words and sentences, told from those that mean something."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.lines import BLANK, HAN, LIST_MARK, ends_sentence, is_meta, is_row

_INVISIBLE = "\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_BLANKS = re.compile(rf"[{BLANK}{_INVISIBLE}]+")
_INVISIBLE_ONLY = re.compile(rf"[{_INVISIBLE}]+")
_OUTER = "".join(ch for ch in map(chr, [*range(0x3001), 0xFEFF]) if _BLANKS.match(ch))
_SPACED = re.compile(rf"[{HAN}](?:[{BLANK}]+[{HAN}])+")
_BYLINE = re.compile(
    r"""[（(【](?=[^（()）【】]{0,60}(?:记者|通讯员|作者|图|文|摄|实习生|撰稿|报道))[^（()）【】]*[)）】]
      | (?:记者|通讯员)[^，,。]{0,20}?报道""",
    re.VERBOSE,
)
_LABEL = re.compile(rf"[{HAN}]{{2,8}}[：:]")
_BODY = rf"[{HAN}]{{2,24}}?(?:局|厅|部|委|办|政府|办公室)"
_JOINT = re.compile(rf"(?:{_BODY}[{BLANK}]+){{0,5}}{_BODY}关于")  # 《省民政厅 省财政厅关于…》
_LEAD = re.compile(rf"(?:[{HAN}]{{2,10}}讯|.{{2,12}}\d{{1,2}}[月日]电)$")
_WORD = re.compile(r"[0-9A-Za-z]")
_LONG = 60


def trim(text: str) -> tuple[int, int]:
    """Span of the text without its outer blanks and invisible characters; (n, n) when nothing is left.

    In a row of cells set apart by tabs an outer tab stays: it stands for an empty cell.
    """
    start = len(text) - len(text.lstrip(_OUTER))
    end = max(start, len(text.rstrip(_OUTER)))
    if "\t" in text[start:end]:
        while start and text[start - 1] == "\t":
            start -= 1
        while end < len(text) and text[end] == "\t":
            end += 1
    return start, end


def find_strays(text: str) -> list[tuple[int, int]]:
    """Spans of blanks and invisible characters that do not belong to the paragraph's text.

    A title's parts, a table's columns, a byline's names and labels keep their blanks: only inside prose, and between
    letters set apart (目　录), a blank is layout. Without these spans the text has no strays.
    """
    found = _strays(text)
    more = _strays(without(text, found)) if found else []
    while more:
        gone = {at for span in found for at in range(*span)}
        kept = [at for at in range(len(text)) if at not in gone]
        found = sorted([*found, *((kept[a], kept[b - 1] + 1) for a, b in more)])
        more = _strays(without(text, found))
    return found


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without the spans, which are in order and may touch or overlap."""
    parts, at = [], 0
    for start, end in spans:
        parts.append(text[at:start])
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _strays(text: str) -> list[tuple[int, int]]:
    found = [m.span() for m in _BLANKS.finditer(text)]
    if not found:
        return []
    if _SPACED.fullmatch(text):
        return found
    prose = _is_prose(text)
    keep = [m.span() for m in _BYLINE.finditer(text)] if prose else []
    out: list[tuple[int, int]] = []
    for start, end in found:
        if _INVISIBLE_ONLY.fullmatch(text, start, end) or (prose and _is_stray(text, start, end, keep)):
            out.append((start, end))
        else:
            out.extend(m.span() for m in _INVISIBLE_ONLY.finditer(text, start, end))
    return out


def _is_prose(text: str) -> bool:
    if is_meta(text) or is_row(text):
        return False
    return ends_sentence(text) or (len(text) >= _LONG and any(ch in text for ch in "，,。；"))


def _is_stray(text: str, start: int, end: int, keep: list[tuple[int, int]]) -> bool:
    """Whether the blank text[start:end] of a prose paragraph is layout."""
    before, after = text[start - 1], text[end]
    if _WORD.match(before) and _WORD.match(after):
        return False
    if before in "局厅部委办府室" and _JOINT.match(text, end):
        return False
    if any(a <= start < b for a, b in keep) or _LABEL.match(text, end):
        return False
    return not (start <= 30 and _parts(text[:start]))


def _parts(head: str) -> bool:
    """Whether a paragraph's head is a heading or dateline that a blank sets apart from its sentence."""
    mark = LIST_MARK.match(head)
    if mark:
        return not any(ch in head[mark.end() :] for ch in "，,。；;")
    return bool(_LEAD.search(head))
