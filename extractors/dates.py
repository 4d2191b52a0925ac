"""Dates and periods as they are written, before anyone knows which year they mean.

`find_mentions` reads normalised text (see `normalise`, which keeps every offset) and gives each expression with its
parts; extractors/times.py turns them into periods.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Kind = Literal["date", "plan", "event", "now", "recent"]

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
_CN = "〇一二三四五六七八九十"
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"两": 2, "0": 0}

_S = "[ ]{0,2}"
_Y = r"(?:(?:19|20)[0-9]{2}|[一二][〇九0][〇0一二三四五六七八九]{2})"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?:[12][0-9]|3[01]|0?[1-9]|二十[一二三四五六七八九]?|三十一?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_TO = rf"{_S}(?:-{{1,2}}|至|到){_S}"
_WEEKDAY = r"(?:\((?:星期|周)[一二三四五六日天]\))?"
_CLOCK = rf"(?:{_S}(?:上午|下午|晚上?|凌晨|中午|早上)?(?:[0-9]{{1,2}}(?:时|点|:[0-9]{{2}}))?)"
_LIMIT = rf"""
    (?P<edge>年底|年末|年初|岁末|底(?![层线数册色蕴牌稿])|末(?![位端梢班])|初(?![步级次中审始选评赛验衷心创试检核期])
      |上中旬|中下旬|上旬|中旬|下旬|年?内(?=[,。;、:)\s"]|$|[将完要实建新全基力争确可再达开启投累还该我各市县省有拟计预对为把的已陆续分逐举]))?
    (?P<open>{_S}(?:以来|来(?=,)|之前|以前|之后|以后
      |前(?!后|期|去|来|往|瞻|景|述|沿|进|列|身|台|端|线|锋|哨|夕|置|提|[二两三四五六七八九十0-9]|半)|后(?![期勤备续台方盾援三])))?
"""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The parts of one date; `first_…` where the part itself is a range (1—6月: first_month 1, month 6)."""

    year: int | None = None
    first_year: int | None = None
    word: str | None = None
    same: bool = False  # 同期: the governing period, in another year
    month: int | None = None
    first_month: int | None = None
    day: int | None = None
    first_day: int | None = None
    half: str | None = None
    quarter: int | None = None
    first_quarter: int | None = None
    whole: bool = False
    edge: str | None = None
    bare: str | None = None  # 年底, 年内, 月底 … without a year or month

    @property
    def has_year(self) -> bool:
        return self.year is not None or self.word is not None


@dataclass(frozen=True, slots=True)
class Mention:
    """One expression: offsets, its dates (`last` for A至B), what opens it (以来, 前 …), or the name it goes by."""

    start: int
    end: int
    kind: Kind
    first: Endpoint = Endpoint()
    last: Endpoint | None = None
    open: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """What tables/times.yaml says."""

    from_publication: dict[str, int]
    from_context: dict[str, int]
    not_after: dict[str, str]
    not_before: str
    not_a_year: str
    plans: dict[str, tuple[int, int]]
    events: dict[str, dt.date]
    future: tuple[str, ...]
    past: tuple[str, ...]
    compared: tuple[str, ...]
    reaching: tuple[str, ...]


@cache
def tables() -> Tables:
    """The words, read once."""
    raw = yaml.safe_load((Path(__file__).parent / "tables" / "times.yaml").read_text(encoding="utf-8"))
    lists = {key: tuple(raw.pop(key).split()) for key in ("future", "past", "compared", "reaching")}
    not_after = {word: str(chars) for word, chars in raw.pop("not_after").items()}
    plans = {name: (first, last) for name, (first, last) in raw.pop("plans").items()}
    return Tables(not_after=not_after, plans=plans, **raw, **lists)


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
    return int("".join(str(_DIGITS[c]) for c in text))


def _guarded(words: list[str], table: Tables) -> str:
    return "|".join((f"(?<![{table.not_after[w]}])" if w in table.not_after else "") + w for w in sorted(words, key=len, reverse=True))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    table = tables()
    words = _guarded([*table.from_publication, *table.from_context], table)
    date = re.compile(
        rf"""
        (?:(?:(?P<y1>{_Y}){_S}年?(?P<between>{_TO}|[、和与及]))?(?P<year>{_Y}){_S}年(?!{table.not_a_year})(?:度(?![假过]))?  # 2021-2023年度
          |(?P<word>{words})(?![{table.not_before}])(?:度(?![假过]))?)?                               # 去年, 上年度
        {_S}(?P<same>同期)?
        (?:(?:(?P<m1>{_M}){_S}(?:月份?)?{_TO})?(?P<month>{_M}){_S}月(?![龄均子嫂饼]|捐|供)份?              # 1—6月份
            (?:{_S}(?:(?P<d1>{_D}){_S}[日号]?{_TO})?(?P<day>{_D}){_S}[日号])?                     # 3日至5日
          |(?<!以)(?P<half>[上下])半年
          |(?:(?P<q1>第?[一二三四1-4]){_S}(?:(?:季度)?{_TO}|、))?(?P<quarter>[第前]?[一二两三四1-4]){_S}个?季度
          |[前头](?P<first>{_M})个月
          |(?P<whole>全年(?![龄]))
        )?
        {_LIMIT}""",
        re.VERBOSE,
    )
    iso = re.compile(
        rf"(?<![0-9\-./])(?P<year>{_Y})(?P<sep>[-/.])(?P<month>0?[1-9]|1[0-2])(?:(?P=sep)(?P<day>0?[1-9]|[12][0-9]|3[01]))?(?![0-9]|[-/.][0-9])"
    )
    day = re.compile(rf"(?:(?P<d1>{_D}){_S}日?{_TO})?(?P<day>{_D}){_S}日")
    bare = re.compile(
        r"""(?P<bare>(?<![0-9〇一二三四五六七八九十百两几半多数余每整青少成老历周壮往近全财学]) (?:年底|年末|年初|岁末|年内(?!蒙))
           |(?<![0-9〇一二三四五六七八九十个每次当逐]) 月[底末初](?!级|步))(?P<open>之前|以前|前(?![往后期去]))?""",
        re.VERBOSE,
    )
    plan = re.compile(
        rf""""?(?P<plan>{"|".join(table.plans)})"?(?:规划(?=期))?
        (?P<span>时期|期间|期内|期(?=[末初]))?
        (?:前(?P<firsts>[一二两三四])年|(?P<edge>末期?|初期?))?(?P<open>(?:规划)?(?:实施|开局|启动)?以来)?""",
        re.VERBOSE,
    )
    event = re.compile(rf"(?P<event>{'|'.join(table.events)})(?:胜利)?(?:召开)?以来")
    now = re.compile(rf"{_guarded(['目前'], table)}(?![期景置提述])|迄今(?:为止)?|(?<=截至)当前|(?<=[,。;\n])当前(?=,)")
    recent = re.compile(r"(?<![将接临靠最])(?:最近|近|过去)(?P<count>[0-9]{1,2}|[一二两三四五六七八九十]{1,2})年(?:来|间|中)?(?![级期龄])")
    return date, iso, day, bare, plan, event, now, recent


@cache
def _trigger() -> re.Pattern[str]:
    """Where an expression can begin. One class of first characters, so that the scan runs at C speed, then what may follow each."""
    table = tables()
    words = [*table.from_publication, *table.from_context, *table.plans, *table.events]
    words += [
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
    for word in words:
        follow[word[0]].add(word[1:])
    digits = r"(?<=[0-9])(?<![0-9][0-9])(?<![0-9][./][0-9])(?=[0-9]{0,3} {0,2}[-年月日至到、和与及季个./])"
    numerals = rf"(?<=[{_CN}])(?<![{_CN}百千万亿几数][{_CN}])(?=[{_CN}0]{{0,3}} {{0,2}}[-年月日至到、季])"
    rest = [digits, numerals, r'(?<=")(?=十)', r"(?<=[第前头])(?=[一二两三四五六七八九十0-9])", r"(?<=近)(?=[一二两三四五六七八九十0-9])"]
    rest += [f"(?<={first})(?:{'|'.join(sorted(tails))})" for first, tails in follow.items()]
    return re.compile(f'[0-9{_CN}"第前头近{"".join(follow)}](?:{"|".join(rest)})')


def find_mentions(norm: str) -> list[Mention]:
    """Every date expression of a normalised text, in order, none overlapping."""
    found: list[Mention] = []
    end = 0
    for trigger in _trigger().finditer(norm):
        if trigger.start() < end:
            continue
        mention = _mention(norm, trigger.start(), found[-1] if found else None)
        if mention is not None:
            found.append(mention)
            end = mention.end
    return found


def _mention(norm: str, at: int, before: Mention | None) -> Mention | None:
    date, _, _, _, plan, event, now, recent = _patterns()
    first = norm[at]
    if first in '"十' and (m := plan.match(norm, at)) and norm[at - 1 : at] not in tuple(_CN):
        return Mention(at, m.end(), "plan", Endpoint(edge=m["edge"], first_year=_small(m["firsts"])), None, m["open"], m["plan"])
    if first in "目迄当" and (m := now.match(norm, at)):
        return Mention(at, m.end(), "now", name=m.group())
    if first in "近最过" and (m := recent.match(norm, at)):
        return Mention(at, m.end(), "recent", Endpoint(year=parse_numeral(m["count"])))
    if first in "党新" and (m := event.match(norm, at)):
        return Mention(at, m.end(), "event", open="以来", name=m["event"])
    return _dates(norm, at, before)


def _small(text: str | None) -> int | None:
    return parse_numeral(text) if text else None


def _dates(norm: str, at: int, before: Mention | None) -> Mention | None:
    """A date, or two joined by 至."""
    one = _endpoint(norm, at)
    if one is None:
        m = _patterns()[2].match(norm, at)
        if m is None or not _is_day(norm, m, before):
            return None
        one = (Endpoint(day=parse_numeral(m["day"]), first_day=_small(m["d1"])), m.end(), None)
    first, end, opening = one
    if opening is None and (joint := _JOINT.match(norm, end)):
        last = _endpoint(norm, joint.end())
        if last is None and (m := _patterns()[2].match(norm, joint.end())) and first.day is not None:
            last = (Endpoint(day=parse_numeral(m["day"])), m.end(), None)
        if last is not None and last[2] is None and not last[0].same:
            return Mention(at, last[1], "date", first, last[0])
        if last is None and (now := re.compile(r"今|目前").match(norm, joint.end())):
            return Mention(at, now.end(), "date", first, None, "以来")
    return Mention(at, end, "date", first, None, opening)


_JOINT = re.compile(rf"{_CLOCK}{_WEEKDAY}{_S}起?{_TO}")


def _endpoint(norm: str, at: int) -> tuple[Endpoint, int, str | None] | None:
    date, iso, _, bare, *_ = _patterns()
    if m := iso.match(norm, at):
        day = m["day"]
        if day is None and (m["sep"] != "-" or len(m["month"]) < 2 or norm[m.end() : m.end() + 1] in ("年", "月")):
            return None
        return Endpoint(year=int(m["year"]), month=int(m["month"]), day=_small(day)), m.end(), None
    if m := bare.match(norm, at):
        return Endpoint(bare=m["bare"]), m.end(), m["open"]
    m = date.match(norm, at)
    if m is None or m.end() == at or not (m["year"] or m["word"] or m["month"] or m["half"] or m["quarter"] or m["first"] or m["whole"]):
        return None
    return _parts(m), len(m.group().rstrip()) + at, (m["open"] or "").strip() or None


def _parts(m: re.Match[str]) -> Endpoint:
    quarter, first_quarter, month, first_month = m["quarter"], m["q1"], _small(m["month"]), _small(m["m1"])
    if m["first"]:
        first_month, month = 1, parse_numeral(m["first"])
    return Endpoint(
        year=_small(m["year"]),
        first_year=_small(m["y1"]),
        word=m["word"],
        same=m["same"] is not None,
        month=month,
        first_month=first_month,
        day=_small(m["day"]),
        first_day=_small(m["d1"]),
        half=m["half"],
        quarter=_small(quarter.lstrip("第前")) if quarter else None,
        first_quarter=1 if quarter and quarter[0] == "前" else _small(first_quarter.lstrip("第")) if first_quarter else None,
        whole=m["whole"] is not None,
        edge=m["edge"],
    )


_DURATION_BEFORE = re.compile(
    r"(?:每|满|超过|不少于|不超过|少于|多于|为期|连续|历时|达|近|约|共|提前|至少|公示|期限|时限|逾期|第|累计|最长|最多|延长)(?:为|了|期为?)? ?$"
)
_DAY_AFTER = re.compile(
    r" ?(?:从|在|上午|下午|中午|晚|早|凌晨|,|获悉|召开|举行|举办|发布|公布|公示|起|表示|介绍|通报|电|消息|讯|对|印发|开幕|启动|说|当天|[0-9]{1,2}[时点:])"
)
_DAY_BEFORE = re.compile(r"(?:记者|[^关由对至等限高低优长]于|本月|[电讯]|[日号]、|日[至和、]) ?$")
_DAY_NOT = re.compile(r" ?(?:以?内|之内|以上|以下|以后|后|左右|均|间|游|期|前|常|多|余|龄|工作日|[)/·])")


def _is_day(norm: str, m: re.Match[str], before: Mention | None) -> bool:
    """Whether a bare 8日 is a day of a month, and no length of time."""
    if before is not None and before.end <= m.start() and norm[before.end : m.start()] in ("、", "和", "及", "与") and before.first.day:
        return True
    if _DAY_NOT.match(norm, m.end()) or _DURATION_BEFORE.search(norm, max(0, m.start() - 6), m.start()):
        return False
    if _DAY_BEFORE.search(norm, max(0, m.start() - 4), m.start()):
        return True
    opens = m.start() == 0 or norm[m.start() - 1] in ',。;:\n"( '
    return m["day"][0].isascii() and opens and _DAY_AFTER.match(norm, m.end()) is not None
