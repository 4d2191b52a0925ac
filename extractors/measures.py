"""What each number counts: the noun phrase before it, after it, or carried over from its neighbours.

配备社工400余名 · 400余名社工 · 养老机构742个，比上年增长3.6% · 社会团体、基金会分别为13,902家和197家.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.clauses import Slot, split_clauses
from extractors.nouns import Covered, Phrase, Tagger, lexicon, phrase_after, phrase_before, subject_of, words_of
from extractors.spans import Cover, Span
from extractors.units import kind_of

LINK = re.compile(
    r"""(?:\s|每个?[\u4e00-\u9fff]{1,6}拥有|[拥具设配建含持]有|已经?|均|分别|累计|总计|共计|合计|总共|一共|共有|共|达到|达成|达|[为是有计仅只就将可也还再约近超逾要应须需占]|大约|接近|将近|超过|突破|不足|不到|不满
      | 不得?(?:少于|低于|小于|超过|高于|多于|大于|短于|长于)|至少|最少|最[低高多]|至多|高于|低于|多于|少于|平均|一般|原则上|按|按照|左右|合
      | (?:增加|增长|上升|提高|提升|扩大|扩展|发展|下降|降低|减少|压缩|缩短|控制|保持|稳定|维持|调整|提标|上调|延长|扩面|提速|升级|压减|扩充|充实|壮大|拓展|延伸|压降|攀升|跃升|增配|回升|缩减|精简|扩容)(?:到了|到|至|在|为)|[增升降提减]至|[增升降提减达]到|达至|了|从|由|到|至|在|以|等
      | 每(?:[百千万]|十万)?[人名户站县镇乡村街月年日天餐次周个家张季半份所处例件场区市省班组位床户]{1,2}|每
      | 人均|户均|[日月年]均|同比|环比|(?:较|(?<!占)比|[与同和])[^，,。；;、]{1,12}?(?:同期|以前|[年月季度底末初期]|相比)(?:相比|末|底|初)?
      | (?:净|小幅|大幅|共|再|又|各)?(?:增长|增加|增幅|增|上升|提高|提升|扩大|下降|降低|减少|回落|减|多|少|降幅|降|上涨|上浮|上调|下调|缩短|压缩|压减|翻)(?:了|约|近|超过?|逾)*)+$""",
    re.VERBOSE,
)
_SHARE_OF = re.compile(r"占(?!比|地|用)(?:到|了)?(?P<whole>[^，,。；;占]{2,30}?)的?$")
_SHARE_NAMED = re.compile(r"占[^，,。；;占]{2,24}(?:比例|比重|比)$")
_WHO = re.compile(r"(?P<who>[^，,。；;、]{2,24}?)的(?:就|共|约|近|已)?(?:有|占|达|为)(?:到|了|约|近|超)?$")
_TO = re.compile(r"(?:到|至|为)\s*(?:约|近|超)?$")
_BY = re.compile(r"[按以](?:照)?(?:每[\u4e00-\u9fff]{1,3})*(?:不低于|不少于|不超过|最高)?$")
_RESPECTIVELY = re.compile(r"分别")
_ITEMS = re.compile(r"[、]|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff])|以及")
_PEOPLE = frozenset("名人位")
_TIME = frozenset({"年", "天", "日", "小时", "个月", "分钟", "工作日", "个工作日", "周"})
_SUMS = frozenset({"元", "平方米", "名", "人", "张"})
_FOUNDED = re.compile(r"(?:新建|新增|新设立?|增设|建成|建有|设立|配备|新开发)(?=[\u4e00-\u9fff])")
_AGED = re.compile(r"\d{1,3}(?:[-—~至]\d{1,3})?$")  # 60 in 60岁及以上人口
_GRADED = re.compile(r"[一二三四甲乙丙][级类档等]|.{1,2}级")
_REDONE = re.compile(r"改造|提升|改建|扩建|修缮|升级|续建|更新")
_TIMED = re.compile(r"(?:时限|期限|有效期|时间|时长|周期|工期|服务期|寿命|年限|期|时数)$")
_REGIONS = re.compile(  # 8个省（市）社会组织 counts the provinces, 161个街镇社工站全覆盖 the townships
    r"(?:旗县市区?|县市区?|市州|设区市|区县|县区|旗县|省份?|地?市|[县区州旗盟])(?:[（(][^（）()]{1,10}[)）])?(?![级直属域情委政长办辖\u4e00-\u9fff]*?[站点室中心])(?![级直属域情委政长办辖])"
    r"|(?:街镇|镇街|乡镇|街道|社区|行政村|村)(?:[（(][^（）()]{1,10}[)）])?(?=[\u4e00-\u9fff]{0,8}全覆盖)"
)
_REFLEXIVE = frozenset({"对", "例", "具", "户次", "单", "起"})
_MODIFIERS = re.compile(r"(?:城市|城镇|本级|全日|日间|农村|城镇|城乡|男性?|女性?|[省市县区镇村]级|全?日?托|集中|分散|集中供养|分散供养|困难|重度|.{1,3}(?:性|型|级|式|类|等|星))$")


@dataclass(frozen=True, slots=True)
class Measure:
    """The phrase `text[start:end]`, how it was found, and the place spans that a list hands out (index into areas)."""

    start: int
    end: int
    how: str  # before | after | list | carried | paired | subject
    area: int | None = None


class Measurer:
    """Finds the measure of every slot of one text; state is the sentence walked so far."""

    def __init__(self, text: str, tag: Tagger, cover: Cover, areas: Sequence[Span]) -> None:
        self._text, self._tag, self._cover, self._areas = text, tag, cover, areas
        self._covered: Covered = cover.touches

    def measures(self, slots: Sequence[Slot], carried: Measure | None) -> list[Measure | None]:
        """One measure (or None) for each slot of a sentence; `carried` is the last one of the sentence before."""
        found: list[Measure | None] = []
        runs = _runs(self._text, slots)
        for i, slot in enumerate(slots):
            run = runs[i]
            if run is not None and len(run) > 1 and i == run[0]:
                listed = self._distribute([slots[j] for j in run], next((m for m in reversed(found) if m), None))
                if listed is not None:
                    found.extend(listed)
            if len(found) > i:
                continue
            own = self._own(slot)
            found.append(own if own is not None else self._carry(slots, i, run, found, carried))
        return found

    def _own(self, slot: Slot) -> Measure | None:
        """The phrase in the slot's own clause: before the number or after it."""
        before = self._before(slot.gap, slot.amount.unit)
        if slot.listed and (whole := self._short_item(slot)):
            before = whole
        if before is not None and not self._names(slot, before):
            before = None
        rest = self._rest(slot)
        people = slot.amount.unit in _PEOPLE
        if slot.amount.unit == "个" and (region := _REGIONS.match(self._text, *rest)):
            return Measure(region.start(), region.end(), "after")
        after = phrase_after(self._text, rest, self._tag, people) if rest[1] > rest[0] and slot.amount.unit not in _TIME else None
        if slot.amount.unit in _SUMS and (goal := self._paid_for(slot, after)):
            return self._trim(Measure(goal.start, goal.end, "after"))
        if after is not None and self._prefer_after(slot, before, after):
            return self._trim(Measure(after.start, after.end, "after"))
        if before is not None and not before.generic:
            return self._trim(Measure(before.start, before.end, "before"))
        return None

    def _paid_for(self, slot: Slot, after: Phrase | None) -> Phrase | None:
        """What a sum at a rate is for: 按每站8万元的标准列支运行经费, 按3万元/站给予建设补助."""
        at_rate = after is not None and self._text[after.start : after.end] in ("标准", "规格", "额度")
        if not at_rate and not _BY.search(slot.before(self._text)):
            return None
        start = after.end if at_rate and after else slot.rest[0]
        goal = phrase_before(self._text, (start, slot.rest[1]), self._tag, self._covered) if start < slot.rest[1] else None
        return self._without_verb(goal) if goal else None

    def _without_verb(self, phrase: Phrase) -> Phrase:
        """发放取暖补贴 → 取暖补贴, where a long enough noun is left."""
        words = words_of(self._text, (phrase.start, phrase.end), self._tag)
        if len(words) > 1 and words[0].text in lexicon().content and phrase.end - words[0].end >= 4:
            return replace(phrase, start=words[0].end)
        return phrase

    def _rest(self, slot: Slot) -> Span:
        start, end = slot.rest
        if self._text[start : start + 1] == "的":
            start += 1
        return (start, end)

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
        if not 2 <= len(item) <= 4 or LINK.search(item) or _GRADED.fullmatch(item):
            return None
        verbs = lexicon().light | lexicon().content
        return None if any(word in verbs for word, _ in self._tag(item)) else Phrase(start, end)

    def _prefer_after(self, slot: Slot, before: Phrase | None, after: Phrase) -> bool:
        """Counts stand before their noun (400余名社工), sums and sizes after it (资金12万元)."""
        counts = slot.amount.unit not in _REFLEXIVE and kind_of(slot.amount.unit or "") in ("count", "people", None)
        if before is None or before.generic:
            return not after.weak or counts or self._text[slot.amount.tail : slot.amount.tail + 1] == "的"
        if before.weak:
            return not after.weak or counts
        return counts and not after.weak

    def _before(self, gap: Span, unit: str | None = None) -> Phrase | None:
        """The phrase that a gap ends with, once 达, 共有, 较上年增长 and the like are cut off."""
        start, end = gap
        if who := _WHO.search(self._text[start:end]):
            return Phrase(start + who.start("who") + 2 * who["who"].startswith("其中"), start + who.end("who"))
        if unit == "%" and (share := _SHARE_OF.search(self._text[start:end])) and not LINK.search(share["whole"]):
            return Phrase(start + share.start("whole"), start + share.end("whole"))
        end, listed = self._cut_links(start, end)
        if end <= start:
            return None
        if unit == "%" and _SHARE_NAMED.search(self._text[start:end]):
            return Phrase(start, end)
        phrase = phrase_before(self._text, (start, end), self._tag, self._covered)
        if phrase and listed:
            word = words_of(self._text, (phrase.start, phrase.end), self._tag)[-1]
            return replace(phrase, start=word.start, weak=True)  # 梅花社区社会工作室等5家: the kind, not the name
        return phrase

    def _cut_links(self, start: int, end: int) -> tuple[int, bool]:
        """The gap's end without linking words, times and places at its end (…由2022年的); whether 等 was among them."""
        listed = False
        while end > start:
            link = LINK.search(self._text[start:end])
            if link:
                end = start + link.start()
                listed = listed or "等" in link.group()
            elif self._text[end - 1] == "的":
                end -= 1
            elif span := self._cover.span_at(end - 1):
                end = max(start, span[0])
            else:
                break
        return end, listed

    def _carry(self, slots: Sequence[Slot], i: int, run: Sequence[int] | None, found: Sequence[Measure | None], last: Measure | None) -> Measure | None:
        """A slot with nothing of its own takes its list's, its sentence's or the last sentence's measure."""
        slot = slots[i]
        previous = self._previous(slots, i, found)
        if slot.amount.unit in _TIME:
            timed = previous is not None and _TIMED.search(self._text[previous.start : previous.end])
            return replace(previous, how="carried") if previous and (timed or _TO.search(slot.before(self._text))) else None
        if previous is not None:
            if run is not None and len(run) > 1 and (i == run[0] or (found[run[0]] or previous).how == "paired"):
                if pair := self._paired(found[: run[0]], len(run)):
                    return replace(pair[run.index(i)], how="paired")  # 分别为A和B，增长C和D
            return self._subject(slot, slots[i - 1].amount.end) or self._bared(previous)
        subject = self._subject(slot, slot.sentence_span[0])
        if subject is not None:
            return subject
        return replace(last, how="carried") if last is not None and LINK.search(slot.before(self._text)) else None

    def _previous(self, slots: Sequence[Slot], i: int, found: Sequence[Measure | None]) -> Measure | None:
        """The measure to carry: after a share (占…的30.8%，比上年增加6.4万人) the one before it, counted in the same unit."""
        unit = slots[i].amount.unit
        wanted = {"百分点": "%"}.get(unit or "", unit)
        for j in range(i - 1, -1, -1):
            if found[j] is not None and slots[j].amount.unit == wanted:
                return found[j]
            if slots[j].amount.unit not in ("%", "倍") and unit != "百分点":
                break
        if not i or (slots[i - 1].amount.unit == "倍" and unit != "倍"):
            return None
        return found[i - 1]

    def _bared(self, measure: Measure) -> Measure:
        """A carried measure leaves its verb behind: 备案社区社会组织 → 社区社会组织."""
        phrase = self._without_verb(Phrase(measure.start, measure.end))
        return Measure(phrase.start, phrase.end, "carried")

    def _paired(self, found: Sequence[Measure | None], count: int) -> list[Measure] | None:
        """The last `count` different measures named before a list of bare numbers."""
        distinct: dict[str, Measure] = {}
        for measure in reversed([m for m in found if m is not None]):
            distinct.setdefault(self._text[measure.start : measure.end], measure)
        pair = list(distinct.values())[:count]
        return pair[::-1] if len(pair) == count else None

    def _subject(self, slot: Slot, start: int) -> Measure | None:
        """The subject of the clauses between `start` and the slot, the nearest that has one."""
        for clause in reversed(split_clauses(self._text, (start, slot.gap[0]))):
            phrase = subject_of(self._text, clause, self._tag, self._covered)
            if phrase is not None:
                return self._trim(Measure(phrase.start, phrase.end, "subject"))
        return None

    def _distribute(self, slots: Sequence[Slot], carried: Measure | None) -> list[Measure | None] | None:
        """Hand out A、B和C分别为1、2和3; None when the text has no such list."""
        first, last = slots[0], slots[-1]
        mark = None
        for mark in _RESPECTIVELY.finditer(self._text, first.sentence_span[0], first.amount.start):
            pass
        if mark is None or first.amount.unit in _TIME:
            return None
        own = self._before((mark.end(), first.amount.start))
        after = self._own(last) if own is None else None
        shared = Measure(own.start, own.end, "list") if own and not own.generic else after if after and after.how == "after" else None
        areas = [i for i, area in enumerate(self._areas) if first.sentence_span[0] <= area[0] < mark.start()][-len(slots) :]
        if len(areas) == len(slots) and self._adjacent(areas):
            base = shared or self._after_areas(self._areas[areas[-1]][1], mark.start()) or carried
            return [replace(base, how="list", area=area) if base else None for area in areas]
        if shared is not None:
            return [self._trim(shared)] * len(slots)
        return self._items(slots, mark.start())

    def _adjacent(self, areas: Sequence[int]) -> bool:
        pairs = zip(areas, areas[1:], strict=False)
        return all(re.fullmatch(r"\s*(?:[、，,和与及]|以及)\s*", self._text[self._areas[a][1] : self._areas[b][0]]) for a, b in pairs)

    def _after_areas(self, start: int, end: int) -> Measure | None:
        """接待量 in 崇明区、奉贤区接待量分别为."""
        clauses = split_clauses(self._text, (start, end))
        for clause in clauses:
            phrase = phrase_after(self._text, clause, self._tag) or subject_of(self._text, clause, self._tag, self._covered)
            if phrase is not None:
                return Measure(phrase.start, phrase.end, "list")
        return None

    def _items(self, slots: Sequence[Slot], end: int) -> list[Measure | None] | None:
        """The items before 分别, one each; a list of modifiers (城市、农村低保对象) is one measure for all."""
        clauses = split_clauses(self._text, (slots[0].sentence_span[0], end))
        for clause in reversed(clauses):
            stop = clause[1] - (self._text[clause[1] - 1] == "的")
            cuts = [m.span() for m in _ITEMS.finditer(self._text, clause[0], stop)]
            edges = [clause[0], *(e for cut in cuts for e in cut), stop]
            parts = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a][-len(slots) :]
            phrases = [self._before(part) for part in parts]
            if len(parts) < len(slots) or any(p is None for p in phrases):
                continue
            if any(_MODIFIERS.fullmatch(self._text[p.start : p.end]) for p in phrases[:-1] if p):
                whole = self._trim(Measure(phrases[0].start, phrases[-1].end, "list")) if phrases[0] and phrases[-1] else None
                return [whole] * len(slots)
            return [self._trim(Measure(p.start, p.end, "list")) for p in phrases if p]
        return None

    def _trim(self, measure: Measure) -> Measure | None:
        """Drop places, 全市 and the like, and stop words from the front."""
        start = measure.start
        if self._text[start - 1 : start] != "占" and (founded := _FOUNDED.match(self._text, start)) and measure.end - founded.end() >= 2:
            start = founded.end()
        while start < measure.end and (self._text[start] in "的、和与及 各其该本" or self._covered(start, start + 1)):
            start += 1
        if self._text.startswith(("岁", "周岁"), start) and (aged := _AGED.search(self._text, max(0, start - 12), start)):
            start = aged.start()
        return replace(measure, start=start) if start < measure.end else None


def _runs(text: str, slots: Sequence[Slot]) -> list[list[int] | None]:
    """For each slot the indices of its list of bare amounts (12个、8个和5个), None when it stands alone."""
    runs: list[list[int] | None] = [None] * len(slots)
    current: list[int] = []
    for i, slot in enumerate(slots):
        bare = bool(current) and slot.listed and not LINK.sub("", slot.before(text)).strip()
        if bare:
            current.append(i)
        else:
            current = [i]
        runs[i] = current
    return runs

