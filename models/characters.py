"""Characters as a model's tokens: a text cut into windows, their token ids, and which token stands for which character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, processors

WINDOW = 126
"""Characters that a model sees at once, where its configuration names no other number."""
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
"""The tokens of a tokenizer of characters that are none, with the ids 0 to 3."""
_WIDTH = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex("[0-9]"), "0")])
_ENDS = ("\n。！？!?", "；;", "，,、")


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of a window; `at` is each character's token, None where the tokenizer drops the character (white space)."""

    ids: list[int]
    at: list[int | None]


def windows(text: str, longest: int = WINDOW) -> Iterator[tuple[int, int]]:
    """Stretches of at most `longest` characters that together are the text, cut after a sentence, else a clause, where one ends."""
    start = 0
    while start < len(text):
        end = len(text) if len(text) - start <= longest else _cut(text, start, start + longest)
        yield start, end
        start = end


def _cut(text: str, start: int, end: int) -> int:
    for marks in _ENDS:
        at = max(text.rfind(mark, start, end) for mark in marks)
        if at >= start:
            return at + 1
    return end


class Characters:
    """A fast tokenizer, asked one character at a time."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer

    @classmethod
    def read(cls, path: Path) -> Characters:
        """The tokenizer of a `tokenizer.json`."""
        return cls(Tokenizer.from_file(str(path)))

    def encode(self, text: str) -> Encoded:
        """The tokens of a window. Of a character with several tokens the last stands for it."""
        encoding = self.tokenizer.encode(list(text), is_pretokenized=True)
        at: list[int | None] = [None] * len(text)
        for token, character in enumerate(encoding.word_ids):
            if character is not None:
                at[character] = token
        return Encoded(encoding.ids, at)


def normal(character: str) -> str:
    """A character as a tokenizer of characters knows it: full and half width are one, as are all digits."""
    return _WIDTH.normalize_str(character)


def character_tokenizer(vocabulary: Sequence[str]) -> Tokenizer:
    """A tokenizer whose tokens are these characters; others are unknown."""
    _, unknown, first, last = SPECIAL
    tokenizer = Tokenizer(models.WordLevel({char: i for i, char in enumerate([*SPECIAL, *vocabulary])}, unk_token=unknown))
    tokenizer.normalizer = _WIDTH
    tokenizer.post_processor = processors.TemplateProcessing(
        f"{first} $A {last}", special_tokens=[(token, SPECIAL.index(token)) for token in (first, last)]
    )
    return tokenizer
