"""The noun phrase beside a number: what is counted.

Works on (word, part-of-speech) pairs of a tagger that is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.lexicon import Lexicon, Tagger, Word, is_attribute, is_rate, kind_of_word, lexicon, words_of
from extractors.spans import Span

Covered = Callable[[int, int], bool]
"""Whether a span touches a time or a place."""


_FACILITY = re.compile(r"(?:[院站所馆园墓堂厅校]|中心|机构|企业|公司|组织|基金会|协会|商会|食堂|餐厅|饭堂|超市|门店|队|队伍)$")
_PERSON = re.compile(r"(?:[者员人童工师生]|干部|代表|群众|对象|家长|骨干|居民|妇女|学子|专家|人才|遗属|遗孤|村医|队伍)$")
_KINDS = re.compile(r"(?P<first>[\u4e00-\u9fff]{2,3})、(?:[\u4e00-\u9fff]{2,3}、)*(?:[\u4e00-\u9fff]{2,3}[和及与])?(?=[\u4e00-\u9fff]{4})")
_IDIOM = re.compile(r"[从由].[到至].")
_AGE = re.compile(r"\d{1,3}(?:[-—~至]\d{1,3})?周?岁(?:及?以[上下])?的?(?=[\u4e00-\u9fff])")
_GRADE = re.compile(r"[一二三四五甲乙丙ⅠⅡ][级类档等]|.{1,2}级")
_MODIFIERS = frozenset(("年度", "重点", "主要", "具体", "年度重点", "专项"))  # 32项年度任务
_PLAIN_VERB = re.compile("[上下出到掉成起过入回来去走住开]$")
_CLOSES = re.compile(r"(?<=方面|任务|目标|名单|情况|工作|代表)(?:[，,。；;、]|\d)")  # 18项任务，
_FOR = re.compile("[为给向对]")
_MOST = re.compile("最[多少高低大小]的[是为]")
_NEGATIONS = frozenset(("不", "未", "非"))
_REDONE = re.compile("改造|提升|建设|改扩?建|扩建|修缮|升级|维修|新建")
_BARE_RATES = frozenset(("率", "比例", "期限", "时限", "周期"))
_COUNTED = frozenset(("人数", "户数", "次数", "人次", "件数"))
_AGENT = re.compile(r"(?:机构|中心|[站点室所队馆院厅堂局委办会社]|部门|机关|单位|企业|干部|社工|志愿者)$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase.

    `generic`: it only says total or rate; `weak`: it starts with a verb, or a verb parts it from the number; `verbal`: it has no noun.
    """

    start: int
    end: int
    generic: bool = False
    weak: bool = False
    verbal: bool = False


