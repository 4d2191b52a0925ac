"""Titles in 《》: where they stand, which of them name a policy document, and the full title of a short one."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, islice

from extractors.policytables import either, words
from extractors.spans import Span

_TITLE = re.compile(
    r"《(?P<name>[^《》\n]{1,160}(?:《[^《》\n]{1,120}》[^《》\n]{0,120}){0,3}|(?:《[^《》\n]{1,120}》[^《》\n]{0,120}){1,3})》"
)
_TAIL = re.compile(
    r"""
    (?: [(（\[〔【][^()（）\[\]〔〕【】]{1,40}[)）\]〕】]          # (试行), (2021—2025年)
      | [（(]?\d{4}(?:[-—–~～至]+\d{2,4})?年?度?版?[)）]?
      | V?\d\.\d版?
    )+$
    """,
    re.VERBOSE,
)
_INNER = re.compile(r"[〈《<](.+)[〉》>]|关于(?:印发|转发|发布|公布|下发)([^〈《<]+?)的通知$")
_LIST = re.compile(r"[、，,和与及以暨\s]*(?:以及)?")
_NEAR = 60
"""How many titles around a short one are asked for its full form: keeps a list of thousands of titles linear."""
_ALIAS = re.compile(r"[^。《》\n]{0,50}?(?:以?下统?简称|以下统?称)(?:为|作)?[:：]?\s*[《“\"「](?P<short>[^《》“”\"「」\n]{1,30})[》”\"」]")


@dataclass(frozen=True, slots=True)
class Title:
    """A policy document's title: its span with 《》, the name as printed and the full name it stands for."""

    start: int
    end: int
    printed: str
    name: str


def find_title_spans(text: str) -> list[Span]:
    """Spans of everything in 《》, policy or not, in text order; a title that quotes another is one span."""
    return [m.span() for m in _TITLE.finditer(text)] if "《" in text else []


def find_titles(text: str, spans: Sequence[Span]) -> list[Title]:
    """The policy documents among the titles, each with the full name that the text gives for it."""
    documents = [
        Title(start, end, name, name) for start, end in spans if _is_document(name := text[start + 1 : end - 1].strip(), text, start, end)
    ]
    return _Names(text, documents).resolved()


def core(name: str) -> str:
    """A title without brackets and years at its end: …办法(试行) → …办法."""
    return _TAIL.sub("", name).strip() or name


def _is_document(name: str, text: str, start: int, end: int) -> bool:
    base = core(name)
    before = text[max(0, start - 12) : start]
    if _patterns().never.search(base) or _patterns().work.search(before):
        return False
    if _patterns().document.search(base) or (base.startswith("关于") and len(base) > 5) or ("关于" in base and len(base) > 12):
        return True
    if _patterns().standard.search(before) or _NUMBERED.match(text, end):
        return True
    return bool(_patterns().weak.search(base) and _patterns().governing.search(before))


_NUMBERED = re.compile(r"[（(](?:[^()（）\n]{0,20}[〔\[﹝【（(]\d{4}|(?:GB|MZ|DB|JGJ|WS|T/)[A-Z/\d])")


@dataclass(frozen=True, slots=True)
class _Patterns:
    document: re.Pattern[str]
    weak: re.Pattern[str]
    never: re.Pattern[str]
    work: re.Pattern[str]
    standard: re.Pattern[str]
    governing: re.Pattern[str]
    short: re.Pattern[str]
    kind: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    table = words()
    kind = either(table.documents + table.weak)
    return _Patterns(
        document=re.compile(f"{either(table.documents)}$"),
        weak=re.compile(f"{either(table.weak)}$"),
        never=re.compile(f"{either(table.never)}$"),
        work=re.compile(f"{either(table.works)}[：:、]?$"),
        standard=re.compile(f"{either(table.standards)}[：:、]?$"),
        governing=re.compile(f"{either(table.governing)}(?:了|的|实施|执行|该|新|新版|新修订的|修订后的)?$"),
        short=re.compile(f"(?:{either(table.modifiers)})*{kind}$"),
        kind=re.compile(f"{kind}$"),
    )


def _is_short(base: str) -> bool:
    """Whether a title names no document by itself: 《实施方案》, 《意见》."""
    return bool(_patterns().short.fullmatch(base)) and len(base) <= 8


class _Names:
    """Looks up the full titles of a text's short ones."""

    def __init__(self, text: str, titles: Sequence[Title]) -> None:
        self._text, self._titles = text, titles
        self._aliases: dict[str, str] = {}
        self._first: dict[str, int] = {}
        self._full: OrderedDict[str, Title] = OrderedDict()

    def resolved(self) -> list[Title]:
        for title in self._titles:
            self._first.setdefault(core(title.printed), title.start)
        found: list[Title] = []
        for index, title in enumerate(self._titles):
            named = replace(title, name=self._name(index, title))
            self._learn(named)
            found.append(named)
        return found

    def _learn(self, title: Title) -> None:
        """Note a full title, and 《…》(以下简称《方案》)."""
        alias = _ALIAS.match(self._text, title.end)
        if alias:
            self._aliases[alias["short"]] = title.name
        if title.name == title.printed:
            self._full[title.name] = title
            self._full.move_to_end(title.name)

    def _name(self, index: int, title: Title) -> str:
        if title.printed in self._aliases:
            return self._aliases[title.printed]
        base = core(title.printed)
        near = islice(reversed(self._full.values()), _NEAR)
        later = self._titles[index + 1 : index + 1 + _NEAR] if _is_short(base) else ()
        return next((name for other in chain(near, later) if (name := self._stands_for(base, title, other))), title.printed)

    def _stands_for(self, base: str, title: Title, other: Title) -> str | None:
        """The full name, if `title` is a short form of `other` or of a title that `other` quotes."""
        for name in (other.printed, *_quoted(other.printed)):
            if len(name) > len(title.printed) and _abbreviates(base, core(name)) and (_is_short(base) or self._may_be(base, title, other)):
                return name
        return None

    def _may_be(self, base: str, title: Title, other: Title) -> bool:
        """A title with content of its own is a document of its own when both stand in one list, or when it came first."""
        first, second = sorted((title, other), key=lambda t: t.start)
        return self._first[base] >= other.start and not _LIST.fullmatch(self._text, first.end, second.start)


def _quoted(name: str) -> Iterator[str]:
    for match in _INNER.finditer(name):
        yield match[1] or match[2]


def _abbreviates(base: str, full: str) -> bool:
    """Whether a title is a short form of a longer one: its end, or its letters in order with the same last word."""
    if full.endswith(base):
        return True
    kind = _patterns().kind.search(base)
    if kind is None:
        return False
    modifier = base[: kind.start()]
    if not modifier:
        return full.endswith(base + "纲要")
    if len(modifier) > 4 or not full.endswith(kind.group()):
        return False
    letters = iter(full[: -len(kind.group())])
    return all(letter in letters for letter in modifier)
