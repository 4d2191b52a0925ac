"""The denominators that numbers share: 由每站2.3名增加到3名, 每千名老年人…38.6张，较上年增加6.2张."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.clauses import Slot
from extractors.denominators import denominator
from extractors.lexicon import Tagger, lexicon
from extractors.lists import Measure
from extractors.quantity import Quantity

_TO = re.compile(r"(?:到|至|为)(?:目前的?|[^，,。；;]{2,10}的)?\s*(?:约|近|超)?$")
_MOVED = re.compile(r"累计|共")
_LASTS = frozenset(("年", "个月", "天", "日", "周", "学时", "课时", "小时", "工作日", "个工作日"))
_SUM = re.compile(r"累计|共|总")
_DIFFERS = re.compile(
    r"^(?:同比|环比|[较比][^，,。；;]{2,12}|高[于出][^，,。；;]{2,12}|低于[^，,。；;]{2,12})?(?:净|再)?(?:增[加长]|减少|提高|提升|上升|下降|多|少)?了?$"
)
_HEADS = frozenset("名人位")
_GRADE = re.compile(r"[一二三四]级(?:的)?$")
_ROUND = frozenset("百千万十")


@dataclass(frozen=True, slots=True)
class Rates:
    """Finds the denominators of the numbers of one text."""

    text: str
    tag: Tagger

    def per(self, slot: Slot, measure: Measure | None, here: Sequence[Quantity]) -> str | None:
        """The denominator printed with the number, or the one it shares with the number before."""
        previous = here[-1] if here else None
        own = denominator(self.text, slot, self.tag)
        gap = slot.before(self.text)
        if own is None and not gap.strip() and slot.amount.comparator and not slot.listed:  # 日均20人次以上的…；40人次以上的
            previous = next((q for q in reversed(here) if q.unit == slot.amount.unit), previous)
        if own is not None or previous is None or previous.per is None:
            return own
        if slot.amount.unit == previous.unit == "元" and _GRADE.search(gap):
            return previous.per  # 按等级发放，一级150元、二级120元
        if previous.unit == slot.amount.unit and _TO.search(gap) and previous.end >= slot.clause[0]:
            return previous.per  # 由每站2.3名增加到3名
        if measure is not None and measure.how == "carried" and self._same_rate(slot, previous):
            return previous.per  # 每万人拥有社工11.6人，到2027年达到15人
        part = "其中" in gap and (slot.amount.unit == previous.unit or {slot.amount.unit, previous.unit} <= _HEADS)
        goes_on = part or (slot.listed and slot.amount.unit == previous.unit) or self._elliptical(slot, previous)
        goes_on = (goes_on or (slot.listed and None not in (previous.comparator, slot.amount.comparator))) and "累计" not in gap
        if slot.amount.unit not in ("元", "%", "百分点", "倍", "番") and goes_on:
            return previous.per
        if (
            slot.amount.unit != previous.unit
            or slot.amount.high > max(1e5, 2 * previous.high)
            or previous.status == "actual"
            or _MOVED.search(gap)
        ):
            return None
        printed = self.text[measure.start : measure.end] if measure else ""
        alike = measure is None or measure.how == "carried" or (previous.measure or "")[-2:] == printed[-2:]
        return previous.per if alike or self._same_rate(slot, previous) else None

    def _same_rate(self, slot: Slot, previous: Quantity) -> bool:
        """Whether a number without a noun of its own says what became of the rate before it."""
        gap = slot.before(self.text)
        if _DIFFERS.search(gap) and (previous.per or "")[:1] in _ROUND:
            return slot.amount.unit == previous.unit and slot.amount.high < 3 * previous.high  # 38.6张，较上年增加6.2张
        alike = previous.unit == slot.amount.unit and previous.low < 10 * slot.amount.low < 100 * previous.low
        return alike and bool(_TO.search(gap)) and not _SUM.search(gap)

    def _elliptical(self, slot: Slot, previous: Quantity) -> bool:
        """Whether the clause goes on without a subject of its own: 每年安排经费不低于10万元，举办培训不少于2期."""
        gap = slot.before(self.text).strip()
        bounds = previous.comparator in (">=", "<=") and slot.amount.comparator in (">=", "<=")
        if (
            bounds
            and previous.per
            and previous.per[0] not in _ROUND
            and slot.amount.unit not in _LASTS
            and 0 < slot.clause[0] - previous.end < 3
        ):
            return True  # 每站社工不少于2名，场所不小于80平方米
        if (
            not gap
            or previous.status == "actual"
            or previous.comparator not in (">=", "<=")
            or slot.amount.comparator not in (">=", "<=")
            or slot.clause[0] - previous.end > 4
        ):
            return False
        return self.tag(gap)[0][0] in lexicon().light | lexicon().content

    def with_per_of_pair(self, quantity: Quantity, here: Sequence[Quantity], run: Sequence[int], i: int, slots: Sequence[Slot]) -> Quantity:
        """由每人每月632元、每人每年5,592元提高到650元、5,880元: each new value has the denominator of its old one."""
        old = i - len(run)
        if (
            len(run) < 2
            or old < 0
            or here[old].unit != quantity.unit
            or here[old].per is None
            or not _TO.search(slots[run[0]].before(self.text))
        ):
            return quantity
        return replace(quantity, per=here[old].per, indicator=quantity.indicator or here[old].indicator)
