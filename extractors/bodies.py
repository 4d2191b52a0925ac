"""Bodies led by an area: 云南省|民政厅, 省|委, 西塘镇|人民政府, and in lists 市民政局、|财政局."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.areas import leads_body
from extractors.areawords import Named, latest, stands_for
from extractors.heads import Head, heads
from extractors.mentions import Mention
from extractors.placewords import opens
from extractors.regions import Region
from extractors.townships import town_start

_LEVEL = re.compile(r"(?:高新区|经开区|自治区|自治州|地区|街道|[省市县区州盟旗镇乡])$")
_LEVEL_FIRST = re.compile(r"自治区|自治州|[省市县区州盟旗]")
_GENERIC = re.compile(
    r"""(?:[各每某全辖直外跨][省市县区州]*|所在|所属|户籍|户籍地|居住地|当地|有关|相关|上级|下级|同级|本级|其他|其它|两级|三级|单列|设区|设
      |[城乡社小辖园校山景库牧林灾矿新老片]
      |[省市县区州旗镇乡盟（(/)）]
      |[省市县区州盟旗][、和或及])$""",
    re.VERBOSE,
)
_NOT_HEAD = {
    "委": re.compile(r"[托员派任曲以屈婉身实]|常委|副?书记"),
    "政府": re.compile(r"购买|采购|部门|主导|职能|补贴|补助|资助|投资|出资|兜底|引导|负责|推动|治理|管理|服务|信息|网|令"),
    "人大": re.compile(r"代表|会议"),
    "政协": re.compile(r"委员(?!会)|会议"),
    "工会": re.compile(r"会员|组织"),
    "团委": re.compile(r"派"),
}
_REPORTER = re.compile(r"[（(][^（）()]{0,4}(?:记者|通讯员|编辑)[^（）()]{0,16}[)）]$")
_JOINT = re.compile(r"(?:[、和及与]|以及|会同|联合|，会同|,会同)$")
_PARTY = re.compile(r"(?:中共|共青团|团)$")
_CORPS = re.compile(r"(?:(?:新疆生产建设)?兵团|第[一二三四五六七八九十]{1,3}师(?:[\u4e00-\u9fff]{2,5}市)?)$")


@dataclass(frozen=True, slots=True)
class Body:
    start: int
    end: int
    area: str
    """The area's name to put before `head` in the full name."""
    head: int
    """Where the part after the area's name starts."""


class BodyFinder:
    """Finds the area that leads a head. Keeps the bodies found so far, as lists go on from one to the next."""

    def __init__(self, text: str, home: Region | None, mentions: tuple[Mention, ...]) -> None:
        self._text, self._home, self._mentions = text, home, mentions
        self._by_end = {m.end: m for m in mentions}
        self._by_start = {m.start: m for m in mentions}
        self._last: Body | None = None
        self._named: list[Named] | None = None
        self._printed: dict[tuple[str, str], str] = {}

    def find(self, head: Head) -> Body | None:
        """The body that this head ends, None when no area leads it."""
        barred = _NOT_HEAD.get(head.text)
        if barred and barred.match(self._text, head.end):
            return None
        found = self._after_name(head) or self._after_level(head) or self._after_town(head) or self._in_list(head)
        if found is None:
            return None
        start, area, own = found
        return self._done(start, self._end(head), area, own)

    def _end(self, head: Head) -> int:
        """Where the name ends: after an office in the body (民政局|养老服务科) or a branch of it (公安局|伊州区分局)."""
        end = heads().unit_end(self._text, head.end)
        branch = self._by_start.get(end)
        return branch.end + 2 if branch and self._text.startswith("分局", branch.end) else end

    def lead(self, start: int, end: int) -> Body | None:
        """The same for a name from `start` on that begins with a word for the level: 市|养老服务工作领导小组."""
        match = _LEVEL_FIRST.match(self._text, start)
        if match is None or _GENERIC.search(self._text[max(0, start - 5) : start]):
            return None
        area = self._area(match[0], match.end(), start)
        return self._done(start, end, area, match.end()) if area else None

    def _done(self, start: int, end: int, area: str, own: int) -> Body:
        text = self._text
        party = _PARTY.search(text, max(0, start - 3), start) if text.startswith("委", own) else None
        if party:
            start, area = party.start(), party[0] + area
        self._last = Body(start, end, area, own)
        return self._last

    def _after_name(self, head: Head) -> tuple[int, str, int] | None:
        """浙江省民政厅, 云南省|委: the area's name stands right before."""
        corps = _CORPS.search(self._text, max(0, head.start - 12), head.start)
        if corps:
            return corps.start(), corps[0], head.start
        mention = self._by_end.get(head.start)
        if mention is None or not leads_body(self._text, mention, self._home):
            return None
        start = mention.formal_start
        return start, self._text[start : mention.end], head.start

    def _after_level(self, head: Head) -> tuple[int, str, int] | None:
        """省|民政厅: only a word for the level stands before; the name comes from the bulletin's area."""
        match = _LEVEL.search(self._text, max(0, head.start - 3), head.start)
        if match is None or match[0] in "镇乡街道":
            return None
        start = match.start()
        general = _GENERIC.search(self._text[max(0, start - 5) : start]) and not _REPORTER.search(self._text, max(0, start - 24), start)
        if general and not (self._last is not None and self._last.end == start):
            return None
        if head.text.endswith("部门") and not opens(self._text, start):
            return None
        if match[0] in ("高新区", "经开区"):
            return start, match[0], head.start
        area = self._area("自治区" if head.text.endswith("厅") and match[0] == "区" else match[0], head.start, start)
        return (start, area, head.start) if area else None

    def _area(self, level: str, own: int, start: int) -> str | None:
        name, _ = stands_for(level, False, self._home, self._before(start))
        if name is None:
            return self._text[start:own] if level in ("省", "市", "自治区") and self._home is None else None
        return self._as_printed(name, level)

    def _as_printed(self, name: str, level: str) -> str:
        """恩施州 rather than 恩施土家族苗族自治州 when the text says so."""
        key = (name, level)
        if key not in self._printed:
            formal = len(name) < 7 or level == "自治区" or name in self._text
            shorts = (m.surface for m in self._mentions if m.surface.endswith(level) and m.coded and m.coded[0].region.name == name)
            self._printed[key] = name if formal else next(shorts, name)
        return self._printed[key]

    def _before(self, start: int) -> Sequence[Named]:
        if self._named is None:
            sure = [m for m in self._mentions if m.full and len(m.candidates) == 1]
            self._named = [(m.end, m.candidates[0].region.name, m.candidates[0].adcode) for m in sure]
        return latest(self._named, start)

    def _after_town(self, head: Head) -> tuple[int, str, int] | None:
        """西塘镇|人民政府, with the county before it if that is printed."""
        if head.text == "办事处" and self._text[head.start - 2 : head.start] != "街道":
            return None
        start = town_start(self._text, head.start)
        if start is None:
            return None
        mention = None if "facility" in head.kinds else self._by_end.get(start)  # 建昌县|药王庙镇敬老院
        start = mention.formal_start if mention is not None else start
        return start, self._text[start : head.start], head.start

    def _in_list(self, head: Head) -> tuple[int, str, int] | None:
        """市民政局、|财政局: the body before lends its area."""
        last = self._last
        if last is None or head.start - last.end > 4 or len(head.text) < 3 or head.text.endswith("部门"):
            return None
        if not _JOINT.fullmatch(self._text[last.end : head.start]):
            return None
        return head.start, last.area, head.start
