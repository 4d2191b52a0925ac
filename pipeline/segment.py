"""Sentences and words.

A sentence ends at 。！？!? or a line break; closing quotes and brackets stay with it. A semicolon does not end one: in bulletins
it parts the members of one statement, and a number's subject or period often stands before it. Nothing ends inside 《…》 or (…),
nor at a ！ or ？ that closes a quotation in mid-sentence (“怎么办？”成了…). Spans leave out blanks at both ends; together they
cover all that is not blank.

Words come from rjieba, with jieba as the reference that tests compare it with; both use the HMM for unknown words.
`extractors/tables/words.txt` holds the terms of civil affairs in jieba's user dictionary format (word, frequency, part of speech),
own compilation; the frequency is the least that beats jieba's own split of the word, at least 3. The names of provinces, cities
and counties come from the region table. Dictionaries are loaded by the first call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import extractors
from corpus.records import Sentence

_TABLES = Path(extractors.__file__).parent / "tables"
_SCAN = re.compile(
    r"""
    《[^《》\n]{0,120}(?:《[^《》\n]{0,120}》[^《》\n]{0,120}){0,3}》  # a title, which may quote another
    | [(（][^()（）\n]{0,120}[)）]                                # an aside
    | (?P<end>[。！？]+|[!?]+(?![A-Za-z0-9]))(?P<close>[”’"」』)）】》]*)
    | \n+
    """,
    re.VERBOSE,
)
_GOES_ON = re.compile(r"[\u4e00-\u9fff、，,；;：:]")
_REGION_FREQUENCY = 3  # wins over the split of a name, loses against two common words (西南|山区, not 西|南山区)
# rjieba keeps 2-4, 2021-2023 and A.B in one piece, jieba cuts them into what its pattern for letters and digits matches
_GLUED = re.compile(r"[A-Za-z0-9][-_][A-Za-z0-9]|[A-Za-z0-9]\.(?:[A-Za-z]|\d+[A-Za-z.])")
_LETTERS = re.compile(r"[a-zA-Z0-9]+(?:\.\d+)?%?|[-_.]+")

_LONGEST = 2000  # characters cut at once; the cutter's time grows faster than a run without punctuation


def find_sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, in text order, without overlap, blanks at the ends left out."""
    spans = []
    start = 0
    for match in _SCAN.finditer(text):
        if match.group().startswith(("《", "(", "（")) or _is_quoted_cry(text, match):
            continue
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return [span for a, b in spans if (span := _trim(text, a, b))]


def cut(sentence: str) -> tuple[str, ...]:
    """The words; joined they give the sentence back."""
    if len(sentence) > _LONGEST:
        return tuple(word for part in _parts(sentence) for word in cut(part))
    words = _rjieba().cut(sentence)
    if _GLUED.search(sentence):
        return tuple(piece for word in words for piece in _pieces(word))
    return tuple(words)


def tag(sentence: str) -> list[tuple[str, str]]:
    """The words of `cut`, each with jieba's part-of-speech flag."""
    if len(sentence) > _LONGEST:
        return [word for part in _parts(sentence) for word in tag(part)]
    own = _own_flags()  # rjieba gives every added word the flag of a noun
    words = [(word, own.get(word, flag)) for word, flag in _rjieba().tag(sentence)]
    if _GLUED.search(sentence):
        return [(piece, flag if piece == word else _flag(piece)) for word, flag in words for piece in _pieces(word)]
    return words


def _parts(sentence: str) -> Iterator[str]:
    return (sentence[i : i + _LONGEST] for i in range(0, len(sentence), _LONGEST))


def cut_reference(sentence: str) -> tuple[str, ...]:
    """The words as jieba itself gives them: slow, to test `cut` against."""
    return tuple(_jieba().cut(sentence))


def segment(text: str) -> tuple[Sentence, ...]:
    """The sentences with their words. Built without validation: spans and words are right by construction."""
    return tuple(Sentence.model_construct(start=start, end=end, words=cut(text[start:end])) for start, end in find_sentences(text))


def _is_quoted_cry(text: str, match: re.Match[str]) -> bool:
    """“怎么办？”成了…, “重阳？”、“清明？”: the mark belongs to the quotation, the sentence goes on after it."""
    end = match["end"]
    return bool(end and match["close"]) and "。" not in end and bool(_GOES_ON.match(text, match.end()))


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(bare)


def _pieces(word: str) -> list[str]:
    return _LETTERS.findall(word) if _GLUED.search(word) else [word]


def _flag(piece: str) -> str:
    return "m" if piece[0].isdigit() else "eng" if piece[0].isalpha() else "x"


def _terms() -> Iterator[tuple[str, int, str]]:
    """Word, frequency and part of speech of the terms of civil affairs."""
    for line in (_TABLES / "words.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, flag = line.split()
        yield word, int(frequency), flag


def _entries() -> Iterator[tuple[str, int, str]]:
    """The same of all our own words, names of areas too."""
    yield from _terms()
    for line in (_TABLES / "regions.tsv").read_text(encoding="utf-8").splitlines()[2:]:
        name = line.split("\t", 2)[1]
        if len(name) > 2:
            yield name, _REGION_FREQUENCY, "ns"


@cache
def _own_flags() -> dict[str, str]:
    return {word: flag for word, _, flag in _terms() if flag != "n"}


@cache
def _rjieba() -> Any:
    import rjieba

    words = rjieba.Jieba()
    for word, frequency, flag in _entries():
        if not words.has_word(word):
            words.add_word(word, frequency, flag)
    return words


@cache
def _jieba() -> Any:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    words = jieba.Tokenizer()
    words.initialize()
    for word, frequency, flag in _entries():
        if not words.FREQ.get(word):
            words.add_word(word, frequency, flag)
    return words