def phrase_before(text: str, span: Span, tag: Tagger, covered: Covered) -> Phrase | None:
    """The noun phrase that ends a stretch of text (its linking words already cut off), or None.

    Words that `covered` says are times or places end it. `weak`: a verb stood between phrase and number (社工站建成24个).
    """
    table = lexicon()
    words = words_of(text, span, tag)
    weak = _drop_predicate(words, table)
    taken: list[Word] = []
    through = named = False
    for i in range(len(words) - 1, -1, -1):
        word = words[i]
        kind = "stop" if covered(word.start, word.end) else kind_of_word(word, table)
        if word.text in _NEGATIONS and taken and taken[-1].end - taken[-1].start > 1 and taken[-1].text not in table.light:
            taken.append(word)  # 不规范地名
            break
        if kind == "stop" or (kind == "join" and not taken):
            break
        if kind == "light" and word.flag == "vn" and taken and taken[-1].text in table.attribute:
            kind = "noun"  # 建设资金, 运行经费
        if kind == "light" and len(word.text) == 2 and len(taken) == 1 and taken[0].text in _COUNTED:
            kind = "noun"  # 报名人数, 参与户数
        if kind == "light" and taken and not (through and _inside_rate(word, taken, table)):
            break
        bound = through or (taken and (taken[-1].text in table.compound | table.attribute or len(taken[-1].text) == 1))
        if kind == "verb" and taken and not bound and (named or len(taken) > 1):
            break
        agent = kind == "noun" and taken and taken[-1].text in table.content and _AGENT.search(word.text)
        if agent and not named and not through and not _REDONE.search(taken[-1].text):
            break  # 老年餐厅供餐18.3万份: who serves is no part of what is counted
        served = kind == "noun" and taken and taken[-1].text in table.content and _PERSON.search(word.text)
        if served and not named and _FOR.search(text, span[0], word.start):
            break  # 为独居老人|送餐5.6万份
        taken.append(word)
        if word.text == "一次性":
            break
        through = through or (len(taken) == 1 and is_rate(word))
        if kind == "content" and named and (not bound or (taken[-2].text in table.attribute and not through)):
            if word.text == "服务" and i and words[i - 1].text in table.served and not covered(words[i - 1].start, word.end):
                taken.append(words[i - 1])  # 养老|服务|床位
            break
        named = named or kind == "noun"
    while taken and kind_of_word(taken[-1], table) == "join":
        taken.pop()
    taken.reverse()
    while taken and taken[0].flag == "group" and taken[0].text[0] in "（(":
        taken.pop(0)  # 镇（区）基金会 after 镇
    if not taken:
        return None
    if len(taken) == 1 and len(taken[0].text) == 1 and not is_rate(taken[0]):
        return None
    generic = all(w.text in table.generic or _GRADE.fullmatch(w.text) for w in taken)
    return Phrase(taken[0].start, taken[-1].end, generic=generic, weak=weak, verbal=not named)


def _drop_predicate(words: list[Word], table: Lexicon) -> bool:
    """Drop the verbs, adverbs and grades that end a clause before its number; whether a verb was among them."""
    verb = False
    while words:
        word, kind = words[-1], kind_of_word(words[-1], table)
        if kind == "light" and not is_attribute(word, table) and word.text != "组织":
            verb = True
        elif kind == "verb" and len(words) > 1 and _PLAIN_VERB.search(word.text):
            verb = True  # 补上186万元
        elif not (
            word.text in table.stops or word.flag in ("d", "ad", "uz", "ul", "ug") or (len(words) > 1 and _GRADE.fullmatch(word.text))
        ):
            return verb
        words.pop()
    return verb


def _inside_rate(word: Word, taken: Sequence[Word], table: Lexicon) -> bool:
    """标志设置率: the verb before 率 belongs to it, as do some verbs farther left."""
    first = len(taken) == 1 and taken[0].text in _BARE_RATES
    return is_rate(taken[0]) and (first or word.text in table.inside)


