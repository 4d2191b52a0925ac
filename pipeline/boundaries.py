"""Where one bulletin ends and the next begins.

A document is a digest when credits close items in it, when its contents page names items, or when headlines share a
trait. Only then do weaker signs count. Without evidence a document is one bulletin, so that subheadings, questions
and answers, tables, signatures and annexes never cut one in two.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.headlines import (
    closes_item,
    ends_item,
    has_body,
    is_bylined,
    is_datelined,
    is_furniture,
    is_named,
    is_official,
    is_ordinal,
    is_rubric,
    is_signed_off,
    is_sourced,
    leads,
    opens_unnamed,
    opens_with_ornament,
    opens_with_place,
)
from pipeline.lines import LIST_MARK, ends_stop, is_date, is_issue, is_label, is_leader, is_listed, is_organization, is_row, is_separator
from pipeline.metadata import is_title, strip_mark
from pipeline.repair import Paragraph

Style = tuple[bool, str, int | None]  # whether a heading, its level, its type size in half points

_CONTENTS = re.compile(r"(?:本期|本刊)?(?:目[ \u3000]*录|要[ \u3000]*目|导[ \u3000]*读|目[ \u3000]*次|内容提要)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\u3400-\u4dbf\u4e00-\u9fff〇A-Za-z0-9]+")
_ABOUT = re.compile("关于|对.{4,}答复")
_GIVES_OUT = re.compile("印发|发布|公布|转发")
_NEAR = 60  # lines from a notice's headline to the title of what it gives out
_KEY = 6  # letters of a contents entry that must stand in the headline
_ENTRIES = 300  # a contents page has no more lines
_SECTION = 6  # characters of a section's name at most
_LONG = 8  # a headline without another sign has at least this many characters


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph with its text and style; `gap`: an empty line stands before it; `indented`: it begins with blanks."""

    paragraph: Paragraph
    text: str
    style: Style = (False, "", None)
    gap: bool = False
    indented: bool = False


def find_boundaries(lines: Sequence[Line], entries: Sequence[str] = ()) -> list[int]:
    """Indices of the lines that open an item, the first always 0. `entries` are the contents page's lines."""
    view = _View(lines)
    starts = view.after_credits() | view.in_contents(entries)
    if len(starts) < 2:
        starts = view.by_trait()
    if len(starts) < 2:
        return [0]
    starts |= view.like_others(starts)
    starts = {view.top(at) for at in starts}
    return sorted(starts | {0} if min(starts) > 0 else starts)


def find_contents(lines: Sequence[Line]) -> tuple[int, int]:
    """The contents page as a half-open range of lines, (0, 0) when there is none."""
    texts = [line.text for line in lines]
    head = next((i for i, text in enumerate(texts[:15]) if _CONTENTS.fullmatch(text)), None)
    if head is None:
        first = next((i for i in range(min(15, len(texts) - 2)) if all(map(is_leader, texts[i : i + 3]))), None)
        if first is None:
            return 0, 0
        head = first - 1
    letters = [_letters(text) for text in texts]
    at = head + 1
    while at < min(len(texts), head + _ENTRIES) and (
        is_leader(texts[at]) or _comes_later(letters, at) or (at + 1 < len(texts) and is_leader(texts[at + 1]))
    ):
        at += 1
    return (head + 1, at) if head + 1 < at < len(texts) else (0, 0)


def _letters(text: str) -> str:
    return _LETTERS.sub("", strip_mark(text))


def _comes_later(letters: Sequence[str], at: int) -> bool:
    """Whether the line, without its page number, opens a later line."""
    mine = letters[at].rstrip("0123456789") or letters[at]
    return len(mine) >= 4 and any(other.startswith(mine) for other in letters[at + 1 :])


