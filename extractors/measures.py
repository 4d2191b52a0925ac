"""What each number counts: the noun phrase before it, after it, or carried over from its neighbours.

配备社工400余名 · 400余名社工 · 养老机构742个，比上年增长3.6% · 社会团体、基金会分别为13,902家和197家.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.beside import LENGTHS, MONEY, TIMED, Beside
from extractors.clauses import Slot, split_clauses
from extractors.gaps import LINK, Gaps
from extractors.lexicon import lexicon, words_of
from extractors.lists import RANKED, Measure, after_areas, areas_of, find_runs, graded_of, items_of, respectively
from extractors.nouns import Phrase, phrase_after, subject_of
from extractors.spans import Span

_TO = re.compile(r"(?:到|至|为)\s*(?:约|近|超)?$")
_HEADS = frozenset("名人位户")
_COMPARED = re.compile(r"(?:[较比]|同比|环比)[^，,]{0,12}(?:增|减|升|降)")
_REDONE = re.compile(r"(?:计划|拟|已|已完成|完成)(?:改造|提升|建设|建成|办理)?$")
_MOST = re.compile("最[\u4e00-\u9fff]{1,2}$")
_TASK = re.compile(r"目标|任务|剩|余下|补齐|投用|完成")
_ITEM_MARK = re.compile(r"[、和与及](?=[^，,。；;]{2,})")


Found = Sequence[Measure | None]


class Measurer:
    """Finds the measure of every slot of one text."""

    def __init__(self, gaps: Gaps, areas: Sequence[Span]) -> None:
        self._text, self._tag, self._areas = gaps.text, gaps.tag, areas
        self._gaps, self._beside, self._covered = gaps, Beside(gaps), gaps.cover.touches

    def measures(self, slots: Sequence[Slot], carried: Mapping[str | None, Measure]) -> list[Measure | None]:
        """One measure (or None) for each slot of a sentence; `carried`: those of the sentence before by unit, its last one by None."""
        found: list[Measure | None] = []
        runs = find_runs(self._text, slots)
        for i, slot in enumerate(slots):
            if len(runs[i]) > 1 and i == runs[i][0]:
                last = self._latest(slot, slots, found, carried)
                found.extend(self._distribute([slots[j] for j in runs[i]], slots[max(0, i - 20) : i], found, last) or [])
            if len(found) > i:
                continue
            own = self._exemplified(slots, i, found) or self._beside.own(self._after_last(slot, found))
            found.append(own or self._carry(slots, i, runs, found, carried))
        return found

    def _latest(self, slot: Slot, slots: Sequence[Slot], found: Found, before: Mapping[str | None, Measure]) -> Measure | None:
        """The last measure counted in a slot's unit, in its sentence or the one before; else the last of all."""
        alike = [m for m, other in zip(found, slots, strict=False) if m is not None and other.amount.unit == slot.amount.unit]
        return next(reversed(alike), None) or before.get(slot.amount.unit) or next((m for m in reversed(found) if m), None)

    def _after_last(self, slot: Slot, found: Found) -> Slot:
        """The slot without the noun that the number before counts: 37支流动服务队|行程19万公里."""
        last = found[-1] if found else None
        taken = last is not None and last.how == "after" and slot.gap[0] <= last.start and last.end < slot.gap[1]
        return replace(slot, gap=(last.end, slot.gap[1])) if taken and last else slot

    def _exemplified(self, slots: Sequence[Slot], i: int, found: Found) -> Measure | None:
        """甲协会等6家社会组织为5A级，乙商会等11家为4A级: the second list counts what the first does."""
        if not i or not all(slot.before(self._text).endswith("等") for slot in slots[i - 1 : i + 1]):
            return None
        first = found[i - 1]
        alike = first is not None and first.how in ("after", "carried") and slots[i].amount.unit == slots[i - 1].amount.unit
        bare = phrase_after(self._text, slots[i].rest, self._tag) is None
        return replace(first, how="carried") if first is not None and alike and bare else None

    def _carry(
        self, slots: Sequence[Slot], i: int, runs: Sequence[Sequence[int]], found: Found, before: Mapping[str | None, Measure]
    ) -> Measure | None:
        """A slot with nothing of its own takes its list's, its sentence's or the last sentence's measure."""
        slot, run = slots[i], runs[i]
        if (verb := self._verb(slot, slots[:i], found, before)) is not None:
            return verb
        last = before.get(slot.amount.unit) or before.get(None)
        gap = slot.before(self._text)
        previous = self._previous(slots, i, found)
        if slot.amount.unit in LENGTHS:
            timed = previous is not None and TIMED.search(self._text[previous.start : previous.end])
            if self._text.startswith(("内", "之内", "以内"), slot.amount.end) and not (timed and _TO.search(gap)):
                return None  # 3个工作日内作出确认
            return replace(previous, how="carried") if previous and (timed or _TO.search(gap)) else None
        if previous is None:
            subject = self._subject(slot, slot.sentence_span[0])
            opens = self._text.startswith("其中", slot.sentence_span[0])
            goes_on = (
                opens
                or _TASK.search(gap)
                or LINK.search(gap[-80:])
                or _REDONE.search(gap)
                or gap.startswith(("其中", "其余", "另有", "剩余"))
                or slot.listed
            )
            return subject or (replace(last, how="carried") if last is not None and goes_on else None)
        if (twin := self._twin(runs, i, found)) is not None:
            return twin
        paired = len(run) > 1 and (i == run[0] or (found[run[0]] or previous).how == "paired")
        if paired and (pair := self._paired(found[max(0, run[0] - 20) : run[0]], len(run))):
            return replace(pair[run.index(i)], how="paired")  # 分别为A和B，增长C和D
        if gap.startswith("其中") and {slot.amount.unit, slots[i - 1].amount.unit} <= _HEADS:
            return self._bared(previous)  # 为8902名老年人建立健康档案，其中80岁以上1104人
        return self._subject(slot, slots[i - 1].amount.end) or self._bared(previous)

    def _verb(self, slot: Slot, earlier: Sequence[Slot], found: Found, before: Mapping[str | None, Measure]) -> Measure | None:
        """改造8.7万户: the verb alone, where nothing else is counted in the unit."""
        phrase = self._gaps.before(slot.gap, slot.amount.unit)
        alike = any(m is not None and s.amount.unit == slot.amount.unit for s, m in zip(earlier, found, strict=False))
        if phrase is None or not phrase.verbal or slot.amount.unit in LENGTHS or alike or slot.amount.unit in before:
            return None
        return self._beside.measure(phrase, "before")

    def _twin(self, runs: Sequence[Sequence[int]], i: int, found: Found) -> Measure | None:
        """The measure at the same place in the list right before: 分别为A和B，同比增长C和D."""
        first, size = runs[i][0], len(runs[i])
        if size < 2 or first < size or len(runs[first - 1]) != size:
            return None
        twin, opened = found[i - size], found[first - size]
        follows = i == first or (found[first] is not None and opened is not None and self._bared(opened) == found[first])
        return self._bared(twin) if twin is not None and follows else None

    def _previous(self, slots: Sequence[Slot], i: int, found: Found) -> Measure | None:
        """The measure to carry: after a share (占…的30.8%，比上年增加6.4万人) the one before it, counted in the same unit."""
        if (total := self._total(slots, i)) is not None:
            return found[total]
        unit = slots[i].amount.unit
        if i and slots[i - 1].amount.end == slots[i].amount.start:
            return found[i - 1]  # 退出33户64人
        if unit not in ("元", "%", "百分点", "倍", "番", *LENGTHS):  # 今年新设45只; 40人次以上的
            same = next((j for j in range(i - 1, -1, -1) if slots[j].amount.unit == unit and found[j] is not None), None)
            if same is not None:
                return found[same]
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
        first = words_of(self._text, slots[i - 1].gap, self._tag)[:1]
        if first and first[0].text in lexicon().light:
            return None  # …，其中甲类80家、乙类40家，建成服务点60个，较上年增加9个
        for j in range(i - 1, max(0, i - 8), -1):
            if slots[j].before(self._text).startswith("其中"):
                if "；" in self._text[slots[j].amount.end : slots[i].amount.start]:
                    return None
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
            most = _MOST.search(self._text[: clause[1]], clause[0])
            if most or RANKED.search(self._text, *clause):
                named = self._gaps.before((clause[0], most.start())) if most else None  # 农村低保对象最多，为4万人
                if named is None:
                    continue
                return self._beside.measure(named, "subject")
            phrase = subject_of(self._text, clause, self._tag, self._covered)
            paid = self._gaps.before(clause) if slot.amount.unit == "元" else None
            if paid is not None and MONEY.search(self._text, paid.start, paid.end):
                phrase = paid  # 为百岁老人送上慰问金，每人1000元
            if phrase is not None:
                return self._beside.measure(phrase, "subject")
        return None

    def _distribute(
        self, slots: Sequence[Slot], earlier: Sequence[Slot], found: Found, carried: Measure | None
    ) -> list[Measure | None] | None:
        """Hand out A、B和C分别为1、2和3; None when the text has no such list, or when the numbers before name its items
        (A提高到1，B提高到2，分别增长3和4)."""
        first, last = slots[0], slots[-1]
        mark = respectively(self._text, first)
        if mark is None or first.amount.unit in LENGTHS:
            return None
        own = self._beside.own(first) if any(slot.amount.start > mark for slot in earlier) else None
        if own is not None and own.how == "after":
            return None  # the 分别 is that of other numbers: …，共有38万名困难残疾人、62万名重度残疾人
        span = (first.sentence_span[0], mark)
        areas = areas_of(self._text, self._areas, span, len(slots)) or areas_of(
            self._text, self._areas, (mark, first.amount.start), len(slots)
        )
        shared = self._shared(first, last, mark, areas is not None)
        if areas is not None:
            late = max([self._areas[areas[-1]][1], *(slot.amount.tail for slot in earlier if slot.amount.tail <= mark)])
            base = shared or after_areas(self._gaps, late, mark) or self._whole(earlier, found) or carried
            return [replace(base, how="list", area=area) if base else None for area in areas]
        if shared is not None:
            return [shared] * len(slots)
        near = (max([span[0], *(slot.amount.tail for slot in earlier if slot.amount.tail <= mark)]), mark)
        named = self._paired(found[max(0, len(found) - len(earlier)) :], len(slots)) is not None
        graded = graded_of(self._gaps, (max(span[0], self._text.rfind("；", *span)), mark))
        return [graded] * len(slots) if graded else items_of(self._gaps, near if named else span, len(slots))

    def _whole(self, earlier: Sequence[Slot], found: Found) -> Measure | None:
        """The measure of the total before its parts: 共120家，其中甲类80家、乙类40家；市、县分别为30家和90家."""
        offset, start = len(found) - len(earlier), self._text.rfind("；", 0, earlier[-1].amount.start) if earlier else 0
        for i in range(len(earlier) - 1, 0, -1):
            if earlier[i].amount.start > start and earlier[i].before(self._text).startswith("其中"):
                rise = next((j for j in range(i - 1, -1, -1) if not _COMPARED.match(earlier[j].before(self._text))), i - 1)
                return found[offset + rise]
        return None

    def _shared(self, first: Slot, last: Slot, mark: int, among_areas: bool) -> Measure | None:
        """The noun between 分别 and the first number, or after the last number, that all numbers of a list count."""
        own = self._gaps.before((mark + len("分别"), first.amount.start))
        if own is not None and own.verbal and not among_areas and _ITEM_MARK.search(self._text, max(0, mark - 40), mark):
            return None  # 生活补贴、护理补贴分别惠及3万人、4万人
        if own is not None:
            return None if own.generic else self._beside.measure(own, "list")
        after = self._beside.own(last)
        return replace(after, how="list") if after and after.how == "after" else None
