"""The shapes of dates, as regular expressions over normalised text (extractors/timewords.py)."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from extractors.timewords import NUMERALS, words

_S = "[ ]{0,2}"
_Y = r"(?:(?:19|20)[0-9]{2}|[一二][〇九0][〇0一二三四五六七八九]{2})"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|(?<![0-9万余多单])元(?=[ ]?月))"
_D = r"(?:[12][0-9]|3[01]|0?[1-9]|二十[一二三四五六七八九]?|三十一?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_TO = rf"{_S}(?:-{{1,2}}|至|到){_S}"
_AND = "[、和与及]"
_WEEKDAY = r"(?:\((?:星期|周)[一二三四五六日天]\))?"
_CLOCK = rf"(?:{_S}(?:上午|下午|晚上?|凌晨|中午|早上)?(?:[0-9]{{1,2}}(?:时|点|:[0-9]{{2}}))?)"
_BEFORE = r"""前(?!后|期|去|来|往|瞻|景|述|沿|进|列|身|台|端|线|锋|哨|夕|置|提(?![交出供报请])|海|郭|半|[二两三四五六七八九十0-9])"""
_EDGE = r"""(?P<edge>年底|年末|年初|岁末|底(?![层线数册色蕴牌稿])|末(?![位端梢班])|初(?![步级次中审始选评赛验衷心创试检核期一])
    |上中旬|中下旬|上旬|中旬|下旬|年?内(?=[,。;、:)\s"]|$|[将完要实建新全基力争确可再达开启投累还该我各市县省有拟计预对为把的已陆续分逐举]))?"""
_INCLUSIVE = rf"(?:\(含[^)]{{0,4}}\)|{_WEEKDAY}(?:{_CLOCK}|下班))"
_OPEN = rf"(?P<open>{_S}(?:以来|来(?=,)|之后|以后|{_INCLUSIVE}(?:之前|以前|{_BEFORE})|后(?![期勤备续台方盾援三])))?"


class Patterns(NamedTuple):
    """One pattern per shape; `start` finds where a shape may begin."""

    start: re.Pattern[str]
    date: re.Pattern[str]
    numeric: re.Pattern[str]
    day: re.Pattern[str]
    edge: re.Pattern[str]
    joint: re.Pattern[str]
    today: re.Pattern[str]
    now: re.Pattern[str]
    plan: re.Pattern[str]
    event: re.Pattern[str]
    recent: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """All shapes, compiled once."""
    table = words()
    return Patterns(
        start=_start(),
        date=_date(),
        numeric=re.compile(  # 2023-07-21, 2023/7/21, (2021-2025)
            rf"""(?P<y>{_Y})(?P<sep>[-/.])(?P<month>1[0-2]|0?[1-9])(?:(?P=sep)(?P<day>[12][0-9]|3[01]|0?[1-9]))?
                 (?![0-9]|[-/.](?!{_Y}[-/.])[0-9])
               | (?<=[("])(?P<y1>{_Y})-{{1,2}}(?P<year>{_Y})(?=[)"])""",
            re.VERBOSE,
        ),
        day=re.compile(rf"(?:(?P<d1>{_D})(?P<and_day>{_S}日?{_TO}|(?:、{_D}){{0,8}}{_AND}))?(?P<day>{_D}){_S}日"),
        edge=re.compile(  # 年底前, 月末
            rf"""(?P<bare>
                 (?<![0-9{NUMERALS}百两几半多数余每整青少成老历周壮往近全财学大中])(?:年底|年末|年初(?![一二三四五])|岁末|年内(?!蒙|容))
               | (?<![0-9{NUMERALS}个每次当逐])月[底末初](?!级|步|考))(?P<open>以来|之前|以前|{_BEFORE})?""",
            re.VERBOSE,
        ),
        joint=re.compile(rf"{_CLOCK}{_WEEKDAY}{_S}起?{_TO}(?P<now>今(?![年天日])|目前)?"),
        today=re.compile(rf"(?:{table.guarded(table.days)})(?![{table.not_before['day']}])"),
        now=re.compile(rf"{table.guarded(['目前'])}(?![期景置提述])|迄今(?:为止)?(?!年)|(?<=截至)当前|(?<=[,。;\n])当前(?=,)"),
        plan=re.compile(
            rf""""?(?P<plan>{"|".join(table.plans)})"?(?:规划(?=期))?(?P<span>时期|期间|期内|期(?=[末初]))?
            (?:前(?P<firsts>[一二两三四])年|(?P<edge>末期?|初期?)|(?P<list>(?={_AND}?"?十[一二三四五六]五"?(?:时期|期间))))?
            (?P<open>(?:规划)?(?:实施|开局|启动)?以来)?""",
            re.VERBOSE,
        ),
        event=re.compile(rf"(?P<event>{'|'.join(table.events)})(?:胜利)?(?:召开)?以来"),
        recent=re.compile(
            r"(?<![将接临靠最])(?:最近|近|过去) ?(?P<count>[2-9]|[1-9][0-9]|[二两三四五六七八九十]{1,2}) ?年(?:来|间|中)?(?![级期龄])"
        ),
    )


def _date() -> re.Pattern[str]:
    table = words()
    relative = table.guarded([*table.from_publication, *table.from_context])
    moons = table.guarded(table.months)
    not_lunar = rf"(?:(?<=[0-9 ]月)|(?!初?[{NUMERALS}]{{1,3}}(?![日号{NUMERALS}])))"  # 八月十五, 三月三
    years = rf"(?:、{_Y}){{0,8}}{_AND}{_Y}年"
    return re.compile(
        rf"""
        (?:(?:(?P<y1>{_Y}){_S}年?{_TO})?                                        # 2021-2023年
            (?P<year>{_Y})(?:{_S}年(?!{table.not_a_year})(?:度(?![假过]))?|(?={years}))
          |(?P<relative>{relative})(?![{table.not_before["year"]}])(?:度(?![假过]))?  # 去年, 上年度
        )?
        {_S}(?P<same>同期)?
        (?:(?:(?P<m1>{_M})(?P<and_month>{_S}(?:月份?)?{_TO}|(?:、{_M}){{0,8}}{_AND}))?  # 1—6月份
            (?P<month>{_M}){_S}月(?![龄均子嫂饼捐供]){not_lunar}份?
            (?:{_S}(?:(?P<d1>{_D})(?P<and_day>{_S}[日号]?{_TO}|(?:、{_D}){{0,8}}{_AND}))?  # 3日至5日
              (?P<day>{_D}){_S}[日号])?
          |(?P<moon>{moons})(?![{table.not_before["month"]}])(?:{_S}(?P<moonday>{_D}){_S}日)?
          |(?<!以)(?P<half>[上下])半年
          |(?:(?P<q1>第?[一二三四1-4])(?P<and_quarter>{_S}(?:季度)?{_TO}|(?:、[二三四2-4]){{0,2}}{_AND}))?
            (?P<quarter>前[二两三2-3]个?|(?<!连续)第?[一二三四1-4]){_S}季度(?![假过夏])
          |(?<![之以目此日满])[前头](?P<first>{_M}|两)(?:个月|月(?![0-9]))
          |(?P<whole>全年(?!龄|无休|不|候|天|开放|营业|级|制|[0-9]{1, 4}(?:天|日|个工作日|小时)))
        )?
        {_EDGE}{_OPEN}""",
        re.VERBOSE,
    )


def _start() -> re.Pattern[str]:
    """Where a shape may begin: one class of first characters, so that the scan runs at C speed, then what may follow each."""
    table = words()
    whole = [*table.from_publication, *table.from_context, *table.months, *table.days, *table.plans, *table.events]
    whole += [
        "上半年",
        "下半年",
        "全年",
        "年底",
        "年末",
        "年初",
        "岁末",
        "年内",
        "月底",
        "月末",
        "月初",
        "目前",
        "迄今",
        "当前",
        "最近",
        "过去",
    ]
    follow: dict[str, set[str]] = defaultdict(set)
    for word in whole:
        follow[word[0]].add(word[1:])
    few = "(?= ?[一二两三四五六七八九十0-9])"
    rest = [
        r"(?<=[0-9])(?<![0-9][0-9])(?<![0-9][./-][0-9])(?=[0-9]{0,3} {0,2}[-年月日至到、和与及季个./])",
        r"(?<=[12])(?<![0-9][0-9])(?<![0-9][/-][0-9])(?=[0-9]{3} ?年)",  # a list mark before: 1.2023年
        rf"(?<=[{NUMERALS}])(?<![{NUMERALS}百千万亿几数][{NUMERALS}])(?=[{NUMERALS}0]{{0,3}} {{0,2}}[-年月日至到、季])",
        r'(?<=")(?=十)',
        r"(?<=元)(?=月)",
        rf"(?<=[第前头近]){few}",
        *(f"(?<={first})(?:{'|'.join(sorted(tails))})" for first, tails in follow.items()),
    ]
    return re.compile(f'[0-9{NUMERALS}"第前头近元{"".join(follow)}](?:{"|".join(rest)})')
