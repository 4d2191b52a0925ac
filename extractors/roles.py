"""What a number is told as: reported, planned or laid down (status); a stock, an addition, a change or a share (aspect)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from extractors.clauses import Slot
from extractors.plans import find_conditions, find_plans, find_rules
from extractors.spans import Cover
from extractors.times import Period

_TARGET = re.compile(
    r"""任务单|(?:年度|全年|年内)(?:目标)?任务(?=\d)|约定(?=建|提供|服务|完成|新|培)|下一步|今后|接下来|未来|力争|争取(?=[在到年用实使达把让早]|今年)|确保|预计|预期|有望|拟|打算|据测算|目标(?!(?:任务)?的?(?:完成|达成)|责任|管理|导向|群体|人群|对象|考核)|规划(?=建|新|到|[^，,。；;》]{1,8}\d)
      | (?<![“”])计划(?=[^”》]{0,1}(?:新|建|投|争|持|力|社|养|把|让|使|向|助|培|支|在|于|用|完|培|实|开|招|安|募|发|打|对|为|年|全|到|改|选|再|引|设|增|组|累|救|惠|服|举|资|筹|通|共|将|每|于))
      | (?<![已并共可能即])将(?:(?=[由从在于对为以会不再新还继进全陆逐持])|(?![近军领来士至]|(?:[^，,。]|,(?=\d)){1,40}?(?:纳入|列为|列入|作为|转为|移交|下放|参照|提[升高][至到为]|调整[为至]|升级|改造[为成]|打造[为成]|交由)))
      | (?<![需主重首])要(?=重点|着力|继续|再|办好|抓好|添|以[^，,。；;]{2,30}为)  | 还要 | 要(?=求?(?:达|建|实现|完成|新|力|确保|在|到|不|保持)) | 须?(?=在[^，。]{2,14}前完成)""",
    re.VERBOSE,
)
_BESIDE_GOAL = re.compile(r"(?:高于|超过|超出|高出|低于|超|占)[^，,。；;]{0,10}$")
_ACTUAL = re.compile(r"已(?!婚)|目前|截至|截止|现有|累计|共有|现共|以来|去年|上年|实际|完成了|实现了|建成了|同比|突破(?=了)")
_STANDARD_NOUN = re.compile(
    r"标准|定价|指导价|补贴|补助|津贴|奖励|奖补|资助|价格|收费|生活费|护理费|自付|备用金|额度|限额|保障金|赔付|资金|经费|抚恤|慰问金|优待|定额|费用|报酬|待遇|租金|押金|工资|薪酬|保额|售价|(?<![消免])费(?:用)?(?:为|每|按|是)?"
)
_STANDARD_VERB = re.compile(
    r"标准(?:为|是|不低于|提高到|提高至|调整为|[由从])?|给予|可获|可领|可享|享受|每[人月年]|一次性|按照?|不得|最高|上限|下限|应当?|须|必须|规定|要求|收费|定价|价格|自付|原则上"
)
_NORM = re.compile(
    r"不少于|不低于|不小于|不超过|不高于|不多于|不得|至少|最多|至多|应当?|须|必须|时限|期限|有效期|以内|原则上|满(?=\d|[一二三四五六七八九十])|以上的|以下的|达到[^，。]{1,12}以上的|连续"
)
_NORMATIVE = re.compile(r"通知如下|办法》|〔20\d\d〕|现就|申请(?:条件|人)|适用于|本(?:办法|细则|方案|通知|标准)|问[:：]")
_RULED = re.compile(
    r"(?:按照?|根据|依据)[^，,。；;]{0,30}(?:标准|规定|要求|办法|意见|方案)|规定|倡导|提倡|《[^》]*(?:办法|细则|标准|规范|方案|意见)》[^。]{0,8}(?:明确|提出|要求|规定|写得|写明)|标准为"
)
_PROPOSED = re.compile(r"《[^》]*(?:方案|规划|计划|纲要|意见)》[^。]{0,8}(?:明确|提出|要求)")
_DOES = re.compile(r"(?:实施|培训|培养|培育|选拔|建设|建成|打造|新建|改造|新增|扶持|创建|设立|完成|发展|引进|选派)[^，,。；;]*$")
_EACH = re.compile(r"每[人户名位][^，,。；;]{0,6}?每?[月年]")
_PAID = re.compile(r"累计|共发放|发放了|支出|投入|拨付|下达|募集|筹集|平均(?![^，,]{0,4}标准)|[人户月年日次站]均(?![^，,]{0,8}标准)")
_LIMIT = re.compile(r"(?:[时期年]限|有效期|试用期|限额|上限|下限|工本费)[^，,。；;]*$|(?:时间|时长)(?:一般)?不超过$")
_SHARE_OF_COST = re.compile(r"(?:占比|比例)(?:为|是|达到?)?$|占[^，,。；;]*(?:标准|工资|费用?|总额)的?$")
_CONDITION = re.compile(
    r"的(?=(?:一次性)?(?:补贴|补助|奖励|奖补|资助|给予))"
    r"|的[,，](?:可|应|予以|给予|须|不予|方可|视为|认定|一次性|补助|补贴|奖励|奖补|资助|每|按|直接|取消)"
)
_LACKS = re.compile("仍|偏低|偏少|短板|差距")
_REPORTED = re.compile("目前|截至|截止|累计|共有|现有|已有|去年|上年|同比")
_DUE = re.compile(r"(?:[底末日月]|年)前[，,]")
_CUSTOMS = re.compile(r"彩礼|随礼|礼金|酒席|宴席|车队|婚车|餐标")
_BY_PLAN = re.compile(r"《[^》]*(?:方案|规划|计划|纲要|意见)》[^。；]{0,10}[，,]到(?:20\d\d年|“?十)")
_GRADES = frozenset(("档", "期", "批", "次", "类", "级"))
_DIVIDED = re.compile(r"分(?:为|成)?$")
_PACT = re.compile(r"村规民约|公约|章程")
_ENTITLED = re.compile(r"可(?:免费)?(?:领取|享受|享有|获得?|申领|申请)")
_AT_SHARE = re.compile(r"按[^，,。；;]*的?$")
_PAID_AT = re.compile(r"的?(?:比例|标准)?(?:给予|补贴|补助|执行|发放|计发|报销|增发|核定|确定|配套|落实)")
_GRANTED = re.compile(r"安排|下达|拨付")
_DIRECTIVE = re.compile(r"通知如下|印发给你们|(?:请|望)[^。]{0,20}(?:贯彻|执行|落实)|现就[^。]{2,60}通知")
_CHANGE = re.compile(
    r"(?:增长|增加|净增|上升|提高|提升|扩大|下降|降低|减少|回落|回升|攀升|反弹|上涨|上浮|上调|下调|缩短|压缩|压减|(?<![至最不])[多少]|(?<![最提较])高|(?<![最降较])低|增|减|降|升|翻)(?:出|了|约|近|超过|超|逾|达|不足|不到|突破|至少|不低于|不少于|幅度|\s)*$"
    r"|(?:增幅|减幅|升幅|增速|涨幅|降幅|幅度|增长率)(?:约|近|超过|超|逾|为|达|达到|不足|不到|不低于|不少于|不超过|\s)*$"
)
_SIZES = frozenset({"平方米", "公里", "米", "年", "天", "日", "小时", "分钟", "个月", "工作日", "个工作日"})
_SHARED = re.compile(r"分别(?:为|达|有)?\s*$")
_SPANS = frozenset({"年", "天", "日", "小时", "分钟", "个月", "工作日", "个工作日"})
_SIZED = frozenset({"%", "‰", "百分点", "倍", "番", "元", "年", "天", "日", "小时", "个月", "公里", "平方米", "岁"})
_RISE = re.compile(
    r"[多少]了$|(?:(?:净|又)?(?:增长|增加|(?<!新)增|上升)|下降|减少|减|回落|(?:比|较)[^，,]{1,12}[多少](?:改造|办理|发放|新增|建成)?)(?:出|了|约|近|超过?|逾|\s)*$"
)
_NEW = re.compile(
    r"再建|续建|新增|新建|新设|新登记|新开|新成立|新注册|新培[育养]|新打造|新招[募录聘]|新发展|新认定|新创建|新申请|新纳入|新投[入用]|新获|新命名|新[改扩]建|增[设配开派购添]|[再新]添|加开|新一批|新配备|新组建|新选|新备案|新装"
)


_MOVES = re.compile(r"(?<![自])[由从](?:[^，,。；;、]{0,8}的)?$|(?:增加|增长|提高|扩大|发展|壮大|减少|下降|增|升|降)(?:到|至)$")
_NEW_MONEY = re.compile(r"新增[^，,、]{0,8}(?:资金|支出|投入|经费|贷款)(?:约|近|超)?$")


@dataclass(frozen=True, slots=True)
class Rate:
    """What bears on a number being a rule: its denominator and its comparator."""

    per: str | None
    comparator: str | None


def status_of(text: str, slot: Slot, rate: Rate, period: Period | None, published: dt.date | None, genre: Genre) -> str:
    """actual, target or standard."""
    start, stop = slot.sentence_span[0], slot.amount.start
    sentence = text[start:stop]
    target = -1 if _is_past(period, published) else _last(_TARGET, text, start, stop)
    lacks = _LACKS.search(text, slot.amount.tail, slot.sentence_span[1])
    if genre.plans.touches(stop, stop + 1) and not _is_past(period, published) and not lacks:
        target = max(target, 0)
    actual = _last(_ACTUAL, text, start, stop)
    if target > actual:
        return "target"
    reports = _is_over(period, published) or _REPORTED.search(sentence)
    if genre.conditions.touches(stop, stop + 1) and not reports:
        return "standard"
    if (
        (_LIMIT.search(slot.lead(text)) and "平均" not in slot.lead(text))
        or _CONDITION.match(text, slot.amount.tail)
        or _is_graded(text, slot)
    ):
        return "standard"
    acts = _NEW.search(slot.lead(text)) or _DOES.search(slot.before(text))
    if actual < 0 and published is None and (period is None or period[0] is None) and _DUE.search(sentence):
        return "target"  # 5月底前，投入资金480万元
    running = bool(acts) and _is_running(period, published, sentence) and not _GRANTED.search(slot.lead(text))
    if actual < 0 and (running or _BY_PLAN.search(sentence)):
        return "target"
    if _is_ahead(period, published) and "截至" not in sentence and "截止" not in sentence:
        return "target"
    if (
        _PROPOSED.search(sentence)
        and _DOES.search(slot.before(text))
        and actual < 0
        and rate.comparator is None
        and slot.amount.unit not in _SIZED
    ):
        return "target"  # 《方案》提出，每年培训社工3000人次
    required = slot.amount.unit != "%" and genre.rules.touches(stop, stop + 1)
    if _is_standard(text, slot, rate, actual, genre.normative and not _is_over(period, published), required):
        return "standard"
    if (
        genre.directive
        and actual < 0
        and not _GRANTED.search(slot.lead(text))
        and not _is_over(period, published)
        and "\n" in text[: slot.amount.start]
        and slot.amount.unit not in _SPANS
    ):
        # 建设家庭养老床位1,600张: a notice tells what is to be done; 督导费用占比为5%: and lays down shares
        return "standard" if _SHARE_OF_COST.search(slot.before(text)) else "target"
    after = text[slot.amount.tail : slot.sentence_span[1]]
    if actual < 0 and _NEW.search(slot.lead(text)) and re.search(r"将(?:达|突破|超|增)", after):
        return "target"
    return "actual"


def _is_graded(text: str, slot: Slot) -> bool:
    """标准分三档, 资金分两次拨付."""
    return slot.amount.unit in _GRADES and _DIVIDED.search(slot.before(text)) is not None


def _is_running(period: Period | None, published: dt.date | None, sentence: str) -> bool:
    """Whether the sentence tells of the year named in it, which had half or more to go at publication: 2024年，新建助餐点400个."""
    if period is None or published is None or published.month > 6:
        return False
    year = published.year
    return period == (dt.date(year, 1, 1), dt.date(year, 12, 31)) and f"{year}年" in sentence


def _last(pattern: re.Pattern[str], text: str, start: int, stop: int) -> int:
    """Where the last match that begins before `stop` stands, counted from `start`; it may look on behind `stop`."""
    at = -1
    for m in pattern.finditer(text, start, stop + 48):
        if m.start() >= stop:
            break
        if m.group() == "目标" and _BESIDE_GOAL.search(text, max(start, m.start() - 14), m.start()):
            continue  # 高于年度目标12个百分点
        at = m.start() - start
    return at


def _is_ahead(period: Period | None, published: dt.date | None) -> bool:
    """Whether the period ends after publication and is not the running one up to now."""
    if period is None or published is None or period[1] is None:
        return False
    return period[1] > published and (period[0] is None or period[0] > published)


def _is_past(period: Period | None, published: dt.date | None) -> bool:
    """Whether the period was over when the bulletin came out."""
    return period is not None and published is not None and None not in period and period[1] <= published  # type: ignore[operator]


def _is_over(period: Period | None, published: dt.date | None) -> bool:
    """Whether the period's end is known and no later than publication."""
    return period is not None and period[1] is not None and published is not None and period[1] <= published


