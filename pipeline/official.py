"""The parts of an official document (GB/T 9704): issuer, number, headline, addressees, date of signing, annexes.

Offsets are code points into the text handed in. What a document does not print is None.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.lines import BLANK, HAN, is_date, is_meta, is_number, is_organization
from pipeline.metadata import is_title, parse_date, strip_mark

_KINDS = "通知|通告|公告|通报|意见|决定|决议|命令|令|公报|批复|函|复函|报告|请示|议案|纪要|办法|规定|方案|公示|细则"
_TITLE = re.compile(rf"(?P<issuer>[{HAN}{BLANK}]{{2,60}}?)?[{BLANK}]*关于(?P<about>.+?)的?(?P<kind>{_KINDS})(?:[（(].{{1,12}}[）)])?")
_ISSUED = re.compile(rf"[{HAN}]{{2,30}}[{BLANK}]+(?P<date>\d{{4}}年\d{{1,2}}月\d{{1,2}}日)[{BLANK}]*印发")
_RED_HEAD = re.compile(rf"(?P<issuer>[{HAN}]{{4,30}}?)(?:文件|（通知）|公报)")
_ANNEX = re.compile(rf"附[{BLANK}]*件(?P<mark>[{BLANK}]*\d{{0,2}})[：:][{BLANK}]*(?P<rest>.+)")
_ANNEX_ITEM = re.compile(r"\d{1,2}[.．、][ \u3000]*(?P<name>[^；;。]{2,80})")
_RECIPIENT = re.compile(r"[^。；;]{2,200}[：:]")
_NO_RECIPIENT = re.compile(r"[一二三四五六七八九十]{1,3}、|(?:.*(?:如下|事项)|[问答]|时间|地点|来源|.{0,2}单位)[：:]$")
_HEAD = 12  # lines in which headline, number and addressees stand
_PARTS = re.compile(r"[ \u3000、,，]+")


@dataclass(frozen=True, slots=True)
class Official:
    """What an official document prints of itself.

    `signed` is the date under the signature (成文日期), `printed` the date in the imprint (印发日期); neither is the date
    of publication on a site. `start` and `end` span the headline.
    """

    start: int
    end: int
    title: str
    kind: str
    issuer: str | None = None
    number: str | None = None
    recipients: str | None = None
    signed: dt.date | None = None
    printed: dt.date | None = None
    annexes: tuple[str, ...] = ()


def find_official(text: str) -> Official | None:
    """The official document that the text is, None when it is none: 关于…的通知 with a number, addressees or a signature."""
    lines = text.split("\n")
    at = next((i for i, line in enumerate(lines[:_HEAD]) if is_title(line) and _TITLE.fullmatch(strip_mark(line))), None)
    if at is None:
        return None
    match = _TITLE.fullmatch(strip_mark(lines[at]))
    assert match is not None
    number = next((_bare(line) for line in lines[:_HEAD] if is_number(line)), None)
    recipients = next((line[:-1] for line in lines[at + 1 : at + 4] if _is_recipients(line)), None)
    body, signed = _signature(lines)
    if number is None and recipients is None and signed is None:
        return None
    start = sum(len(line) + 1 for line in lines[:at]) + len(lines[at]) - len(strip_mark(lines[at]))
    issuer = body or _name(match.group("issuer")) or _red_head(lines[:at])
    printed = next((parse_date(m.group("date")) for line in lines[-6:] if (m := _ISSUED.search(line))), None)
    return Official(
        start, start + len(match.group()), match.group(), match.group("kind"), issuer, number, recipients, signed, printed, _annexes(lines)
    )


def _bare(line: str) -> str:
    """The number without the blanks that set its parts apart, as 云民发〔2022〕 5号 is cited."""
    return re.sub(rf"[{BLANK}]+", "", line)


def _is_recipients(line: str) -> bool:
    return bool(_RECIPIENT.fullmatch(line)) and not _NO_RECIPIENT.match(line) and not is_meta(line)


def _name(issuer: str | None) -> str | None:
    name = (issuer or "").strip()
    return name if name and all(is_organization(part) for part in _PARTS.split(name)) else None


def _red_head(lines: list[str]) -> str | None:
    """The issuer in the red head over the headline: 云南省民政厅文件"""
    match = next((m for line in lines if (m := _RED_HEAD.fullmatch(_bare(line)))), None)
    return _name(match.group("issuer")) if match else None


def _signature(lines: list[str]) -> tuple[str | None, dt.date | None]:
    """The signing bodies and the date under them: the last date line that a body's name stands over."""
    for at in range(len(lines) - 1, 0, -1):
        if is_date(lines[at]):
            above = lines[at - 1]
            bodies = [above]
            while at - 1 - len(bodies) > 0 and is_organization(lines[at - 1 - len(bodies)]) and len(bodies) < 6:
                bodies.insert(0, lines[at - 1 - len(bodies)])
            name = _name(" ".join(bodies)) or _name(above)
            if name:
                return name, parse_date(lines[at])
    last = next((line for line in reversed(lines) if line.strip()), "")
    return None, parse_date(last) if is_date(last) else None


def _annexes(lines: list[str]) -> tuple[str, ...]:
    """The annexes that the document lists: 附件：1.登记表"""
    found: list[str] = []
    for at, line in enumerate(lines):
        match = _ANNEX.fullmatch(line)
        if match is None:
            continue
        numbered = _items(match.group("rest"))
        found = numbered or [match.group("rest").strip()]
        for line_after in lines[at + 1 : at + 30] if numbered else ():
            if not (more := _items(line_after)):
                break
            found.extend(more)
        break
    return tuple(found)


def _items(line: str) -> list[str]:
    return [match.group("name").strip() for match in _ANNEX_ITEM.finditer(line)]