def phrase_after(text: str, span: Span, tag: Tagger, people: bool = False, facilities: bool = False) -> Phrase | None:
    """The noun phrase that opens a stretch of text, or None; `people` stops it at the first word for persons, `facilities`
    at the last word for a house or a body (9所敬老院|取暖改造)."""
    table = lexicon()
    aged = _AGE.match(text, *span)
    kinds = _KINDS.match(text, *span) if people and not aged else None
    if kinds and not _PERSON.search(kinds["first"]):
        noun = phrase_after(text, (kinds.end(), span[1]), tag, people)
        return noun and Phrase(kinds.start(), noun.end)  # 182名留守、困境儿童
    words = words_of(text, (aged.end(), span[1]) if aged else span, tag)
    taken: list[Word] = []
    for i, word in enumerate(words):
        kind = kind_of_word(word, table)
        following = kind_of_word(words[i + 1], table) if i + 1 < len(words) else "stop"
        described = taken and (
            taken[-1].flag[0] == "a" or not any(w.flag.startswith(("n", "group")) or w.text in table.areas for w in taken)
        )
        if word.text == "的" and described:
            return phrase_after(text, (word.end, span[1]), tag, people, facilities)  # 经验丰富的社工, 经济困难的失能老年人
        if kind == "stop" or (kind == "join" and (not taken or following not in ("noun", "content"))):
            break
        if kind == "light" and not taken and i + 1 < len(words) and is_attribute(words[i + 1], table):
            kind = "noun"  # 运营补贴
        if kind == "light" or (kind in ("verb", "content") and following not in ("noun", "content", "verb")):
            break
        if taken and word.flag == "v" and i + 1 < len(words) and words[i + 1].text in ("着", "了", "过", "上", "好"):
            break  # 42支送餐队跑着
        if kind == "verb" and taken:
            break
        serves = word.text == "服务" and following == "noun" and not _PERSON.search(words[i + 1].text)  # 社会救助服务品牌
        within = serves or (i + 1 < len(words) and words[i + 1].text in table.compound | table.attribute)
        if kind == "content" and taken and taken[-1].flag[0] == "n" and not within:
            break  # 4处殡仪馆火化遗体: a predicate
        if taken and word.flag in ("l", "i"):
            break
        taken.append(word)
        quoted = i + 1 < len(words) and words[i + 1].flag == "group" and words[i + 1].text[0] in "“‘"
        if people and _PERSON.search(word.text) and (following != "noun" or quoted):
            break
    while (
        len(taken) > 1
        and taken[-2].text not in _MODIFIERS
        and (_trails(taken[-1], people, table) or taken[-1].flag == "f" or kind_of_word(taken[-1], table) == "join")
    ):
        taken.pop()
    if facilities:
        taken = _up_to_facility(taken)
    if (
        not taken
        or taken[0].text in table.generic
        or (len(taken) == 1 and _trails(taken[0], people, table) and not _CLOSES.match(text, taken[0].end))
    ):
        return None
    if all(word.flag == "group" and word.text[0] in "（(" for word in taken):
        return None  # 1520元（集中）
    weak = taken[0].flag in ("v", "vn", "vd", "d") or (len(taken) == 1 and taken[0].flag in ("a", "f"))
    return Phrase(aged.start() if aged else taken[0].start, taken[-1].end, weak=weak)


def _up_to_facility(taken: list[Word]) -> list[Word]:
    last = max((i for i, word in enumerate(taken) if _FACILITY.search(word.text)), default=len(taken) - 1)
    return taken[: last + 1]


def _trails(word: Word, people: bool, table: Lexicon) -> bool:
    """Whether a noun is only about the thing counted: 12个项目名单, but not 230名代表."""
    return word.text in table.trailing and not (people and _PERSON.search(word.text))


def subject_of(text: str, span: Span, tag: Tagger, covered: Covered) -> Phrase | None:
    """The subject of a clause: its first noun phrase, or the one after its last 的; no times, places or 《titles》."""
    table = lexicon()
    if most := _MOST.search(text, *span):  # 农村低保对象最多的是应县
        return phrase_before(text, (span[0], most.start()), tag, covered)
    words = words_of(text, span, tag)
    cut = next((i for i, word in enumerate(words) if i and word.text in ("按", "按照", "依照", "参照")), len(words))
    words = words[:cut]  # 供养标准按低保标准的1.3倍确定
    last = max((i for i, word in enumerate(words[:-1]) if word.text == "的"), default=-1)
    taken: list[Word] = []
    for before, word in pairwise([Word(span[0], span[0], "", "x"), *words][last + 1 :]):
        if before.flag == "m" or _IDIOM.fullmatch(word.text) or _GRADE.fullmatch(word.text):
            if taken:
                break
            continue  # 从3000人发展到近6万人: a unit is no subject
        nominal = kind_of_word(word, table) in ("noun", "content") and not covered(word.start, word.end)
        if nominal and not word.text.startswith(("《", "（", "(")) and word.text not in table.generic:
            taken.append(word)
        elif taken:
            break
    if not taken or all(w.text in table.content for w in taken) or taken[-1].end - taken[0].start < 2:
        return None
    return Phrase(taken[0].start, taken[-1].end)
