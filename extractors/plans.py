"""Sections of a text by what their headings say: what lies ahead (2023年工作打算, 下一步), and what is required (整改要求).

A number in the first is a target, a bound in the second a standard, where its own sentence does not say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.spans import Span

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(r"[\s\u3000]*(?:(?P<top>[一二三四五六七八九十]{1,3}、)|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.．、])")
_PLANS = re.compile(
    r"^(?!.*(?:完成情况|回顾|总结|成效|汇报|进展)).*(?:工作?(?:计划|打算|安排|思路|要点)|下一?步|目标任务|(?:主要|发展|总体|工作)目标|今后|明年)"
)
_CONDITIONS = re.compile("条件")
_RULES = re.compile(r"要求|标准|条件|规范|纪律")
_AHEAD = re.compile(
    r"[\s\u3000]*(?:[(（][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,3}[是、])?"
    r"(?:(?:今年|20\d\d年)[，,]?(?:我[们省市县区]|全[省市县区])?(?:将|要)|下一?步|接下来|今后|明年|未来[一二三四五六七八九十\d]*年)[，,]?"
)
_INLINE = re.compile(r"(?P<title>[^。，；：\n]{2,14})。(?=.)")
_HEADING = 30  # characters of a line without a full stop


def find_plans(text: str) -> list[Span]:
    """Planned sections, and paragraphs that open with 下一步, in text order."""
    return list(_sections(text, _PLANS, _AHEAD))


def find_rules(text: str) -> list[Span]:
    """Sections headed as requirements, in text order."""
    return list(_sections(text, _RULES))


def find_conditions(text: str) -> list[Span]:
    """Sections headed as conditions, in which every number is one."""
    return list(_sections(text, _CONDITIONS))


def _sections(text: str, heading: re.Pattern[str], opening: re.Pattern[str] | None = None) -> Iterator[Span]:
    """The lines under matching headings up to the next heading of their level, and those that open in a way of their own. The
    first line is the headline and heads no section."""
    inside = top = False
    for line in _LINE.finditer(text, max(0, text.find("\n"))):
        mark = _MARK.match(line.group())
        if mark and (titled := _INLINE.match(line.group(), mark.end())):
            if heading.search(titled["title"]):
                yield line.start() + titled.end(), line.end()  # 一、申报条件。（一）…
                continue
            inside = inside and not mark["top"]
        if mark and _is_heading(line.group()):
            if heading.search(line.group()):
                inside, top = True, bool(mark["top"])
            elif inside and (mark["top"] or not top):
                inside = False
        elif inside or (opening is not None and opening.match(line.group())):
            yield line.span()


def _is_heading(line: str) -> bool:
    return len(line.strip()) <= _HEADING and not line.rstrip().endswith(("。", "；", "，"))
