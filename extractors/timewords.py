"""The words of time (tables/times.yaml), and text made ready to look for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

NUMERALS = "〇一二三四五六七八九十"

_MAP = str.maketrans(
    {
        **{chr(0xFF10 + i): str(i) for i in range(10)},
        **dict.fromkeys("○零Ｏ", "〇"),
        **dict.fromkeys("—–－‐‑―─~～〜﹣−", "-"),
        **dict.fromkeys("“”‘’「」『』＂", '"'),
        **dict.fromkeys("\u3000\xa0\t\u2002\u2003\u2009", " "),
        **dict(zip("：／．（），；", ":/.(),;", strict=True)),
    }
)
_DIGITS = {c: i for i, c in enumerate(NUMERALS[:10])} | {"两": 2, "元": 1, "0": 0}


@dataclass(frozen=True, slots=True)
class Words:
    """What tables/times.yaml says, field by field."""

    from_publication: dict[str, int]
    from_context: dict[str, int]
    months: dict[str, int]
    days: dict[str, int]
    not_after: dict[str, str]
    not_before: dict[str, str]
    not_a_year: str
    plans: dict[str, tuple[int, int]]
    events: dict[str, dt.date]
    future: str
    past: str
    compared: str
    reaching: str
    reports: str

    def guarded(self, words: Iterable[str]) -> str:
        """The words as one regular expression, each not as the end of another word."""
        guards = {word: f"(?<![{chars}])" for word, chars in self.not_after.items()}
        return "|".join(guards.get(word, "") + word for word in sorted(words, key=len, reverse=True))


@cache
def words() -> Words:
    """The table, read once; its lists as regular expressions."""
    raw: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "tables" / "times.yaml").read_text(encoding="utf-8"))
    for name in ("future", "past", "compared", "reaching", "reports"):
        raw[name] = "|".join(sorted(raw[name].split(), key=len, reverse=True))
    raw["not_after"] = {word: str(chars) for word, chars in raw["not_after"].items()}
    return Words(**raw)


def normalise(text: str) -> str:
    """Full-width forms, dashes, quotes and blanks as one character each; every offset stays."""
    return text.translate(_MAP)


def parse_numeral(text: str) -> int:
    """A small numeral of a date: 2024, 二〇二四, 十二, 三十一."""
    if text.isascii():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[c] if c in _DIGITS else int(c)) for c in text))
