"""Stretches of a text that tell of what lies ahead: sections headed 2023年工作打算, paragraphs that open with 下一步.

A number in them is a target where its own sentence does not say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.spans import Span

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(r"[\s\u3000]*(?:(?P<top>[一二三四五六七八九十]{1,3}、)|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.．、])")
_PLANS = re.compile(r"工作?(?:计划|打算|安排|思路|要点)|下一?步|目标任务|(?:主要|发展|总体|工作)目标|今后|明年")
_REPORTS = re.compile(r"完成情况|回顾|总结|成效|汇报|进展")
_OPENS = re.compile(
    r"[\s\u3000]*(?:[(（][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,3}[是、])?(?:下一?步|接下来|今后|明年|未来[一二三四五六七八九十\d]*年)[，,]?"
)
_HEADING = 30  # characters of a line without a full stop


def find_plans(text: str) -> list[Span]:
    """Spans of planned sections and paragraphs, in text order. The first line is the headline and heads no section."""
    return list(_plans(text))


def _plans(text: str) -> Iterator[Span]:
    inside = top = False
    for line in _LINE.finditer(text, max(0, text.find("\n"))):
        mark = _MARK.match(line.group())
        if mark and _is_heading(line.group()):
            if _PLANS.search(line.group()):
                inside, top = not _REPORTS.search(line.group()), bool(mark["top"])
            elif inside and (mark["top"] or not top):
                inside = False
        elif inside or _OPENS.match(line.group()):
            yield line.span()


def _is_heading(line: str) -> bool:
    return len(line.strip()) <= _HEADING and not line.rstrip().endswith(("。", "；", "，"))
