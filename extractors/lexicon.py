"""The words of official Chinese around a number: the tables of `measures.yaml`, and what each word of a text is by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from extractors.spans import Span

Tagger = Callable[[str], Sequence[tuple[str, str]]]
"""Words with jieba's part-of-speech flags; the words joined are the text."""


_MANNER = frozenset(("全面", "积极", "深入", "大力", "持续", "稳步", "扎实"))
_FUNCTION = ("p", "d", "c", "u", "r", "m", "x", "y", "e", "o", "t", "f")
_ADVERBS = "另共新已现再又还仍均各增拟续"
_LIST_MARK = re.compile(r"[(（][一二三四五六七八九十\d]{1,3}[)）]")
_OPEN, _CLOSE = "“‘《「(（", "”’》」)）"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables of `measures.yaml`, where each is explained."""

    light: frozenset[str]
    content: frozenset[str]
    generic: frozenset[str]
    trailing: frozenset[str]
    stops: frozenset[str]
    attribute: frozenset[str]
    compound: frozenset[str]
    inside: frozenset[str]
    areas: frozenset[str]
    served: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The word tables, loaded once."""
    raw = yaml.safe_load((files("extractors") / "tables/measures.yaml").read_text(encoding="utf-8"))
    return Lexicon(**{name: frozenset(words.split()) for name, words in raw.items()})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text, or a bracketed or quoted group (flag `group`)."""

    start: int
    end: int
    text: str
    flag: str


def words_of(text: str, span: Span, tag: Tagger) -> list[Word]:
    """The words of a stretch of text, bracketed and quoted groups kept whole."""
    words: list[Word] = []
    at, depth, opened = span[0], 0, 0
    for word, flag in tag(text[span[0] : span[1]]):
        end = at + len(word)
        if word in _OPEN:
            opened = at if depth == 0 else opened
            depth += 1
        elif word in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                words.append(Word(opened, end, text[opened:end], "group"))
        elif depth == 0:
            words.append(Word(at, end, word, "blank" if word.isspace() else flag))
        at = end
    if depth and opened + 1 < span[1]:  # a quote or bracket that does not close here: “彩礼不超过6万元
        words += words_of(text, (opened + 1, span[1]), tag)
    return words


def is_rate(word: Word) -> bool:
    return word.text.endswith(("率", "占比", "比例", "比重", "时限", "期限", "有效期", "周期", "用时", "时间", "时长"))


def is_attribute(word: Word, table: Lexicon) -> bool:
    return word.text in table.attribute or word.text.endswith("率")


def kind_of_word(word: Word, table: Lexicon) -> str:
    """noun, content (a service as verb), verb, light, join (和) or stop."""
    text, flag = word.text, word.flag
    if flag == "group":
        return "stop" if _LIST_MARK.fullmatch(text) else "noun"
    if text in ("和", "及", "与", "或"):
        return "join"
    if text == "一次性" or (text[0] == "之" and len(text) == 2):
        return "noun"  # 一次性补助, 童伴之家
    if text in table.attribute or text in table.compound or text in table.areas or text in table.generic:
        return "noun"
    if text in table.content:
        return "content"
    if (
        text in table.light
        or (len(text) > 3 and flag[0] != "n" and text[:2] in table.light)
        or (len(text) > 1 and flag[0] != "n" and text[0] in _ADVERBS and text[1:] in table.light)
    ):
        return "light"
    if len(text) == 4 and text[:2] in _MANNER:
        return "stop"  # 全面推行, for a tagger one word
    if flag == "blank" or text in table.stops or text[0] in "每这那该" or (flag.startswith(_FUNCTION) and text != "之"):
        return "stop"
    if flag.startswith("v") and flag != "vn":
        return "verb" if len(text) > 1 else "noun"  # 童伴之家: a lone character is part of a name cut up
    return "noun"