def _is_standard(text: str, slot: Slot, rate: Rate, actual: int, normative: bool, required: bool) -> bool:
    """Whether a rule or a rate is laid down, and not a sum or count reported."""
    lead = slot.lead(text)
    near = text[
        max(slot.clause[0], slot.amount.start - 40) : min(slot.clause[1], slot.amount.tail + (20 if slot.amount.unit == "元" else 8))
    ]
    ruled = (normative and actual < 0) or bool(_RULED.search(text, slot.sentence_span[0], slot.amount.start))
    ruled = ruled or bool(_PACT.search(text, *slot.sentence_span))
    if slot.amount.unit == "元":
        if rate.comparator in (">=", "<=") and _CUSTOMS.search(lead):
            return True  # 约定彩礼不超过3万元
        if slot.amount.rate and actual < 0 and "均" not in slot.before(text):
            return True  # 普通火化费 380元/具
        if (ruled and rate.comparator in (">=", "<=")) or (_EACH.search(slot.before(text)) and not _PAID.search(lead)):
            return True
        each = rate.per is not None and rate.per[:1] in "人户具例" and ruled  # 60至69周岁每人每餐2元
        if not (each or _STANDARD_NOUN.search(near)) or _PAID.search(lead):
            return False
        return (
            any(word in near for word in ("标准", "指导价", "限价", "定价"))
            or (rate.per is not None and rate.comparator in (">=", "<="))
            or (rate.per is not None and actual < 0)
            or (slot.amount.high < 1e6 and bool(ruled or _STANDARD_VERB.search(near)))
        )
    if slot.amount.unit in _SPANS and rate.comparator == "<=":
        return actual < 0 or ruled  # 24小时内报告
    if slot.amount.unit in ("%", "‰") and normative and actual < 0 and "占" not in lead and not _CHANGE.search(slot.before(text)):
        return True
    if slot.amount.unit == "倍" and "标准" in near:
        return True
    if slot.amount.unit == "%" and actual < 0 and _AT_SHARE.search(slot.before(text)) and _PAID_AT.match(text, slot.amount.tail):
        return True  # 按租金的70%给予补贴
    if rate.per is not None and _ENTITLED.search(lead):
        return True  # 每对新人可领取年卡2张
    bound = rate.comparator in (">=", "<=")
    if bound and ((actual < 0 and required) or _CUSTOMS.search(lead)):
        return True
    if actual >= 0 and not ruled:
        return rate.per is not None and bound and bool(_NORM.search(near))
    if ruled and (bound or rate.per is not None or _NORM.search(near)):
        return True
    return bound and bool(_NORM.search(near) and (rate.per is not None or re.search(r"不得|应|须|标准", near)))


