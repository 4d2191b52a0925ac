"""The text before a number: the linking words at its end, and the noun phrase that they link to the number.

全省依法登记的社会组织达 | 34,186家 · 村级社工服务点由2022年的 | 46个 · 送餐上门的占 | 三成.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from extractors.lexicon import Tagger, lexicon, words_of
from extractors.nouns import Phrase, phrase_before
from extractors.spans import Cover, Span

LINK = re.compile(
    r"""(?:
        (?:高于|低于|超过|高出|超出|超)[^，,。；;、]{0,8}?(?:目标|计划|任务)(?:任务|值|数|要求)?
      | (?:较|(?<!占)比|高出|高于|低于|超过|超出|超)[^，,。；;、]{0,8}?平均(?:水平|值|数)?(?:高出?|低|多出?|少)?
      | \d{2,3}(?:周岁|岁)?[至到—-]\d{2,3}周?岁的?|\d{2,3}周?岁(?:及?以[上下])?的?
      | (?:较|(?<!占)比)[^，,。；;、]{0,6}“[^”]{1,8}”|(?:较|(?<!占)比)[原][^，,。；;、]{0,4}?(?:标准|水平)
      | (?:较|(?<!占)比)[^，,。；;、\d]{2,8}?(?=提高|增加|增长|上升|提升|下降|降低|减少|扩大|缩短|[多少])|[由从][\u4e00-\u9fff]{2,4}[时初前]
      | 每个(?:乡镇|街道|镇街|街镇|社区|村|县|区县|县区|站|机构|项目|家庭)(?=不|至少|最|约|为)
      | 每(?:人每)?(?:小时|分钟|学时|人次|学年|学期)|[高多]达|低至|\s|每个?[\u4e00-\u9fff]{1,6}拥有|[拥具设配建含持]有|已经?|均|分别|累计|总计|共计|合计|总共|一共|共有|共|达到|达成|达|[为是有计仅只就将可也还再约近超逾过破要应须需占]|(?<![积得评计考总平学百满部])分(?:为|成)?|反而|则|却|大约|接近|将近|超过|突破|不足|不到|不满
      | 不得?(?:少于|低于|小于|超过|高于|多于|大于|短于|长于)|至少|最少|最[低高多]|至多|高于|低于|多于|少于|平均|高出|多出|低出|一般|原则上|按|按照|左右|最初|起初|原先|当初|折合人民币|折合|折款|人民币|合|[从由][无小弱少]到[有大强多]
      | (?:增加|增长|上升|提高|提升|扩大|扩展|发展|下降|降低|减少|压缩|缩短|控制|保持|稳定|维持|调整|提标|上调|延长|扩面|提速|升级|压减|扩充|充实|壮大|拓展|延伸|压降|攀升|跃升|增配|回升|缩减|精简|扩容)(?:到了|到|至|在|为)|[增升降提减缩压]至|[增升降提减达压缩]到|达至|了|从|由|到|至|在|以|等
      | 每(?:[百千万]|十万)?[人名户站县镇乡村街月年日天餐次周个家张季半份所处例件场区市省班组位床户格穴具对间套台桌]{1,2}|每
      | 人均|户均|[日月年]均|同比|环比|(?:较|(?<!占)比|[与同和])[^，,。；;、]{1,12}?(?:同期|以前|[年月季]度?|[底末初期]|相比)(?:相比|末|底|初)?
      | (?:净|小幅|大幅|共|再|又|各)?(?:增长|增加|增幅|增|上升|回升|攀升|反弹|提高|提升|扩大|下降|降低|减少|回落|减幅|升幅|减|多|少|(?<![最提])高|(?<![最降])低|降幅|降|上涨|上浮|上调|下调|缩短|压缩|压减|翻)(?:了|约|近|超过?|逾)*)++$""",
    re.VERBOSE,
)
"""The words between a noun and its number; possessive, so that a long run of them costs linear time."""

_OWN = re.compile(r"本(?=[市县区省州旗盟镇乡街村社年月日周学期届])")
_AVERAGE = re.compile("[人户日月年]均")
_MARK = re.compile(r"[一二三四五六七八九十]是")
_REACH = 80  # no run of linking words is longer
_SHARE_OF = re.compile(r"占(?!比|地|用)(?:到|了)?(?P<whole>[^，,。；;占]{2,30}?)的?$")
_SHARE_NAMED = re.compile(r"占[^，,。；;占]{2,24}(?:比例|比重|比)$")
_WHO = re.compile(r"(?P<who>(?!最.的)[^，,。；;、]{2,24}?)的(?:就|共|约|近|已)?(?:有|占|达|为)(?:到|了|约|近|超)?$")
_FOUNDED = re.compile(r"(?:新建|新增|新设立?|增设|建成|建有|设立|配备|新开发)(?=[\u4e00-\u9fff])")
_OF_WHICH = re.compile(r"的(?:占比|比例|比重)$")  # 评估等级3A以上的占比
_CASES = frozenset(("单", "家", "个", "件", "例", "支"))
_RECORDED = re.compile(r"备案|登记|注册|认定|结案|立案")
_SUMMED = re.compile(r"(?:累计|总共|共|已|新)+$")
_CLASSIFIERS = frozenset("段条项个座家所批支处片")
_PART = re.compile(r"(?P<part>[\u4e00-\u9fff]{2,6})(?:的)?占(?:了|到|约|近|超过?)?")
_LEAST = re.compile(
    r"(?:大专|本科|专科|研究生|硕士|博士|初中|高中|初级|中级|高级|[县市省]级|[一二三四五\d][级星A])(?:学历|职称)?[及或]?$"
)  # 本科及|以上学历
_DONE_TO = re.compile(  # 培训社工、网格员; 报名参加职业水平考试
    r"(?:培训|轮训|慰问|走访|救助|资助|帮扶|探访|服务|惠及)(?:[\u4e00-\u9fff]{1,6}[员师工者人童]、)+[\u4e00-\u9fff]{1,6}[员师工者人童任]$"
    r"|(?:报名|报考|参加|参与)+[\u4e00-\u9fff]{2,16}考试$"
)
_DONE_WITH = re.compile(r"(?:排查|检查|抽查|巡查|整治|改造|走访|慰问|服务|培训)(?:[\u4e00-\u9fff]{2,8}、)+$")
_AGED = re.compile(r"\d{1,3}(?:[-—~至]\d{1,3})?$")  # 60 in 60岁及以上人口


@dataclass(frozen=True, slots=True)
class Gaps:
    """Reads the gaps of one text; `cover` holds its times and places, `bodies` its organizations."""

    text: str
    tag: Tagger
    cover: Cover
    bodies: Cover = field(default_factory=lambda: Cover(()))

    def before(self, gap: Span, unit: str | None = None) -> Phrase | None:
        """The phrase that a gap ends with, once 达, 共有, 较上年增长 and the like are cut off."""
        start, end = gap
        if who := _WHO.search(self.text[start:end]):
            return Phrase(start + who.start("who") + 2 * who["who"].startswith("其中"), start + who.end("who"))
        if unit == "%" and (share := _SHARE_OF.search(self.text[start:end])) and not LINK.search(share["whole"]):
            return Phrase(start + share.start("whole"), start + share.end("whole"))
        if unit == "%" and (part := _PART.fullmatch(self.text[start:end])) and not self.cover.touches(start, end):
            return Phrase(start + 2 * self.text.startswith("其中", start), start + part.end("part"))  # 送餐上门占12.4%
        end, listed = self.cut_links(start, end)
        if end <= start:
            return None
        if share := _OF_WHICH.search(self.text[start:end]):
            whole = self.before((start, start + share.start()), unit)
            return Phrase(whole.start if whole else start, end)
        if unit == "%" and _SHARE_NAMED.search(self.text[start:end]):
            return Phrase(start, end)
        phrase = phrase_before(self.text, (start, end), self.tag, self.cover.touches)
        if phrase and (done := _DONE_TO.search(self.text[start : phrase.end])):
            phrase = replace(phrase, start=start + done.start())
        elif phrase and self._is_bare(phrase) and (done := _DONE_WITH.search(self.text[start : phrase.start])):
            phrase = replace(phrase, start=start + done.start())  # 排查殡葬服务机构、公墓
        if phrase and unit != "%" and self.text[phrase.start : phrase.end] == "任务":
            return replace(phrase, generic=True)  # 全年任务1,200户
        if phrase and phrase.verbal and unit in _CASES and _RECORDED.fullmatch(self.text, phrase.start, phrase.end):
            adverb = _SUMMED.search(self.text, start, phrase.start)
            what = self.before((start, adverb.start() if adverb else phrase.start))
            phrase = Phrase(what.start, phrase.end) if what else phrase  # 慈善信托累计|备案
        if phrase and listed:
            word = words_of(self.text, (phrase.start, phrase.end), self.tag)[-1]
            return replace(phrase, start=word.start, weak=True)  # 梅花社区社会工作室等5家: the kind, not the name
        return phrase

    def _is_bare(self, phrase: Phrase) -> bool:
        """Whether no verb opens the phrase, so that one before it can have it as object, too."""
        first = words_of(self.text, (phrase.start, phrase.end), self.tag)[:1]
        return not first or first[0].text not in lexicon().content | lexicon().light

    def cut_links(self, start: int, end: int) -> tuple[int, bool]:
        """The gap's end without linking words, times and places at its end (…由2022年的); whether 等 was among them."""
        listed = False
        while end > start:
            if self.text[end - 1] == "起" and end - 1 > start and self.cover.span_at(end - 2):
                end -= 1  # 7月起
            low = max(start, end - _REACH)
            link = LINK.search(self.text[low:end])
            if link:
                end = low + link.start()
                listed = listed or "等" in link.group()
            elif self.text[end - 1] == "的":
                end -= 1
            elif span := self.cover.span_at(end - 1):
                end = max(start, span[0])
            else:
                break
        return end, listed

    def without_verb(self, phrase: Phrase) -> Phrase:
        """发放取暖补贴 → 取暖补贴, where a long enough noun is left."""
        words = words_of(self.text, (phrase.start, phrase.end), self.tag)
        if len(words) > 1 and words[0].text in lexicon().content and phrase.end - words[0].end >= 4:
            return replace(phrase, start=words[0].end)
        return phrase

    def trimmed(self, start: int, end: int) -> Span | None:
        """The phrase without places, 全市, founding verbs and the like at its front; None when nothing is left."""
        if self.text[start - 1 : start] != "占" and (founded := _FOUNDED.match(self.text, start)) and end - founded.end() >= 2:
            start = founded.end()
        if (body := self.bodies.span_at(start)) and body[1] + 2 <= end:
            start = body[1]  # 县民政局|编印《…》
        if mark := _MARK.match(self.text, start, end):
            start = mark.end()
        if self.text[start - 1 : start] in ("这", "那", "该", "每") and self.text[start : start + 1] in _CLASSIFIERS and end - start > 2:
            start += 1  # 这段界线
        if self.text[start - 1 : start] == "每" and self.text[start : start + 1] in "站村户人县镇" and end - start > 2:
            start += 1  # 每月到每站|实地督导
        while start < end and (
            (self.text[start] in "的、和与及 各其该" and not self.text.startswith(("其他", "其它", "其余"), start))
            or _OWN.match(self.text, start)
            or (self.text[start - 1 : start] != "占" and self.cover.touches(start, start + 1))
        ):
            start += 1
        if self.text.startswith(("岁", "周岁", "分钟"), start) and (aged := _AGED.search(self.text, max(0, start - 12), start)):
            start = aged.start()
        elif self.text.startswith(("以上", "以下"), start) and (least := _LEAST.search(self.text, max(0, start - 8), start)):
            start = least.start()
        if (average := _AVERAGE.match(self.text, start)) and end - average.end() >= 2:
            start = average.end()  # what it is an average of; the denominator says per whom
        if self.text[end - 1 : end] in ("内", "里") and end - start > 2:
            end -= 1  # 辖区内
        return (start, end) if start < end else None
