"""What a rate is per: 每人每月 → 人·月, 日均 → 日, 15万元/个 → 个, 每千名老年人 → 千名老年人."""

from __future__ import annotations

import re

from extractors.clauses import Slot
from extractors.lexicon import Tagger
from extractors.spans import Span

_SITE = re.compile("[点站室院所队]|中心")
_EACH = re.compile(
    r"每(?!周岁)(?P<number>[百千万]|十万|百万)?(?P<unit>个(?=[\u4e00-\u9fff])|人口|半年|季度|学期|学年|人次|小时|学时|社区|街道|乡镇|区县|县区|(?![收招吸引培推办开增减逢满新完服建超多少])[\u4e00-\u9fff])"
    r"(?P<aside>\([^()]{1,8}\)|（[^（）]{1,8}）)?"
)
_ASIDE = re.compile(r"\([^()]{1,8}\)|（[^（）]{1,8}）")
_GRANTED = re.compile(r"补贴|补助|奖励|奖补|资助|给予|安排|每|不|最|可|按|一次")  # 每个补贴2万元
_MADE = re.compile(r"新[建设增]|[改扩]建")
_COUNTS = re.compile(r"每[^，,。；;]{0,12}\d[^，,。；;]{0,12}每")  # each number of the list has a denominator of its own
_GIVEN_TO = re.compile(r"[\u4e00-\u9fff]{0,6}(?:补贴|补助|奖励|奖补|资助|经费|资金|金)(?![\u4e00-\u9fff]*[户家])")
_COUNTED = frozenset("名位户张家所处支座床对只具台辆套")
_SPANS = frozenset(("年", "月", "日", "天", "周", "季度", "半年", "季", "小时", "学期", "学年"))
_RENT = re.compile(r"(?<![每\d上下今去当本前半全])[日月年](?=租金|工资|薪)")
_AVERAGE = re.compile(
    r"(?P<time>[日月年])?(?P<unit>(?<![上去前今])年|[人户日月村站镇县次床例件对餐班校点馆])均(?![衡等匀为已在按由可有]|月?可?支?配?收入)(?P<each>[月年](?=工资|薪|纯?收入|补助|消费|支出))?"
)


def denominator(text: str, slot: Slot, tag: Tagger) -> str | None:
    """What a rate is per: 每人每月 → 人·月, 日均 → 日, 15万元/个 → 个, 每千名老年人 → 千名老年人."""
    if slot.amount.unit in ("倍", "番", "百分点", "%", "‰"):
        return None
    own = _each(text, slot.gap, tag)
    if slot.amount.rate:
        return f"{slot.amount.rate}·{own}" if own in _SPANS else slot.amount.rate
    return own or (
        _each(text, (slot.clause[0], slot.amount.start), tag) if slot.listed and not _COUNTS.search(text, *slot.clause) else None
    )


def _each(text: str, span: Span, tag: Tagger) -> str | None:
    found = [(m.start(), _unit_of(text, m, span[1], tag)) for m in _EACH.finditer(text, *span)]
    for m in _AVERAGE.finditer(text, *span):
        found += [(m.start(), unit) for unit in (m["time"], m["unit"], m["each"]) if unit]
    found += [(m.start(), m.group()) for m in _RENT.finditer(text, *span) if not found]
    ordered = sorted(found, key=lambda each: (each[1] in _SPANS, each[0]))  # 每年每站 is 站·年 too
    return "·".join(unit for _, unit in ordered) or None


def first_noun(text: str, span: Span, tag: Tagger) -> str:
    """城市社区 in 城市社区拥有, 服务点 in 服务点服务半径: up to the first word that names a thing."""
    noun = ""
    for word, flag in tag(text[span[0] : span[1]]):
        if flag.startswith(("x", "m", "p", "c", "u", "d", "r")) or word in ("拥有", "配备", "至少", "有") or word[0] == "最":
            break
        noun += word
        if (
            (len(noun) > 1 or noun in "县市区旗镇乡村")
            and flag.startswith(("n", "j", "z"))
            and not noun.endswith(("城市", "农村", "城镇", "城乡", "常住", "级"))
        ):
            break
    if noun and (house := _SITE.match(text, span[0] + len(noun), span[1])):
        noun += house.group()
    aside = _ASIDE.match(text, span[0] + len(noun), span[1])
    return noun + aside.group() if noun and aside else noun


def each_in(heading: str, tag: Tagger) -> str | None:
    """The denominator in a table's heading (日均就餐 → 日)."""
    return _each(heading, (0, len(heading)), tag)


def _unit_of(text: str, match: re.Match[str], stop: int, tag: Tagger) -> str:
    """每个乡镇 → 乡镇, 每名独居老人 → 名独居老人, 每万人 → 万人."""
    number, unit, aside = match["number"] or "", match["unit"], match["aside"] or ""
    if unit == "个" and _GRANTED.match(text, match.end()):
        return number + unit
    if unit == "个":
        made = _MADE.match(text, match.end())
        return number + (first_noun(text, (made.end() if made else match.end(), stop), tag) or unit)
    if number and unit not in _COUNTED and "\u4e00" <= unit <= "\u9fff" and len(unit) == 1 and unit not in "人个":
        return number + (first_noun(text, (match.start("unit"), stop), tag) or unit)  # 每万城镇常住人口
    if unit == "户" and not number and _GIVEN_TO.match(text, match.end()):
        return unit  # 每户改造补助
    if unit in _COUNTED and not _GRANTED.match(text, match.end()) and (noun := first_noun(text, (match.end(), stop), tag)):
        return number + unit + noun if number else noun
    return number + unit + aside