class _View:
    """The lines of a document with what is known of them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.texts = [line.text for line in lines]
        self.first = self._first_title()
        self.numbered = bool(LIST_MARK.match(self.texts[self.first]))
        prose = [line.indented for line in lines if len(line.text) > 20 and ends_stop(line.text)]
        self.indents = len(prose) > 2 and sum(prose) * 10 >= len(prose) * 9

    def _first_title(self) -> int:
        """Index of the first headline, after the masthead of a periodical."""
        issue = max((i for i, text in enumerate(self.texts[:6]) if is_issue(text) or self._is_head(i)), default=-1)
        titles = (
            i for i, t in enumerate(self.texts[:12]) if i > issue and is_title(t) and not is_organization(t) and not self.is_section(i)
        )
        return next(titles, 0)

    def _is_head(self, at: int) -> bool:
        """Whether the line is the name of a column of short news, with the first headline under it."""
        after = [text for text in self.texts[at + 1 : at + 4] if not is_furniture(text)]
        return is_rubric(self.texts[at]) and bool(after) and is_title(after[0])

    def headline(self, at: int) -> bool:
        """Whether the line can be an item's headline: numbered only when the first one is."""
        text = self.texts[at]
        if not is_title(text) or closes_item(text) or (is_listed(text) and not (self.numbered and LIST_MARK.match(text))):
            return False
        if any(map(is_row, self.texts[at + 1 : at + 2])) and (is_row(text) or (at > 0 and is_row(self.texts[at - 1]))):
            return False  # a table's headings, or what of them stands in a second line
        return has_body(self.texts, at) and not self.is_given_out(at) and not self.is_section(at)

    def is_section(self, at: int) -> bool:
        """Whether the line names a section of items, the first of which follows: 工作动态, 一、社会救助"""
        if len(strip_mark(self.texts[at])) > _SECTION or at + 1 >= len(self.texts) or is_organization(self.texts[at]):
            return False
        following = self.texts[at + 1]
        alike = self.lines[at].style == self.lines[at + 1].style and self.lines[at].style[0]
        return is_title(following) and not alike and len(strip_mark(following)) >= _LONG and has_body(self.texts, at + 1)

    def is_given_out(self, at: int) -> bool:
        """Whether the line is the title of what the notice before it gives out: it is the notice's annex."""
        title = f"《{self.texts[at]}》"
        return any(title in text and _GIVES_OUT.search(text) for text in self.texts[max(0, at - _NEAR) : at])

    def after_credits(self) -> set[int]:
        """Lines that open an item after the credit that closed the one before."""
        closers = [i for i, text in enumerate(self.texts) if i and closes_item(text) and not is_sourced(self.texts, i - 1)]
        starts = set()
        for closer in closers:
            at = closer + 1
            while at < len(self.texts) and is_furniture(self.texts[at]):
                at += 1
            if at < len(self.texts) and (self.headline(at) or opens_unnamed(self.texts[at])):
                starts.add(at - 1 if is_label(self.texts[at - 1]) and not self.headline(at) else at)
        return {self.first} | starts if starts else starts

    def in_contents(self, entries: Sequence[str]) -> set[int]:
        """Headlines that the contents page names."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for entry in (_letters(text).rstrip("0123456789") for text in entries):
            wanted[entry[:_KEY]].append(entry)
        found = set()
        for at, text in enumerate(self.texts):
            letters = _letters(text) if wanted and len(text) <= 100 else ""
            alike = wanted.get(letters[:_KEY], ()) if len(letters) >= _KEY else ()
            if any(letters.startswith(entry) or entry.startswith(letters) for entry in alike) and self.headline(at):
                found.add(at)
        return found if len(found) > 1 else set()

    def by_trait(self) -> set[int]:
        """Headlines that share a trait with the first: two at least, each with a body."""
        style = self.headline_style([self.first])
        traits: list[Callable[[int], bool]] = [
            lambda at: is_datelined(self.texts, at),
            lambda at: is_sourced(self.texts, at),
            lambda at: is_bylined(self.texts, at),
            lambda at: is_official(self.texts, at),
            lambda at: is_named(self.texts, at),
            lambda at: at > 0 and is_ordinal(self.texts[at - 1]),
            lambda at: self.outdented(at) and not any(map(is_row, self.texts[at + 1 : at + 2])),  # no table's caption
        ]
        for trait in traits:
            found = {at for at in range(self.first, len(self.texts)) if trait(at) and self.headline(at)}
            if self.first in found and len(found) > 1:
                return found
        if style is not None:
            alike = {
                self.top(at) for at, line in enumerate(self.lines) if line.style == style and len(line.text) >= _LONG and self.headline(at)
            }
            if self.top(self.first) in alike and len(alike) > 1 and sum(map(self.newsy, alike)) * 2 > len(alike):
                return alike
        return self.ruled() or self.placed() or self.short() or self.ornamented()

    def ornamented(self) -> set[int]:
        """Headlines that the same ornament stands before, most of them an item's by their words: ▲泸县启动…"""
        mark = self.texts[self.first][:1]
        alike = (
            {at for at, text in enumerate(self.texts) if text[:1] == mark and self.headline(at)} if mark and not mark.isalnum() else set()
        )
        return alike if len(alike) > 2 and sum(map(self.newsy, alike)) * 2 > len(alike) else set()

    def short(self) -> set[int]:
        """One-paragraph items under the name of a column of short news, each of them opening with a place of its own."""
        bullets = [at for at, text in enumerate(self.texts) if opens_with_ornament(text)]
        if len(bullets) > 2 and bullets[-1] - bullets[0] == len(bullets) - 1 == len(self.texts) - 1 - bullets[0]:
            return set(bullets) if any(map(is_rubric, self.texts[: bullets[0]])) else set()
        names = {at: name for at, text in enumerate(self.texts) if (name := opens_with_place(text))}
        if len(names) < 3 or len(set(names.values())) < len(names) or not any(map(is_rubric, self.texts[: min(names)])):
            return set()
        return set(names) if all(_opening_area(name) for name in names.values()) else set()

    def top(self, at: int) -> int:
        """The first line of a headline that is set over several, or that its issuer stands over."""
        while at and (
            (self.lines[at].style[0] and self.lines[at - 1].style == self.lines[at].style)
            or (_ABOUT.match(self.texts[at]) and all(map(is_organization, self.texts[at - 1].split())))
            or (at > 1 and all(map(is_organization, (*self.texts[at].split(), *self.texts[at - 1].split()))) and not self.signs(at - 1))
        ):
            at -= 1
        return at

    def signs(self, at: int) -> bool:
        """Whether the body's name in the line is a signature: a date stands under it."""
        return at + 1 < len(self.texts) and is_date(self.texts[at + 1])

    def ruled(self) -> set[int]:
        """Headlines after two rules or more, each long enough to be no label: one rule may set an annex or a box apart."""
        found = {
            at
            for at in range(1, len(self.texts))
            if is_separator(self.texts[at - 1]) and len(self.texts[at]) >= _LONG and self.headline(at)
        }
        return found | {self.first} if len(found) > 1 else set()

    def placed(self) -> set[int]:
        """Three headlines or more that each begin with an area of its own, the first no area over the others."""
        found = [at for at in range(len(self.texts)) if self.headline(at) and (at == self.first or ends_item(self.texts[at - 1]))]
        codes = {at: code for at in found if (code := _opening_area(self.texts[at]))}
        if len(codes) < 3 or len(codes) < len(found) or self.first not in codes or len(set(codes.values())) < len(codes):
            return set()
        stem = codes[self.first].rstrip("0")
        return set() if any(code.startswith(stem) for at, code in codes.items() if at != self.first) else set(codes)

    def outdented(self, at: int) -> bool:
        """Whether the line stands out to the left of prose that is indented throughout."""
        return self.indents and not self.lines[at].indented and len(self.texts[at]) >= _LONG

    def headline_style(self, candidates: Sequence[int]) -> Style | None:
        """The style that most of the candidates share, when body text is set otherwise, else None."""
        weights: Counter[Style] = Counter()
        for line in self.lines:
            weights[line.style] += len(line.text)
        body = weights.most_common(1)[0][0]
        style, number = Counter(self.lines[at].style for at in candidates).most_common(1)[0]
        larger = style[0] or (style[2] is not None and body[2] is not None and style[2] > body[2] * 1.1)
        return style if style != body and larger and number * 2 > len(candidates) else None

    def like_others(self, starts: set[int]) -> set[int]:
        """Further headlines in what is known to be a digest, by signs that would not do alone."""
        known = sorted(starts)
        style = self.headline_style(known[1:])
        gaps = sum(line.gap for line in self.lines) * 3 < len(self.lines) and sum(self.lines[at].gap for at in known[1:]) * 2 > len(
            known[1:]
        )
        out = sum(self.outdented(at) for at in known[1:]) * 2 > len(known[1:])
        named = sum(is_named(self.texts, at) for at in known) * 3 > len(known)
        found = set()
        for at in range(known[0] + 1, len(self.texts)):
            if at in starts or not self.headline(at):
                continue
            styled = style is not None and self.lines[at].style == style
            apart = (gaps and self.lines[at].gap) or (out and self.outdented(at)) or self.marked(at, named)
            if styled or (apart and ends_item(self.texts[at - 1])):
                found.add(at)
        return found

    def newsy(self, at: int) -> bool:
        """Whether a headline set like others is an item's, not a section's: by its words, those after it or a table under it."""
        return self.marked(at, True) or any(map(is_row, self.texts[at + 1 : at + 3]))

    def marked(self, at: int, named: bool) -> bool:
        """Whether a headline's own words or those after it mark an item."""
        texts = self.texts
        if is_datelined(texts, at) or is_sourced(texts, at) or is_official(texts, at) or is_signed_off(texts, at):
            return True
        if (named and is_named(texts, at)) or (len(texts[at]) >= 2 * _LONG and leads(texts, at)):
            return True
        return len(texts[at]) >= _LONG and _opening_area(texts[at]) is not None


@lru_cache(maxsize=4096)
def _opening_area(title: str) -> str | None:
    """The code of the area that a headline begins with, its name when several have it."""
    from extractors.places import find_places

    place = next(iter(find_places(strip_mark(title))), None)
    return place.adcode or place.name if place is not None and place.start <= 1 else None
