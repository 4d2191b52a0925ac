"""What a bulletin's own text says of it: title, origin, date. What it does not say is None."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.lines import (
    BLANK,
    DATE,
    LIST_MARK,
    ends_stop,
    is_credit,
    is_date,
    is_imprint,
    is_issue,
    is_label,
    is_leader,
    is_listed,
    is_meta,
    is_number,
    is_organization,
    is_row,
    is_separator,
)

_TITLE_END = re.compile(r"[。；;，,：:、]$")
_BRACKETED = re.compile(r"[（(][^（()）]*[)）]")
_DAY = re.compile(r"\d{1,2}月\d{1,2}日")
_REPORTERS = re.compile(
    rf"[□■◎○●△]?[{BLANK}]*(?:本报|本刊|本网|本台|[\u4e00-\u9fff]{{2,6}}[报网台])?(?:见习|特约|实习)?(?:记者|通讯员)[{BLANK}：:/]"
)
_SUBTITLE = re.compile(r"——|—|--|－－|──|[（(【]")
_BYLINE = re.compile(
    rf"(?:本报|本刊|本网|新华社|人民日报|中新社)?(?:记者|通讯员|特约记者|作者|文|撰稿)[{BLANK}/：:]|[□■◎]|(?:文/|图/)|.{{0,12}}(?:记者|通讯员)[{BLANK}]*\S{{2,12}}$"
)

_PUBLISHED = re.compile(
    rf"(?:发布时间|发布日期|发文日期|公开日期|印发日期|发稿时间|刊发时间|发表时间|更新时间|公布日期)[】\]]?[{BLANK}]*[：:][{BLANK}]*({DATE.pattern})"
)
_TIMED = re.compile(
    rf"(?:时间|日期)[{BLANK}]*[：:][{BLANK}]*({DATE.pattern})(?=.*(?:\d{{1,2}}[：:]\d{{2}}|来[{BLANK}]*源|浏览|点击|阅读|作者|字号))"
)
_STAMP = re.compile(rf"({DATE.pattern})[{BLANK}]+\d{{1,2}}[：:]\d{{2}}|({DATE.pattern})[{BLANK}|｜]+(?:来[{BLANK}]*源|作者|浏览)")
_DATELINE = re.compile(r".{2,20}?(\d{4}年\d{1,2}月\d{1,2}日)(?:电|讯)")
_IS_HEADLINE = re.compile(r"纪要$|[：:].")  # a name of a periodical over its issue is neither
_ISSUER_LINE = re.compile(rf"[（(](?P<issuer>[^（()）]{{3,30}}?)[{BLANK}，,]*{DATE.pattern}[{BLANK}]*[)）]")
_DIGITS = str.maketrans("〇○Oo零一二三四五六七八九", "0000" + "0123456789")
_HEAD, _FOOT = 8, 8


@dataclass(frozen=True, slots=True)
class Dated:
    """A publication date and the rung of the ladder that gave it."""

    day: dt.date
    source: str


def find_title(lines: Sequence[str]) -> str | None:
    """The headline that opens the lines: the first line that can be one, with its second half when it runs over two."""
    at = 0
    while (
        at < len(lines)
        and at < _HEAD
        and (_precedes_title(lines[at]) or (at + 1 < len(lines) and is_issue(lines[at + 1]) and not _IS_HEADLINE.search(lines[at])))
    ):
        at += 1
    if at >= len(lines) or not is_title(lines[at]):
        return None
    title = strip_mark(lines[at])
    if at + 2 < len(lines) and _second_half(lines[at], lines[at + 1]) and not is_title(lines[at + 2]) and not _subheadings(lines[at + 3 :]):
        title = f"{title} {lines[at + 1]}"
    return title


def strip_mark(line: str) -> str:
    """The line without its item number."""
    mark = LIST_MARK.match(line)
    return line[mark.end() :].strip() if mark else line


def is_title(line: str) -> bool:
    """Whether the line can be a headline: short, one clause or two, no stop at its end, nothing that stands elsewhere."""
    bare = strip_mark(line)
    if (
        not 4 <= len(bare) <= 80
        or not any(map(str.isalpha, bare))
        or "。" in bare
        or _BRACKETED.fullmatch(bare)
        or _TITLE_END.search(bare)
        or line.count("  ") > 1
    ):
        return False
    if is_byline(line) or _DAY.fullmatch(line):
        return False
    return not any(kind(line) for kind in (is_meta, is_number, is_date, is_imprint, is_credit, is_separator, is_leader, is_label))


def is_byline(line: str) -> bool:
    """Whether the line names who reports: □本报记者　王某"""
    return bool(_REPORTERS.match(line))


def _precedes_title(line: str) -> bool:
    return len(line) < 4 or any(kind(line) for kind in (is_meta, is_number, is_date, is_imprint, is_separator, is_label, is_issue))


def _subheadings(lines: Sequence[str]) -> bool:
    """Whether headings without a number stand in the text, as the second line then may be one."""
    found = (at for at in range(len(lines) - 1) if is_title(lines[at]) and not is_listed(lines[at]) and not is_row(lines[at]))
    return any(len(lines[at]) <= 25 and ends_stop(lines[at + 1]) and len(lines[at + 1]) > 25 for at in found)


def _second_half(first: str, second: str) -> bool:
    """Whether a second title line belongs to the headline, and is no subtitle, byline, heading or name."""
    if (
        not is_title(second)
        or is_listed(second)
        or is_row(second)
        or is_organization(second)
        or _SUBTITLE.match(second)
        or _BYLINE.match(second)
    ):
        return False
    return len(second) >= 6 and len(first) + len(second) <= 70 and len(second) <= 2 * len(first)


def signature(lines: Sequence[str]) -> dt.date | None:
    """The date under a signature: a date line after a body's name, or one that ends the text.

    The first one: what a document has as an annex bears its own signature after it.
    """
    at = first_signature(lines)
    if at is not None:
        return parse_date(lines[at])
    return parse_date(lines[-1]) if len(lines) > 2 and is_date(lines[-1]) else None


def first_signature(lines: Sequence[str]) -> int | None:
    """The first date line under a body's name, after the headline."""
    for at in range(2, len(lines)):
        names = [part for part in re.split(rf"[{BLANK}]+", lines[at - 1]) if part] if is_date(lines[at]) else []
        if names and is_organization(names[-1]):
            return at
    return None


