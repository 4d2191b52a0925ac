"""The words around a name: does a word of the text run across it, does a clause open at it, is it a person's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

_TITLED = re.compile(
    r"(?:记者|通讯员|社工|社工师|教师|老师|主任|书记|[局厅处科院会站校市县区镇乡村所理事秘书]长|同志|护士|医生|护理员|村民|居民|老人|志愿者|经理|：|:)$"
)
_OPEN = frozenset('\n，,。；;：:、（(“" \t\u3000｜|！？!?·—《〈【[')


@dataclass(frozen=True, slots=True)
class Words:
    """The words of places.yaml, ready for matching."""

    risky: frozenset[str]
    generic: frozenset[str]
    not_before: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    zones: re.Pattern[str]
    tails: frozenset[str]
    surnames: frozenset[str]


@cache
def words() -> Words:
    data = yaml.safe_load((Path(__file__).parent / "tables" / "places.yaml").read_text(encoding="utf-8"))
    return Words(
        risky=frozenset(data["risky"].split()),
        generic=frozenset(data["generic"].split()),
        not_before=re.compile("|".join(data["not_before"].split())),
        before=re.compile("(?:" + "|".join(data["before"].split()) + ")$"),
        after=re.compile("|".join(data["after"].split())),
        zones=re.compile("|".join(data["zones"].split())),
        tails=frozenset(data["tails"].split()),
        surnames=frozenset(data["surnames"].replace(" ", "")),
    )


@lru_cache(maxsize=8)
def word_ends(text: str) -> frozenset[int]:
    """Offsets at which a word of the general dictionary begins or ends."""
    import rjieba

    ends = {end for _, _, end in rjieba.tokenize(text, hmm=False)}
    ends.add(0)
    return frozenset(ends)


def is_split(text: str, start: int, end: int) -> bool:
    """Whether the words of the text run across a name: 沿|海城市, 名|山区, 村民|和县长."""
    ends = word_ends(text)
    return start not in ends or (end not in ends and start + 1 in ends) or (start + 1 in ends and text[start + 1 : end] in words().tails)


def is_person(text: str, start: int, end: int) -> bool:
    """Whether a surname right before makes the name a person's: 李|长春."""
    if start == 0 or text[start - 1] not in words().surnames:
        return False
    if _TITLED.search(text, max(0, start - 5), start - 1):
        return True
    import rjieba

    tagged = rjieba.tag(text[start - 1 : end])
    return len(tagged) == 1 and tagged[0][1].startswith("nr")


def opens(text: str, offset: int) -> bool:
    """Whether a clause, a list item or a line begins here."""
    return offset == 0 or text[offset - 1] in _OPEN
