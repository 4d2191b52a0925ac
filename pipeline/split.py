"""One document to its bulletins: contents pages and mastheads left out, items cut where `pipeline.boundaries` has evidence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.attribution import find_attribution
from pipeline.blanks import trim
from pipeline.boundaries import Line, find_boundaries, find_contents
from pipeline.document import HEADING, Block, Document
from pipeline.headlines import closes_item, ends_item, is_ordinal
from pipeline.lines import (
    ends_stop,
    is_credit,
    is_date,
    is_imprint,
    is_issue,
    is_label,
    is_meta,
    is_number,
    is_organization,
    is_row,
    is_separator,
)
from pipeline.metadata import Dated, find_published, find_title, is_title, parse_date, strip_mark
from pipeline.official import find_official
from pipeline.repair import Paragraph, Repaired

_MASTHEAD = 12  # a masthead or section name is no longer
_SECTION = 6  # characters of a section's name at most
_NOTE = re.compile(r"[【（(]?(?:编者按|按语|编者的话|编前)[】）)：:]")  # over the items of a digest
_IMPRINT = re.compile(r"(?:抄?报|[抄主]?送|[分印]?发至?|责任编辑|责编|编辑|编校|校对|审核|审定|签发|主编)[ \u3000]*[：:]")
_BODY = 20  # a body has a line of at least this many characters


@dataclass(frozen=True, slots=True)
class Item:
    """One bulletin: its half-open span in the repaired text and what is printed of it; None where nothing is."""

    start: int
    end: int
    title: str | None
    attribution: str | None
    published: dt.date | None
    published_source: str | None
    pages: tuple[int, int] | None


def split(repaired: Repaired, document: Document) -> list[Item]:
    """The document's bulletins in order; an empty list when it holds no text."""
    lines = [_line(p, repaired, document.blocks) for p in repaired.paragraphs]
    if not lines or document.whole:
        return [_item(lines, repaired, document, None)] if lines else []
    first_entry, last_entry = find_contents(lines)
    body = lines[last_entry:]
    starts = find_boundaries(body, [line.text for line in lines[first_entry:last_entry]])
    if len(starts) == 1:
        return [_item(body, repaired, document, None)]
    groups = [body[a:b] for a, b in zip(starts, [*starts[1:], len(body)], strict=True)]
    untitled = all(find_title([line.text for line in group]) is None for group in groups[1:])
    first = 1 if untitled and len(groups[0]) > 1 and len(groups[0][0].text) <= _MASTHEAD else _opening(groups[0])
    issue = _issue_date([*lines[: len(lines) - len(body)], *groups[0][:first]], document)
    groups = [group for group in (groups[0][first:], *groups[1:]) if group]
    return [_item(group, repaired, document, issue, alone=False) for group in groups]


def _line(paragraph: Paragraph, repaired: Repaired, blocks: Sequence[Block]) -> Line:
    block = blocks[paragraph.blocks[0]]
    step = (block.path or "").rpartition("/")  # an XLSX path has no steps
    level = step[2].split("[")[0] if block.kind == HEADING and step[1] else ""
    size = round(block.size * 2) if block.size else None
    text = repaired.text[paragraph.start : paragraph.end]
    before = paragraph.blocks[0] - 1
    gap = before >= 0 and not blocks[before].text.strip()
    return Line(paragraph, text, (block.kind == HEADING, level, size), gap, bool(block.indented) or trim(block.text)[0] >= 2)


def _opening(group: Sequence[Line]) -> int:
    """Index of the first item's headline, after masthead, issue and date; all of a group without a body is that."""
    told = [line.text for line in group if not _NOTE.match(line.text)]
    prose = any(len(text) >= _BODY and (ends_stop(text) or closes_item(text)) for text in told)
    if not prose and sum(map(is_row, told)) < 2:
        return len(group)
    at = 0
    while at < len(group) - 1 and at < 8 and _is_masthead(group[at].text, group[at + 1].text):
        at += 1
    return at if is_title(group[at].text) else 0


def _is_masthead(line: str, following: str) -> bool:
    if is_organization(line) and following.startswith("关于"):
        return False
    if _NOTE.match(line):
        return True
    if is_issue(following) or any(kind(line) for kind in (is_issue, is_date, is_imprint, is_meta, is_separator, is_number)):
        return True
    return len(line) <= _MASTHEAD and is_title(following) and not is_credit(line)


def _issue_date(front: Sequence[Line], document: Document) -> Dated | None:
    """The date of the digest as a whole."""
    if document.metadata.published:
        return Dated(document.metadata.published, document.metadata.published_source or "metadata")
    for line in front:
        if len(line.text) <= 40 and (day := parse_date(line.text)):
            return Dated(day, "issue")
    return None


def _item(group: Sequence[Line], repaired: Repaired, document: Document, issue: Dated | None, alone: bool = True) -> Item:
    group = _without_rules(group, alone)
    texts = [line.text for line in group]
    meta = document.metadata
    dated = find_published(texts) or issue
    official = find_official("\n".join(texts))
    title, attribution = official.title if official else find_title(texts), find_attribution(texts)
    if alone:
        title, attribution = meta.title or title, attribution or meta.attribution
        if meta.published:
            dated = Dated(meta.published, meta.published_source or "metadata")
    start, end = group[0].paragraph.start, group[-1].paragraph.end
    day, source = (dated.day, dated.source) if dated else (None, None)
    return Item(start, end, title, attribution, day, source, _pages(group, document.blocks))


def _without_rules(group: Sequence[Line], alone: bool) -> Sequence[Line]:
    """The group without the rules and section names that close it: they stand between items, as a periodical's imprint after the last."""
    end = len(group)
    while end > 1 and _stands_between(group[end - 1].text, group[end - 2].text, alone):
        end -= 1
    start = 0
    while start < end - 1 and is_separator(group[start].text):
        start += 1
    return group[start:end]


def _stands_between(line: str, before: str, alone: bool) -> bool:
    if is_separator(line) or is_label(line) or is_ordinal(line):
        return True
    names = len(strip_mark(line)) <= _SECTION and is_title(line) and not is_organization(line) and ends_item(before)
    return not alone and (names or bool(_IMPRINT.match(line)))


def _pages(group: Sequence[Line], blocks: Sequence[Block]) -> tuple[int, int] | None:
    pages = [page for line in group for i in line.paragraph.blocks if (page := blocks[i].page) is not None]
    return (min(pages), max(pages)) if pages else None
