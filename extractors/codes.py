"""Which indicator a number is: by its measure, by what happens to it, or by the total of which it is a part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.clauses import Slot
from extractors.indicators import Catalogue
from extractors.lists import Measure
from extractors.quantity import Quantity

_DONE = re.compile(r"(?:家庭)?(?:实施|进行|完成|开展)(?:了)?(?P<what>[\u4e00-\u9fff]{2,12})")
_RECEIVES = re.compile(r"(?:享受|享有|领取|纳入)(?P<what>[\u4e00-\u9fff]{2,12})(?:保障)?(?:范围)?的$")
_LAID_OUT = re.compile(r"(?:支付|安排|投入|下达|拨付|列支|统筹)(?:了|各类)?[^，,。；;]{0,6}$")
_FUNDS = re.compile(r"(?:资金|经费|补助款)$")


@dataclass(frozen=True, slots=True)
class Codes:
    """Finds the indicators of the numbers of one text."""

    text: str
    catalogue: Catalogue

    def code(self, slot: Slot, measure: Measure | None, per: str | None, status: str, aspect: str, here: Sequence[Quantity]) -> str | None:
        """The indicator of a measure, else that of the total of which it is a part, or of the share that it changes."""
        if measure is None:
            return None
        text, unit, previous = self.text, slot.amount.unit, here[-1] if here else None
        printed = text[measure.start : measure.end]
        if measure.how == "carried" and aspect == "change" and (told := [q for q in here if q.measure == printed]):
            return told[-1].indicator
        if unit == "百分点" and previous and previous.unit == "%" and previous.measure == printed:
            return previous.indicator
        shares = unit == "%" and text[measure.start - 1 : measure.start] == "占"
        named = text[slot.gap[0] : measure.end] if shares else printed
        required = status != "actual" and unit != "元" and (per or "")[:1] not in "百千万"  # 每站不少于3名社工 is told of the noun itself
        sentence = text[slot.sentence_span[0] : slot.sentence_span[1]]
        code = self.catalogue.code_of(named, unit, None if required else per, aspect, sentence)
        if code is None and unit == "户" and (done := _DONE.match(text, measure.end)):
            code = self.catalogue.code_of(done["what"], unit, per, aspect, sentence)  # 为2户家庭实施适老化改造
        if (
            code is None
            and unit == "元"
            and per is None
            and _LAID_OUT.search(text, slot.clause[0], measure.start)
            and _FUNDS.search(printed)
        ):
            code = self.catalogue.code_of("投入资金", unit, per, aspect, sentence)  # 安排助餐补贴资金
        if code is None and (gets := _RECEIVES.search(text, slot.clause[0], measure.start)):
            code = self.catalogue.code_of(gets["what"], unit, per, aspect, sentence)  # 享受高龄津贴的老人
        return code or self._of_total(slot, printed, here)

    def _of_total(self, slot: Slot, part: str, here: Sequence[Quantity]) -> str | None:
        """救助对象120人，其中低保边缘对象46人: a part of the same noun is told as its total is."""
        mark = self.text.find("其中", slot.clause[0], slot.amount.start)
        total = next((q for q in reversed(here) if q.end <= mark), None)
        if total is None or total.measure is None or total.unit != slot.amount.unit:
            return None
        same = total.measure[-2:] == part[-2:] or total.unit == "元"
        return total.indicator if same else None
