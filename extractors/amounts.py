"""Amounts: a numeral with its unit, the words of approximation around it and the denominator printed after it.

约1.2亿元 · 5000余个 · 3至5万元 · 15万元/个 · 七成 · 2万元至3万元. What is counted, and when and where, is `quantities`' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from extractors.numbers import Number, find_numbers
from extractors.spans import Cover, Span
from extractors.units import find_rate, find_unit

_BEFORE = re.compile(
    r"""(?:
      (?P<ge>不得?(?:少于|低于|小于|短于)|大于(?:或者?)?等于|[≥≧]|> ?=|至少|最少|最低)         # 不少于3名
    | (?P<le>不得?(?:超过|高于|多于|大于|长于)|小于(?:或者?)?等于|[≤≦]|< ?=|至多|最多|最高)     # 不超过10%
    | (?P<lt>不足|不到|不满|将?近|接近|低于|少于|小于|[<＜])        # 近2000人次
    | (?P<gt>超过|突破|(?<!突)破|超出|高于|大于|多于|[超逾>＞]|(?<![通经超不])过)               # 突破14万人
    | (?P<eq>大约|大概|约)                                     # 约2.9万家
    )(?:了|达|为|至|到|有|在)?\s*$""",
    re.VERBOSE,
)
_AFTER = re.compile(
    r"""[ ]*(?:
      (?P<ge>及?以上|之上|起(?=[，,。；;、）)]))            # 30个以上
    | (?P<le>及?以下|之下|以内|之内|(?<=[时天日月年周钟])内)                        # 1.5公里以内
    | (?P<eq>左右|上下|许)                            # 60个左右
    )""",
    re.VERBOSE,
)
_SIGNS = {"ge": ">=", "le": "<=", "lt": "<", "gt": ">", "eq": "~"}
_MORE = re.compile(r"[余多](?=[，,。；;、：:）)\s的]|$)")  # 两年多, 3公里余
_PERSONS = re.compile(
    r"(?:常住|户籍|困难|特困|高龄|留守|农村|城乡|城市|城镇|辖区|注册|广大)*"
    r"(?:居民|群众|人口|老人|老年人|儿童|学生|市民|村民|党员|志愿者|职工|家庭|残疾人|农民|学子|青年|妇女|用户|社工|游客|会员|师生|网民|读者|农户)"
)
_HAS = re.compile(r"(?:[有达为共至到破过近约超逾])$")
_DOUBLED = re.compile(r"翻了?[近约超]?$")
_HALF = re.compile(r"半(?![\u4e00-\u9fff])|半(?=[的多以左内来时后前])")
_HALVED = frozenset({"年", "天", "小时", "个小时"})
_LISTED = re.compile("[、和与及]|以及")
_RANGE = re.compile(r"\s*(?:[-－–—~～]{1,2}|[至到])\s*")
_FORCED = re.compile(
    r"每[^，,。；;]{0,30}$|(?:缩短|压缩|延长|提高|调整|增加|减少|改)[为到至]$|满$|(?:至少|不少于|不低于|不超过|只|仅|共|新增|分别|设|配备|最多)[^，,。；;、]{0,8}$"
)
_STOPS = frozenset("，,。；;、：:）)！？!? \n\t\u3000")


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount: `text[start:end]`, values scaled, `tail` the end of 以上/左右 after it."""

    start: int
    end: int
    tail: int
    low: float
    high: float
    comparator: str | None
    unit: str | None
    rate: str | None


def find_amounts(text: str, skip: Iterable[Span] = ()) -> list[Amount]:
    """Amounts in text order; numbers that touch a `skip` span (dates, titles, labels, names) are left out."""
    cover = Cover(skip)
    numbers = (
        number
        for number in find_numbers(text)
        if not cover.touches(number.start, number.end) and text[number.start - 1 : number.start] != "每"
    )
    amounts = [amount for number in numbers if (amount := _amount(text, number)) is not None]
    return list(_joined(text, amounts))


def _amount(text: str, number: Number) -> Amount | None:
    unit, end = number.unit, number.end
    if unit is None:
        found = find_unit(text, end) or _bare(text, number)
        if found is None:
            return None
        unit, end = found
        if unit == "番" and not _DOUBLED.search(text, max(0, number.start - 4), number.start):
            return None  # 一番努力
    if _is_article(text, number, end):
        return None
    if unit in _HALVED and _HALF.match(text, end):  # 一年半
        number, end = replace(number, low=number.low + 0.5, high=number.high + 0.5), end + 1
    rate = find_rate(text, end)
    if rate is not None:
        rate_text, end = rate
    comparator = number.comparator
    if more := _MORE.match(text, end):
        comparator, end = ">", more.end()
    told, tail = find_comparator(text, number.start, end)
    comparator = comparator or told
    return Amount(number.start, end, tail, number.low, number.high, comparator, unit, rate_text if rate else None)


def _bare(text: str, number: Number) -> tuple[None, int] | None:
    """Whether a numeral without a unit counts: 约8万居民, 老年人口已有752万. A plain number may be a name or a code."""
    if text[number.end - 1] not in "万亿余多":
        return None
    people = _PERSONS.match(text, number.end)
    closed = text[number.end : number.end + 1] in _STOPS and _HAS.search(text, max(0, number.start - 6), number.start)
    return (None, number.end) if people or closed else None


def find_comparator(text: str, start: int, end: int) -> tuple[str | None, int]:
    """What the words around text[start:end] say of it (约, 不少于, 以上 …), and where those after it end."""
    after = _AFTER.match(text, end)
    if after:
        return _SIGNS[str(after.lastgroup)], after.end()
    before = _BEFORE.search(text, max(0, start - 8), start)
    return (_SIGNS[str(before.lastgroup)] if before else None), end


def _is_article(text: str, number: Number, end: int) -> bool:
    """Whether 一 only introduces a noun (一支队伍): a count stands alone (社工室一个) or is forced (每村至少一名)."""
    if number.low != 1 or number.unit or text[number.start : number.end] != "一" or text[number.end : end] in ("倍", "番"):
        return False
    closed = (end >= len(text) or text[end] in _STOPS) and text[end - 1] in "个家名人处所座支项件"
    opened = number.start == 0 or text[number.start - 1] in _STOPS
    return not ((closed and not opened) or _FORCED.search(text, max(0, number.start - 32), number.start))


def _joined(text: str, amounts: list[Amount]) -> Iterator[Amount]:
    """Join 2万元至3万元 into one range (由2万元到3万元 stays two); 内 after 7个工作日和5个工作日 holds for both."""
    held: Amount | None = None
    for amount in amounts:
        if held is not None and _is_range(text, held, amount):
            held = replace(amount, start=held.start, low=held.low, comparator=amount.comparator or held.comparator)
            continue
        if held is not None and held.unit == "个" and amount.unit == "百分点" and _LISTED.fullmatch(text, held.tail, amount.start):
            held = replace(held, unit="百分点")  # 分别高12个和8.5个百分点
        if held is not None:
            within = amount.comparator == "<=" and held.unit == amount.unit and text[held.end : amount.start] in ("和", "、", "或")
            yield replace(held, comparator="<=") if within and held.comparator is None else held
        held = amount
    if held is not None:
        yield held


def _is_range(text: str, a: Amount, b: Amount) -> bool:
    if a.unit != b.unit or not a.low == a.high <= b.low or not _RANGE.fullmatch(text, a.end, b.start):
        return False
    return text[max(0, a.start - 3) : a.start].rstrip()[-1:] not in ("从", "由", "自")
