"""What stands beside a number and names what it counts: 配备社工|400余名, 400余名|社工, 5.9万人|享受…保障."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extractors.clauses import Slot
from extractors.denominators import first_noun
from extractors.gaps import LINK, Gaps
from extractors.lexicon import lexicon
from extractors.lists import Measure
from extractors.nouns import Phrase, phrase_after, phrase_before
from extractors.spans import Span
from extractors.units import kind_of

_BY = re.compile(r"[按以](?:照)?(?:每[\u4e00-\u9fff]{1,3})*(?:不低于|不少于|不超过|最高)?$")
_EACH = re.compile(r"每[个名家座所处户位张间套辆只具例支台](?:(?![每年月日])[\u4e00-\u9fff]){0,3}$")
_RATES = frozenset(("标准", "规格", "额度"))
_PAYER = re.compile(r"(?:财政|政府|部门|单位|机构|[局厅委会])$")
_GROWS = re.compile(r"(?:发展|增加|增长|扩大|扩展|提高|提升|壮大|减少|下降|降低|缩减|缩短|上升|跃升|攀升|延长|增|升|降|变)(?:到|至|为|成)")
_PERSONS = re.compile(r"(?:老人|老年人|[员师工者]|儿童|孤儿|对象|群众|残疾人|居民|周岁|岁|家庭|户)$")
MONEY = re.compile(r"(?:金|补贴|补助|奖补|总额|津贴|经费|资金|款|费用?|保险|奖励|待遇)$")
_PEOPLE = frozenset("名人位")
_HOUSES = frozenset("所家处座支")
_GIVEN = re.compile(r"(?:服务|培训|课程|训练|教育)$")
LENGTHS = frozenset({"年", "天", "日", "小时", "个月", "分钟", "工作日", "个工作日", "周"})
_SUMS = frozenset({"元", "平方米", "名", "人", "张"})
_GRADED = re.compile(r"[一二三四甲乙丙][级类档等]|.{1,2}级")
_REDONE = re.compile(r"改造|提升|改建|扩建|修缮|升级|续建|更新")
TIMED = re.compile(r"(?:时限|期限|有效期|时间|时长|周期|工期|服务期|寿命|年限|期|时数|半径|用时|耗时)$")
_REGIONS = re.compile(  # 8个省（市）社会组织 counts the provinces, 161个街镇社工站全覆盖 the townships
    r"(?:省区市|省市|旗县市区?|县市区?|市州|设区市|区县|县区|旗县|省份?|地?市|[县区州旗盟])(?:[（(][^（）()]{1,10}[)）])?(?![级直属域情委政长办辖\u4e00-\u9fff]*?[站点室中心])(?![级直属域情委政长办辖])"
    r"|(?:街镇|镇街|乡镇|街道|社区|行政村|村)(?:[（(][^（）()]{1,10}[)）])?(?=[\u4e00-\u9fff]{0,8}全覆盖)"
)
_ENJOYS = re.compile(r"(?:正在|已|依法)?(?:享受|享有|纳入|领取|获得|取得|持有|接受|参加|参与|申请|申领|报名参加|报考)(?:了|到|过)?")
_DONE = re.compile(
    r"(?:已|均|全部)?(?P<done>受益|获益|通过|合格|达标|获奖|入选|持证|脱贫|就业|转岗|结业|(?:参与|参加|接受)[\u4e00-\u9fff]{2,4})(?=[，,。；;、）)\s]|$)"
)
_IS = re.compile(r"(?:都)?[是为](?!.{0,12}的[\d,，。])")
_UNDONE = re.compile(r"未[\u4e00-\u9fff]{2,8}(?=[，,。；;、]|$)")
_RULE = re.compile(r"(?:按照?|依)[^，,。；;]*$")
_WHO = re.compile(r"(?:[者员人童工师生]|主任|干部|代表|群众|对象|居民|妇女|专家|骨干|人才)$")
_GRANTED = re.compile(r"资助|补贴|补助|奖励|奖补")
_PER = re.compile(r"每[百千万十]+[名个户人位张]?$")
_COUNTED_IN = frozenset(("人次", "人", "名", "位", "对"))
_HOUSE = re.compile(r"(?:[院园站所馆校]|中心|机构|公司|公墓)$")
_BORNE = re.compile(r"由[^，,。；;]{2,10}(?:承担|负担|支付|补贴|解决)$")
_GIVES = re.compile(r"(?:给予|予以|发放|提供|安排|享受|获得?|可获|补助)(?:最高|不超过)?$")
_PERSONAL = 1e4  # yuan; a smaller sum beside persons is what each gets
_REFLEXIVE = frozenset({"对", "例", "具", "户次", "单", "起"})


@dataclass(frozen=True, slots=True)
class Beside:
    """Reads the phrases beside the numbers of one text."""

    gaps: Gaps

    def own(self, slot: Slot) -> Measure | None:
        """The phrase in the slot's own clause: before the number or after it."""
        before = (self._short_item(slot) if slot.listed else None) or self.gaps.before(slot.gap, slot.amount.unit)
        before = self._without_each(before) if before is not None else None
        if before is not None and not self._names(slot, before):
            before = None
        start, end = slot.rest
        rest = (start + self.gaps.text.startswith("的", start), end)
        if slot.amount.unit == "个" and (region := _REGIONS.match(self.gaps.text, *rest)):
            return Measure(*region.span(), "after")
        people = slot.amount.unit in _PEOPLE
        if (
            before is not None
            and slot.amount.unit == "元"
            and _PERSONS.search(self.gaps.text, before.start, before.end)
            and slot.amount.high < _PERSONAL
            and (
                "每人" in slot.before(self.gaps.text)
                or not any(self.gaps.text.startswith(verb, before.start) for verb in lexicon().content)
            )
        ):
            before = None  # 津贴标准为…，百岁老人每人每月600元: who gets it
        if before is not None and _BY.search(slot.before(self.gaps.text)) and _PAYER.search(self.gaps.text, before.start, before.end):
            before = None  # 区财政按每人每年150元: who pays
        if before is not None and slot.amount.unit in _COUNTED_IN and _HOUSE.search(self.gaps.text, before.start, before.end):
            before = None  # 其中福安陵园2.4万人次: where, not what
        if payer := _BORNE.search(slot.before(self.gaps.text)):
            before = self.gaps.before((slot.gap[0], slot.gap[0] + payer.start()), "元") or before  # 保费由财政承担80%
        grows = _GROWS.match(self.gaps.text, *rest)
        houses = slot.amount.unit in _HOUSES
        after = phrase_after(self.gaps.text, rest, self.gaps.tag, people, houses) if rest[1] > rest[0] and not grows else None
        if slot.amount.unit in LENGTHS and not (after and _GIVEN.search(self.gaps.text, after.start, after.end)):
            after = None  # 8小时 of something only when it is given: 志愿服务, 岗前培训
        if after is None and (before is None or before.generic):
            after = self._predicate(rest) if people or slot.amount.unit == "人次" else self._undone(rest)
        if before is None and after is None:
            before = self._before_rule(slot)
        if slot.amount.unit == "%" and (named := _IS.match(self.gaps.text, *rest)):
            return self.measure(phrase_after(self.gaps.text, (named.end(), rest[1]), self.gaps.tag), "after")  # 其中六成是60周岁以上老人
        goal = self._paid_for(slot, after) if slot.amount.unit in _SUMS else None
        if goal is None and before is None and after is not None and self.gaps.text[after.start : after.end] in _RATES:
            return None  # 按每人150元的标准: the standard of something named elsewhere
        if goal is not None or (after is not None and self._prefer_after(slot, before, after)):
            return self.measure(goal or after, "after")
        return self.measure(before, "before") if before is not None and not before.generic else None

    def _predicate(self, rest: Span) -> Phrase | None:
        """What persons do or get, where no noun names them: 5.9万人享受城市居民最低生活保障, 369人报名参加考试, 82人通过."""
        if done := _DONE.match(self.gaps.text, *rest):
            return Phrase(*done.span())
        enjoyed = _ENJOYS.match(self.gaps.text, *rest)
        goal = phrase_after(self.gaps.text, (enjoyed.end(), rest[1]), self.gaps.tag) if enjoyed else None
        if goal and enjoyed and enjoyed.group().startswith(("报名", "报考")):
            return replace(goal, start=enjoyed.start())
        return goal

    def _undone(self, rest: Span) -> Phrase | None:
        """55家未按规定参检."""
        undone = _UNDONE.match(self.gaps.text, *rest)
        return Phrase(*undone.span()) if undone else None

    def _before_rule(self, slot: Slot) -> Phrase | None:
        """What a rule is about: 运营补贴|按收住失能老人每人每月400元发放, 管理费|按20年收取."""
        start = slot.gap[0]
        rule = _RULE.search(slot.before(self.gaps.text))
        phrase = self.gaps.before((start, start + rule.start()), "元") if rule else None
        return phrase if phrase and MONEY.search(self.gaps.text, phrase.start, phrase.end) else None

    def measure(self, phrase: Phrase | None, how: str) -> Measure | None:
        kept = self.gaps.trimmed(phrase.start, phrase.end) if phrase else None
        return Measure(*kept, how) if kept else None

    def _paid_for(self, slot: Slot, after: Phrase | None) -> Phrase | None:
        """What a sum at a rate is for: 按每站8万元的标准列支运行经费, 按3万元/站给予建设补助."""
        at_rate = after is not None and self.gaps.text[after.start : after.end] in _RATES
        if not at_rate and not _BY.search(slot.before(self.gaps.text)):
            return None
        start = after.end if at_rate and after else slot.rest[0]
        goal = (
            phrase_before(self.gaps.text, (start, slot.rest[1]), self.gaps.tag, self.gaps.cover.touches) if start < slot.rest[1] else None
        )
        granted = goal and (not goal.verbal or _GRANTED.fullmatch(self.gaps.text, goal.start, goal.end))
        return self.gaps.without_verb(goal) if goal and granted else None

    def _without_each(self, before: Phrase) -> Phrase | None:
        """The phrase without the denominator that it starts with: 每个街道安排15万元 counts no streets."""
        if _PER.search(self.gaps.text, max(0, before.start - 4), before.start):
            return None  # 平均每千名|留守儿童不足1名
        if self.gaps.text[before.start - 1 : before.start] == "每" and self.gaps.text[before.start] in "百千万十":
            return None  # 平均每百户居民配备0.6人
        each = _EACH.search(self.gaps.text, max(0, before.start - 5), before.start)
        if each is None:
            return before
        noun = first_noun(self.gaps.text, (before.start, before.end), self.gaps.tag)
        if len(noun) == before.end - before.start and each.group()[1] in "例具户" and MONEY.search(noun):
            return before  # 每例奖补3000元
        return replace(before, start=before.start + len(noun)) if 0 < len(noun) < before.end - before.start else None

    def _names(self, slot: Slot, before: Phrase) -> bool:
        """Whether a phrase can be what the amount measures: a length of time needs a noun like 时限, a list's second verb adds none."""
        if slot.amount.unit in LENGTHS:
            return bool(TIMED.search(self.gaps.text[before.start : before.end]) or _GIVEN.search(self.gaps.text[before.start : before.end]))
        return not (before.verbal and _REDONE.search(self.gaps.text, before.start, slot.amount.start))

    def _short_item(self, slot: Slot) -> Phrase | None:
        """A list's item that is no noun phrase: 、基本合格78家、不合格21家."""
        start, end = slot.gap
        end -= self.gaps.text.startswith("的", end - 1)  # 良好的7家
        item = self.gaps.text[start:end]
        if item in lexicon().areas:
            return Phrase(start, end)
        if not 2 <= len(item) <= 4 or item[0] in "（(" or LINK.search(item) or _GRADED.fullmatch(item):
            return None
        verbs = lexicon().light | lexicon().content
        return None if any(word in verbs for word, _ in self.gaps.tag(item)) else Phrase(start, end)

    def _prefer_after(self, slot: Slot, before: Phrase | None, after: Phrase) -> bool:
        """Counts stand before their noun (400余名社工), sums and sizes after it (资金12万元)."""
        counts = slot.amount.unit not in _REFLEXIVE and kind_of(slot.amount.unit or "") in ("count", "people", None)
        text = self.gaps.text
        if slot.amount.unit == "元" and MONEY.search(text, after.start, after.end) and _GIVES.search(slot.before(text)):
            return True  # 按面积给予5万元建设补贴
        if before is None or before.generic:
            paid = slot.amount.unit == "元" and MONEY.search(self.gaps.text, after.start, after.end)  # 分别给予3万元、2万元奖励
            return not after.weak or counts or bool(paid) or self.gaps.text[slot.amount.tail : slot.amount.tail + 1] == "的"
        if slot.amount.unit == "%" and text[before.start : before.end].endswith(("率", "占比", "比例", "比重")):
            return False  # 对入住率低于50%的机构
        if before.weak:
            return not after.weak or counts
        if slot.amount.unit in _PEOPLE and _WHO.search(text, before.start, before.end) and not _WHO.search(text, after.start, after.end):
            return False  # 儿童主任108名|轮流值守
        return counts and not after.weak
