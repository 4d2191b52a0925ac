"""Bounds that stand apart from their number: 至少打造1个, 不得超过总支出的10%, 分别不低于780元/月、640元/月."""

from __future__ import annotations

import re

from extractors.clauses import Slot
from extractors.quantity import Quantity

_AT_LEAST = re.compile(r"至少|最少|不少于|不低于(?=每)|不低于[^，,。；;]{0,3}$")
_AT_MOST = re.compile(
    r"至多|最多[^，,。；;]{0,4}$|最高(?:补贴|补助|奖励|资助)[^，,。；;]{0,2}$|最多可|最高可|最高给予|最高(?=每)|不超过|不高于(?=每)"
)
_BOUND = re.compile(r"不(?:得)?(?:低于|少于|超过|高于)")


def far_comparator(gap: str, unit: str | None) -> str | None:
    """至少打造1个: the limiting word stands before the verb."""
    if unit == "倍" and (times := re.search(r"(不?)(低于|高于|超过|超出)[^，,。；;的]{2,14}的?$", gap)):
        over = times.group(2) != "低于"
        return ("<=" if over else ">=") if times.group(1) else (">" if over else "<")  # 低于低保标准1.5倍
    if share := re.search(r"(约|大约|近|超过?)占", gap):
        return {"约": "~", "大约": "~", "近": "<"}.get(share.group(1), ">")
    if than := re.search(
        r"(?<!不)(?<!不得)(低于|不足|少于|高于|超过|超出|多于)(?!上年|去年|同期)(?![^，,。；;]*(?:平均|水平|标准|目标|任务|计划|全[国省市区县]))[^，,。；;]{1,14}$",
        gap,
    ):
        return "<" if than.group(1) in ("低于", "不足", "少于") else ">"
    if unit in ("%", "‰") and (share := re.search(r"不得?(超过|高于|多于|低于|少于)[^，,。；;]{1,14}$", gap)):
        return ">=" if share.group(1) in ("低于", "少于") else "<="  # 不超过总支出的10%
    if _AT_LEAST.search(gap):
        return ">="
    return "<=" if _AT_MOST.search(gap) else None


def shared_bound(text: str, slot: Slot, previous: Quantity | None) -> str | None:
    """分别不低于780元/月、640元/月: the bound holds for the whole list."""
    bound = previous is not None and previous.comparator in (">=", "<=") and previous.unit == slot.amount.unit
    return (
        previous.comparator if previous and bound and slot.listed and not slot.before(text) and _BOUND.search(text, *slot.clause) else None
    )