def find_stamp(line: str) -> dt.date | None:
    """The date of a page's unlabelled stamp: 2024-05-20 09:30 来源：… or 日期：2024-05-20 字体：大"""
    match = _STAMP.match(line) or _TIMED.search(line)
    return parse_date(next(group for group in match.groups() if group)) if match else None


def find_issuer_line(lines: Sequence[str]) -> str | None:
    """The body named with the date in brackets under the headline: （固原市民政局 2023年5月4日）"""
    match = next((m for line in lines[1:4] if (m := _ISSUER_LINE.fullmatch(line))), None)
    name = match.group("issuer").strip() if match else ""
    return name if is_organization(name) else None


def find_published(lines: Sequence[str]) -> Dated | None:
    """The date of publication: a labelled line, a date under the headline, a signature's date, a dateline with its year."""
    edges = [*lines[:_HEAD], *(lines[-_FOOT:] if len(lines) > _HEAD else ())]
    for pattern, where in ((_PUBLISHED, edges), (_TIMED, lines[:4]), (_STAMP, lines[:4])):
        for line in where:
            match = pattern.search(line) if not ends_stop(line) else None
            if match and (day := parse_date(next(group for group in match.groups() if group))):
                return Dated(day, "label")
    for line in lines[1:4]:
        if (is_date(line) or is_imprint(line) or _ISSUER_LINE.fullmatch(line)) and (day := parse_date(line)):
            return Dated(day, "headline")
    if day := signature(lines):
        return Dated(day, "signature")
    for line in lines[:3]:
        if (match := _DATELINE.match(line)) and (day := parse_date(match.group(1))):
            return Dated(day, "dateline")
    return None


def parse_date(text: str) -> dt.date | None:
    """The first full date in the text, in digits or Chinese numerals; None when there is none or it is no day."""
    match = DATE.search(text)
    if match is None:
        return None
    parts = [part for part in re.split(rf"[{BLANK}年月日号./-]+", match.group()) if part]
    try:
        year, month, day = int(parts[0].translate(_DIGITS)), _small(parts[1]), _small(parts[2])
        return dt.date(year, month, day) if 1949 <= year <= 2100 else None
    except (ValueError, IndexError):
        return None


def _small(text: str) -> int:
    """1 to 31 in digits or Chinese numerals: 十 二十 二十一 三十一."""
    if "十" not in text:
        return int(text.translate(_DIGITS))
    tens, ones = text.split("十", 1)
    return int(tens.translate(_DIGITS) or 1) * 10 + int(ones.translate(_DIGITS) or 0)
