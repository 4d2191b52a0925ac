"""What the words around a date make of it: a limit, a start, a comparison; and whether its clause looks ahead."""

from __future__ import annotations

import re
from functools import cache

from extractors.dates import Mention
from extractors.timewords import NUMERALS, words

_UNTIL = re.compile(
    r"(?:截[至止](?:到|至|于)?|截止(?:日期|时间)(?:为|:)?|不晚于|不迟于|迄至?|有效期[为至到]|直[到至]|延[长期续](?:到|至))(?:了|于)? ?$"
)
_SINCE = re.compile(r"(?<![来源出各独亲擅])自从? ?$")
_FROM = re.compile(r"[自从由] ?$")
_START = re.compile(r" ?(?:零时|0时)?(?:起(?![草到源步点诉伏])|(?:正式)?(?:开始|起)?(?:施行|生效)|开始(?:实施|执行|,))")
_SINCE_EVENT = re.compile(r"(?:(?![,;。:\n]|自|从|是|党的|[0-9]年).){0,40}?(?:以来|至今)")
_FROM_EVENT = re.compile(r"(?:[^,;。:\n]|[0-9]:){0,12}?(?:起(?![草到源步点诉伏])|开始)")
_BESIDE = re.compile(r"[^,;。:\n]{0,8}(?:相比|比较|持平|对比)")
_MULTIPLE = re.compile(r"(?:[^,;。:\n]{0,6})?的(?:约|近)?[0-9.]+(?:倍|%)|的百分之")
_VALUE = re.compile(rf"的(?:近|约|超|不足)?[0-9{NUMERALS}百分]")
_RECURRING = re.compile(r"(?:每|逐|历)(?:个?自然|一|个)?[年月]?(?:的)?$")
_YEARLY = re.compile(r"(?<![人户站名个家村位])每年")
_LIST = frozenset("、和及与")
_GOALS = ("目标", "任务", "计划", "预期", "预算")


def find_role(norm: str, m: Mention, before: Mention | None, before_role: str) -> str:
    """in, since, until, anchor (目前) or baseline; in a list (比2021年和2022年) the role of the one before."""
    role = _role(norm, m)
    if role == "in" and before_role in ("baseline", "until") and before is not None and before.open is None and is_listed(norm, before, m):
        return before_role
    return role


def is_listed(norm: str, before: Mention, m: Mention) -> bool:
    """Whether two dates stand in one list."""
    return norm[before.end : m.start] in _LIST


def _role(norm: str, m: Mention) -> str:
    if m.kind == "now":
        return "anchor"
    if m.open is not None:
        return "until" if m.open.endswith("前") else "since"
    if _is_compared(norm, m.start, m.end):
        return "baseline"
    if m.last is not None:
        return "in"
    if _UNTIL.search(norm, max(0, m.start - 8), m.start) or _is_limit(norm, m.start, m.end):
        return "until"
    return "since" if _is_start(norm, m.start, m.end) else "in"


def find_hint(norm: str, m: Mention, role: str) -> str | None:
    """future or past as the clause says; near for a start that it leaves open; else None."""
    if m.first.whole and norm.startswith(_GOALS, m.end):
        return "future"  # 全年目标任务: of the year that runs
    before = re.split(r"[,;。:\n]", norm[max(0, m.start - 20) : m.start])[-1]
    if "截" in before[-4:]:
        return "past"
    after = re.split(r"[,;。\n]", norm[m.end : m.end + 30].removeprefix(","))[0]
    if _looks("past").search(before + norm[m.end - 1 : m.end] + after):
        return "past"
    if role == "until" or _looks("future").search(f"{before} {after}"):
        return "future"
    return "near" if role == "since" else None


def is_recurring(norm: str, m: Mention, before: Mention | None, before_recurs: bool) -> bool:
    """每年5月; 每年3月、10月; 每年…提交上一年度…."""
    if _RECURRING.search(norm, max(0, m.start - 5), m.start):
        return True
    if m.first.relative in words().from_context and _YEARLY.search(re.split(r"[。;\n]", norm[max(0, m.start - 40) : m.start])[-1]):
        return True
    return before_recurs and before is not None and is_listed(norm, before, m) and not m.first.has_year


@cache
def _looks(way: str) -> re.Pattern[str]:
    return re.compile(words().past if way == "past" else words().future)


@cache
def _compared() -> re.Pattern[str]:
    return re.compile(rf"(?:{words().compared})(?:了|之|着|起|全[国省市区县州]|我[省市县区]|[本该][省市县区])? ?$")


@cache
def _reached() -> re.Pattern[str]:
    return re.compile(rf"(?:{words().reaching})[到至]$")


def _is_compared(norm: str, start: int, end: int) -> bool:
    """比2020年, 与2020年相比, 是2020年的1.5倍, 以2020年为基数, 在2020年基础上."""
    if _compared().search(norm, max(0, start - 10), start):
        return True
    beside = norm[max(0, start - 1) : start]
    if beside and beside in "与同和跟":
        return _BESIDE.match(norm, end) is not None
    if beside and beside in "是为":
        return _MULTIPLE.match(norm, end) is not None
    return (beside == "以" and norm.startswith(("为基", "作为基"), end)) or (
        beside == "在" and norm.startswith(("基础上", "的基础上"), end)
    )


def _is_limit(norm: str, start: int, end: int) -> bool:
    """到2025年, not 增加到2022年的12个, nor 到2022年的12个 after 从."""
    before = norm[max(0, start - 6) : start].rstrip(" ")
    return before.endswith(("到", "至")) and not _reached().search(before) and not _VALUE.match(norm, end)


def _is_start(norm: str, start: int, end: int) -> bool:
    """自2022年3月1日起, 6月1日起施行, 自2019年,, 2022年5月试点以来."""
    if _SINCE.search(norm, max(0, start - 4), start) or _START.match(norm, end) or _SINCE_EVENT.match(norm, end):
        return True
    return _FROM.search(norm, max(0, start - 2), start) is not None and _FROM_EVENT.match(norm, end) is not None
