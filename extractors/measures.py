"""What each number counts: the noun phrase before it, after it, or carried over from its neighbours.

配备社工400余名 · 400余名社工 · 养老机构742个，比上年增长3.6% · 社会团体、基金会分别为13,902家和197家.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.clauses import Slot, split_clauses
from extractors.gaps import LINK, Gaps
from extractors.lists import Measure, after_areas, areas_of, find_runs, graded_of, items_of, respectively
from extractors.nouns import Phrase, Tagger, lexicon, phrase_after, phrase_before, subject_of
from extractors.scopes import first_noun
from extractors.spans import Cover, Span
from extractors.units import kind_of

_TO = re.compile(r"(?:到|至|为)\s*(?:约|近|超)?$")
_BY = re.compile(r"[按以](?:照)?(?:每[\u4e00-\u9fff]{1,3})*(?:不低于|不少于|不超过|最高)?$")
_EACH = re.compile(r"每[个名家座所处户位张间套辆只](?:新[建设增]|[改扩]建)?$")
_RATES = frozenset(("标准", "规格", "额度"))
_PAYER = re.compile(r"(?:财政|政府|部门|单位|机构|[局厅委会])$")
_GROWS = re.compile(r"(?:发展|增加|增长|扩大|扩展|提高|提升|壮大|减少|下降|降低|缩减|缩短|上升|跃升|攀升|延长|增|升|降|变)(?:到|至|为|成)")
_MONEY = re.compile(r"(?:金|补贴|补助|津贴|经费|资金|款|费用?|保险|奖励|待遇)$")
_PEOPLE = frozenset("名人位")
_HEADS = frozenset("名人位户")
_GIVEN = re.compile(r"(?:服务|培训|课程|训练|教育)$")
_TIME = frozenset({"年", "天", "日", "小时", "个月", "分钟", "工作日", "个工作日", "周"})
_SUMS = frozenset({"元", "平方米", "名", "人", "张"})
_GRADED = re.compile(r"[一二三四甲乙丙][级类档等]|.{1,2}级")
_COMPARED = re.compile(r"(?:[较比]|同比|环比)[^，,]{0,12}(?:增|减|升|降)")
_REDONE = re.compile(r"改造|提升|改建|扩建|修缮|升级|续建|更新")
_TIMED = re.compile(r"(?:时限|期限|有效期|时间|时长|周期|工期|服务期|寿命|年限|期|时数|半径)$")
_REGIONS = re.compile(  # 8个省（市）社会组织 counts the provinces, 161个街镇社工站全覆盖 the townships
    r"(?:省区市|省市|旗县市区?|县市区?|市州|设区市|区县|县区|旗县|省份?|地?市|[县区州旗盟])(?:[（(][^（）()]{1,10}[)）])?(?![级直属域情委政长办辖\u4e00-\u9fff]*?[站点室中心])(?![级直属域情委政长办辖])"
    r"|(?:街镇|镇街|乡镇|街道|社区|行政村|村)(?:[（(][^（）()]{1,10}[)）])?(?=[\u4e00-\u9fff]{0,8}全覆盖)"
)
_RANKED = re.compile(
    r"创[^，,。；;]{0,6}新[高低]|历史最[高低好]|(?:位?居|位?列|排名?)[^，,。；;]{0,8}(?:第|前)"
)  # says how a number ranks, names nothing
_ENJOYS = re.compile(r"(?:正在|已|依法)?(?:享受|享有|纳入|领取|获得|取得|持有|接受|参加|参与|申请|申领|报名参加|报考)(?:了|到|过)?")
_ITEM_MARK = re.compile(r"[、和与及](?=[^，,。；;]{2,})")
_REFLEXIVE = frozenset({"对", "例", "具", "户次", "单", "起"})

Found = Sequence[Measure | None]


class Measurer:
    """Finds the measure of every slot of one text."""

    def __init__(self, text: str, tag: Tagger, cover: Cover, areas: Sequence[Span]) -> None:
        self._text, self._tag, self._areas = text, tag, areas
        self._gaps = Gaps(text, tag, cover)
        self._covered = cover.touches

    def measures(self, slots: Sequence[Slot], carried: Measure | None) -> list[Measure | None]:
        """One measure (or None) for each slot of a sentence; `carried` is the last one of the sentence before."""
        found: list[Measure | None] = []
        runs = find_runs(self._text, slots)
        for i, slot in enumerate(slots):
            if len(runs[i]) > 1 and i == runs[i][0]:
                last = next((m for m in reversed(found) if m), None)
                found.extend(self._distribute([slots[j] for j in runs[i]], slots[max(0, i - 20) : i], found, last) or [])
            if len(found) > i:
                continue
            found.append(self._exemplified(slots, i, found) or self._own(slot) or self._carry(slots, i, runs[i], found, carried))
        return found

    def _exemplified(self, slots: Sequence[Slot], i: int, found: Found) -> Measure | None:
        """甲协会等6家社会组织为5A级，乙商会等11家为4A级: the second list counts what the first does."""
        if not i or not all(slot.before(self._text).endswith("等") for slot in slots[i - 1 : i + 1]):
            return None
        first = found[i - 1]
        alike = first is not None and first.how in ("after", "carried") and slots[i].amount.unit == slots[i - 1].amount.unit
        bare = phrase_after(self._text, slots[i].rest, self._tag) is None
        return replace(first, how="carried") if first is not None and alike and bare else None

    def _own(self, slot: Slot) -> Measure | None:
        """The phrase in the slot's own clause: before the number or after it."""
        before = (self._short_item(slot) if slot.listed else None) or self._gaps.before(slot.gap, slot.amount.unit)
        before = self._without_each(before) if before is not None else None
        if before is not None and not self._names(slot, before):
            before = None
        start, end = slot.rest
        rest = (start + self._text.startswith("的", start), end)
        if slot.amount.unit == "个" and (region := _REGIONS.match(self._text, *rest)):
            return Measure(*region.span(), "after")
        people = slot.amount.unit in _PEOPLE
        if before is not None and _BY.search(slot.before(self._text)) and _PAYER.search(self._text, before.start, before.end):
            before = None  # 区财政按每人每年150元: who pays
        grows = _GROWS.match(self._text, *rest)
        after = phrase_after(self._text, rest, self._tag, people) if rest[1] > rest[0] and not grows else None
        if slot.amount.unit in _TIME and not (after and _GIVEN.search(self._text, after.start, after.end)):
            after = None  # 8小时 of something only when it is given: 志愿服务, 岗前培训
        if people and after is None and (before is None or before.generic) and (enjoyed := _ENJOYS.match(self._text, *rest)):
            after = phrase_after(self._text, (enjoyed.end(), rest[1]), self._tag)  # 5.9万人享受城市居民最低生活保障
        goal = self._paid_for(slot, after) if slot.amount.unit in _SUMS else None
        if goal is None and before is None and after is not None and self._text[after.start : after.end] in _RATES:
            return None  # 按每人150元的标准: the standard of something named elsewhere
        if goal is not None or (after is not None and self._prefer_after(slot, before, after)):
            return self._measure(goal or after, "after")
        return self._measure(before, "before") if before is not None and not before.generic else None

    def _measure(self, phrase: Phrase | None, how: str) -> Measure | None:
        kept = self._gaps.trimmed(phrase.start, phrase.end) if phrase else None
        return Measure(*kept, how) if kept else None

    def _paid_for(self, slot: Slot, after: Phrase | None) -> Phrase | None:
        """What a sum at a rate is for: 按每站8万元的标准列支运行经费, 按3万元/站给予建设补助."""
        at_rate = after is not None and self._text[after.start : after.end] in _RATES
        if not at_rate and not _BY.search(slot.before(self._text)):
            return None
        start = after.end if at_rate and after else slot.rest[0]
        goal = phrase_before(self._text, (start, slot.rest[1]), self._tag, self._covered) if start < slot.rest[1] else None
        return self._gaps.without_verb(goal) if goal else None

    def _without_each(self, before: Phrase) -> Phrase | None:
        """The phrase without the denominator that it starts with: 每个街道安排15万元 counts no streets."""
        if self._text[before.start - 1 : before.start] == "每" and self._text[before.start] in "百千万十":
            return None  # 平均每百户居民配备0.6人
        each = _EACH.search(self._text, max(0, before.start - 5), before.start)
        if each is None:
            return before
        noun = first_noun(self._text, (before.start, before.end), self._tag)
        return replace(before, start=before.start + len(noun)) if 0 < len(noun) < before.end - before.start else None

    def _names(self, slot: Slot, before: Phrase) -> bool:
        """Whether a phrase can be what the amount measures: a length of time needs a noun like 时限, a list's second verb adds none."""
        if slot.amount.unit in _TIME:
            return bool(_TIMED.search(self._text[before.start : before.end]))
        return not (slot.listed and before.verbal and _REDONE.search(self._text, before.start, slot.amount.start))

    def _short_item(self, slot: Slot) -> Phrase | None:
        """A list's item that is no noun phrase: 、基本合格78家、不合格21家."""
        start, end = slot.gap
        item = self._text[start:end]
        if item in lexicon().areas:
            return Phrase(start, end)
        if not 2 <= len(item) <= 4 or item[0] in "（(" or LINK.search(item) or _GRADED.fullmatch(item):
            return None
        verbs = lexicon().light | lexicon().content
        return None if any(word in verbs for word, _ in self._tag(item)) else Phrase(start, end)

    def _prefer_after(self, slot: Slot, before: Phrase | None, after: Phrase) -> bool:
        """Counts stand before their noun (400余名社工), sums and sizes after it (资金12万元)."""
        counts = slot.amount.unit not in _REFLEXIVE and kind_of(slot.amount.unit or "") in ("count", "people", None)
        if before is None or before.generic:
            paid = slot.amount.unit == "元" and _MONEY.search(self._text, after.start, after.end)  # 分别给予3万元、2万元奖励
            return not after.weak or counts or bool(paid) or self._text[slot.amount.tail : slot.amount.tail + 1] == "的"
        if before.weak:
            return not after.weak or counts
        return counts and not after.weak

    def _carry(self, slots: Sequence[Slot], i: int, run: Sequence[int], found: Found, last: Measure | None) -> Measure | None:
        """A slot with nothing of its own takes its list's, its sentence's or the last sentence's measure."""
        slot = slots[i]
        gap = slot.before(self._text)
        previous = self._previous(slots, i, found)
        if slot.amount.unit in _TIME:
            timed = previous is not None and _TIMED.search(self._text[previous.start : previous.end])
            if self._text.startswith(("内", "之内", "以内"), slot.amount.end) and not (timed and _TO.search(gap)):
                return None  # 3个工作日内作出确认
            return replace(previous, how="carried") if previous and (timed or _TO.search(gap)) else None
        if previous is None:
            subject = self._subject(slot, slot.sentence_span[0])
            goes_on = LINK.search(gap[-80:]) or gap.startswith("其中") or slot.listed
            return subject or (replace(last, how="carried") if last is not None and goes_on else None)
        paired = len(run) > 1 and (i == run[0] or (found[run[0]] or previous).how == "paired")
        if paired and (pair := self._paired(found[max(0, run[0] - 20) : run[0]], len(run))):
            return replace(pair[run.index(i)], how="paired")  # 分别为A和B，增长C和D
        if gap.startswith("其中") and {slot.amount.unit, slots[i - 1].amount.unit} <= _HEADS:
            return self._bared(previous)  # 为8902名老年人建立健康档案，其中80岁以上1104人
        return self._subject(slot, slots[i - 1].amount.end) or self._bared(previous)

    def _previous(self, slots: Sequence[Slot], i: int, found: Found) -> Measure | None:
        """The measure to carry: after a share (占…的30.8%，比上年增加6.4万人) the one before it, counted in the same unit."""
        if (total := self._total(slots, i)) is not None:
            return found[total]
        unit = slots[i].amount.unit
        wanted = {"百分点": "%"}.get(unit or "", unit)
        for j in range(i - 1, -1, -1):
            if found[j] is not None and slots[j].amount.unit == wanted:
                return found[j]
            if found[j] is not None and wanted in _HEADS and slots[j].amount.unit in _HEADS:
                return found[j]
            parts = wanted in _HEADS and slots[j].amount.unit == "元" and "其中" in slots[i].before(self._text)
            near = "；" not in self._text[slots[j].amount.end : slots[i].amount.start]
            each = wanted == "元" and slots[j].amount.unit in _HEADS and "均" in slots[i].before(self._text) and near
            if slots[j].amount.unit not in ("%", "倍", "番") and unit != "百分点" and not (parts or each):
                break
        if not i or (slots[i - 1].amount.unit == "倍" and unit != "倍"):
            return None
        return found[i - 1]

    def _total(self, slots: Sequence[Slot], i: int) -> int | None:
        """The total that a change after two or more parts is told of: 共120家，其中甲类80家、乙类40家，较上年净增9家."""
        if not _COMPARED.match(slots[i].before(self._text)):
            return None
        for j in range(i - 1, max(0, i - 8), -1):
            if slots[j].before(self._text).startswith("其中"):
                whole = slots[j - 1].amount.unit
                parts = sum(slot.amount.unit == whole for slot in slots[j:i])
                return j - 1 if parts > 1 and slots[i].amount.unit in (whole, "%", "倍") else None
        return None

    def _bared(self, measure: Measure) -> Measure:
        """A carried measure leaves its verb behind: 备案社区社会组织 → 社区社会组织."""
        phrase = self._gaps.without_verb(Phrase(measure.start, measure.end))
        return Measure(phrase.start, phrase.end, "carried")

    def _paired(self, found: Found, count: int) -> list[Measure] | None:
        """The last `count` different measures named before a list of bare numbers."""
        distinct: dict[str, Measure] = {}
        for measure in reversed([m for m in found if m is not None]):
            distinct.setdefault(self._text[measure.start : measure.end], measure)
        pair = list(distinct.values())[:count]
        return pair[::-1] if len(pair) == count else None

    def _subject(self, slot: Slot, start: int) -> Measure | None:
        """The subject of the clauses between `start` and the slot, the nearest that has one."""
        for clause in reversed(split_clauses(self._text, (start, slot.gap[0]))):
            if _RANKED.search(self._text, *clause):
                continue
            phrase = subject_of(self._text, clause, self._tag, self._covered)
            paid = self._gaps.before(clause) if slot.amount.unit == "元" else None
            if paid is not None and _MONEY.search(self._text, paid.start, paid.end):
                phrase = paid  # 为百岁老人送上慰问金，每人1000元
            if phrase is not None:
                return self._measure(phrase, "subject")
        return None

    def _distribute(
        self, slots: Sequence[Slot], earlier: Sequence[Slot], found: Found, carried: Measure | None
    ) -> list[Measure | None] | None:
        """Hand out A、B和C分别为1、2和3; None when the text has no such list, or when the numbers before name its items
        (A提高到1，B提高到2，分别增长3和4)."""
        first, last = slots[0], slots[-1]
        mark = respectively(self._text, first)
        if mark is None or first.amount.unit in _TIME:
            return None
        own = self._own(first) if any(slot.amount.start > mark for slot in earlier) else None
        if own is not None and own.how == "after":
            return None  # the 分别 is that of other numbers: …，共有38万名困难残疾人、62万名重度残疾人
        span = (first.sentence_span[0], mark)
        shared = self._shared(first, last, mark)
        areas = areas_of(self._text, self._areas, span, len(slots))
        if areas is not None:
            base = shared or after_areas(self._gaps, self._areas[areas[-1]][1], mark) or self._whole(earlier, found) or carried
            return [replace(base, how="list", area=area) if base else None for area in areas]
        if shared is not None:
            return [shared] * len(slots)
        near = (max([span[0], *(slot.amount.tail for slot in earlier if slot.amount.tail <= mark)]), mark)
        named = self._paired(found[max(0, len(found) - len(earlier)) :], len(slots)) is not None
        graded = graded_of(self._gaps, (max(span[0], self._text.rfind("；", *span)), mark))
        return [graded] * len(slots) if graded else items_of(self._gaps, near if named else span, len(slots))

    def _whole(self, earlier: Sequence[Slot], found: Found) -> Measure | None:
        """The measure of the total before its parts: 共120家，其中甲类80家、乙类40家；市、县分别为30家和90家."""
        offset = len(found) - len(earlier)
        for i in range(len(earlier) - 1, 0, -1):
            if earlier[i].before(self._text).startswith("其中"):
                rise = next((j for j in range(i - 1, -1, -1) if not _COMPARED.match(earlier[j].before(self._text))), i - 1)
                return found[offset + rise]
        return None

    def _shared(self, first: Slot, last: Slot, mark: int) -> Measure | None:
        """The noun between 分别 and the first number, or after the last number, that all numbers of a list count."""
        own = self._gaps.before((mark + len("分别"), first.amount.start))
        if own is not None and own.verbal and _ITEM_MARK.search(self._text, max(0, mark - 40), mark):
            return None  # 生活补贴、护理补贴分别惠及3万人、4万人
        if own is not None:
            return None if own.generic else self._measure(own, "list")
        after = self._own(last)
        return replace(after, how="list") if after and after.how == "after" else None
