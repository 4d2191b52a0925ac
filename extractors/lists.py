"""Lists of bare numbers: 社会团体、基金会分别为13,902家和197家 hands each number its own noun or place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.clauses import Slot, split_clauses
from extractors.gaps import LINK, Gaps
from extractors.nouns import Phrase, phrase_after, subject_of
from extractors.spans import Span

_ITEMS = re.compile(r"[、]|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff])|以及")
_MODIFIERS = re.compile(
    r"(?:城市|城镇|本级|全日|日间|农村|城镇|城乡|男性?|女性?|[省市县区镇村]级|全?日?托|集中|分散|集中供养|分散供养|困难|重度|.{1,3}(?:性|型|级|式|类|等|星))$"
)


_GRADED = re.compile(
    r"(?P<whole>[^，,、分]{0,10}(?:标准|补贴|补助|津贴|费|金))(?:按照?[^，,、]{2,8})?(?:划?分为?|分成)(?=[^，,]{2,12}、|[一二两三四五\d][档类级个])"
)  # 护理标准分全护理、半护理


_PAID = re.compile(r"(?:费|金|标准|补贴|补助|津贴|经费|价|价格|占比|比例|比重|率|人数)$")
_CLAUSED = re.compile(r"^(?:享受|领取|获得|纳入|接受|参加)[^，,]*、[^，,]*的[\u4e00-\u9fff]{2,8}$")
RANKED = re.compile(  # says how a number ranks, names nothing
    r"创[^，,。；;]{0,6}新[高低]|历史最[高低好]|(?:位?居|位?列|排名?)[^，,。；;]{0,8}(?:第|前)|紧随其后|领先|居首|跟在|次之|其次|(?:排在)?首位|[看说言]$"
)
_LEVELS = re.compile(r"[一二三四1-4](?:[、和及][一二三四1-4])+[级档类]$")  # 护理补贴一、二级分别…


@dataclass(frozen=True, slots=True)
class Measure:
    """The phrase `text[start:end]`, how it was found, and the place that a list hands out (index into areas)."""

    start: int
    end: int
    how: str  # before | after | list | carried | paired | subject
    area: int | None = None


def find_runs(text: str, slots: Sequence[Slot]) -> list[list[int]]:
    """For each slot the indices of its list of bare amounts (12个、8个和5个); a slot that stands alone is a list of one."""
    runs: list[list[int]] = []
    current: list[int] = []
    for i, slot in enumerate(slots):
        bare = bool(current) and slot.listed and not LINK.sub("", slot.before(text)).strip()
        current = current if bare else []
        current.append(i)
        runs.append(current)
    return runs


def respectively(text: str, first: Slot) -> int | None:
    """Where the last 分别 (依次, 各有) before a list's first number stands."""
    start = max(first.sentence_span[0], text.rfind("；", 0, first.amount.start))
    at = max(text.rfind(word, start, first.amount.start) for word in ("分别", "依次", "各有"))
    return at if at >= 0 else None


def areas_of(text: str, areas: Sequence[Span], span: Span, count: int) -> list[int] | None:
    """Indices of the last `count` areas in a span, where they form a list; else None."""
    high = bisect_left(areas, span[1], key=lambda area: area[0])
    last = [i for i in range(max(0, high - count), high) if areas[i][0] >= span[0]]
    joined = all(re.fullmatch(r"\s*(?:[、，,和与及]|以及)\s*", text[areas[a][1] : areas[b][0]]) for a, b in pairwise(last))
    return last if len(last) == count and joined else None


def after_areas(gaps: Gaps, start: int, end: int) -> Measure | None:
    """接待量 in 崇明区、奉贤区接待量分别为."""
    for clause in split_clauses(gaps.text, (start, end)):
        if RANKED.match(gaps.text, *clause):
            continue
        rate = gaps.before(clause) if gaps.text.endswith("率", *clause) else None
        phrase = rate or phrase_after(gaps.text, clause, gaps.tag) or subject_of(gaps.text, clause, gaps.tag, gaps.cover.touches)
        phrase = phrase or gaps.before(clause)  # 甲县、乙县各建1个，投入分别为
        if phrase is not None:
            return Measure(phrase.start, phrase.end, "list")
    return None


def items_of(gaps: Gaps, span: Span, count: int) -> list[Measure | None] | None:
    """The items before 分别, one each; a list of modifiers (城市、农村低保对象) is one measure for all."""
    for clause in reversed(split_clauses(gaps.text, span)):
        if _CLAUSED.search(gaps.text[slice(*clause)]) and (whole := gaps.before(clause)):
            return [_listed(gaps, (clause[0], whole.end))] * count  # 享受高龄津贴、护理补贴的老年人
        parts = _parts(gaps.text, clause)[-count:]
        found = [gaps.before(part) for part in parts]
        phrases = [phrase for phrase in found if phrase is not None]
        if len(parts) < count or len(phrases) < len(parts):
            continue
        if any(_MODIFIERS.fullmatch(gaps.text[p.start : p.end]) for p in phrases[:-1]) or _shares_noun(gaps.text, phrases):
            return [_listed(gaps, (phrases[0].start, phrases[-1].end))] * count
        return [_listed(gaps, (p.start, p.end)) for p in phrases]
    return None


def _shares_noun(text: str, phrases: Sequence[Phrase]) -> bool:
    """Whether only the last item has the noun of all: 集中养育孤儿、散居孤儿|基本生活费."""
    first, last = (text[p.start : p.end] for p in (phrases[0], phrases[-1]))
    return bool(_PAID.search(last)) and not _PAID.search(first)


def graded_of(gaps: Gaps, span: Span) -> Measure | None:
    """What is graded: 护理标准 in 护理标准分全护理、半护理两档，每人每月分别为."""
    for clause in split_clauses(gaps.text, span):
        graded = _GRADED.match(gaps.text, *clause)
        if graded and (kept := gaps.trimmed(clause[0], graded.end("whole"))):
            return Measure(*kept, "list")
    levels = _LEVELS.search(gaps.text[: span[1]], span[0])
    phrase = gaps.before((max(span[0], levels.start() - 24), levels.start())) if levels else None
    return _listed(gaps, (phrase.start, phrase.end)) if phrase else None


def _parts(text: str, clause: Span) -> list[Span]:
    stop = clause[1] - (text[clause[1] - 1] == "的")
    cuts = [m.span() for m in _ITEMS.finditer(text, clause[0], stop)]
    edges = [clause[0], *(edge for cut in cuts for edge in cut), stop]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _listed(gaps: Gaps, span: Span) -> Measure | None:
    kept = gaps.trimmed(*span)
    return Measure(*kept, "list") if kept else None