@dataclass(frozen=True, slots=True)
class Genre:
    """`normative`: the text lays down rules (a notice, a Q&A about a policy); `directive`: it tells subordinates what to do;
    `plans`: where it tells of what lies ahead; `rules`: where it lists requirements, `conditions`: conditions of a grant."""

    normative: bool
    directive: bool
    plans: Cover
    rules: Cover
    conditions: Cover


def genre_of(text: str) -> Genre:
    """What kind of text this is, by its formulas."""
    directive = bool(_DIRECTIVE.search(text, 0, 800))
    return Genre(
        normative=directive or len(_NORMATIVE.findall(text)) >= 2,
        directive=directive,
        plans=Cover(find_plans(text)),
        rules=Cover(find_rules(text)),
        conditions=Cover(find_conditions(text)),
    )


def aspect_of(text: str, slot: Slot, inherited: str | None) -> str:
    """level, new, cumulative, change or share; `inherited`: the aspect of the amount before in the same list, if this one adds no verb."""
    gap, unit = _SHARED.sub("", slot.before(text)), slot.amount.unit
    moved = _CHANGE if unit in _SIZED else _RISE  # 改造提升30个 raises nothing by 30
    if unit == "百分点" or moved.search(gap) or inherited == "change":
        return "change"
    if unit in ("%", "‰"):
        return "share"
    if unit in _SIZES:
        added = unit not in _SPANS and (inherited == "cumulative" or "累计" in slot.lead(text))
        return "cumulative" if "累计" in gap or added else "level"
    if _is_graded(text, slot):
        return "level"
    if (unit != "元" or _NEW_MONEY.search(gap)) and (_NEW.search(gap) or inherited == "new"):
        return "new"
    if _MOVES.search(gap) and "累计" not in gap:
        return "level"  # 累计建成52个，社工由61名增加到188名
    start = max(slot.sentence_span[0], text.rfind("；", 0, slot.amount.start) + 1)
    return "cumulative" if "累计" in text[start : slot.amount.start] else "level"
