"""The parts of an official document (GB/T 9704): issuer, number, headline, addressees, date of signing, annexes, numbered levels.

Offsets are code points into the text handed in. What a document does not print is None.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from extractors.policies import Policy
from pipeline.document import Metadata
from pipeline.lines import BLANK, HAN, is_date, is_meta, is_number, is_organization
from pipeline.metadata import first_signature, is_title, parse_date, strip_mark

_KINDS = "通知|通告|公告|通报|意见|决定|决议|命令|令|公报|批复|复函|函|报告|请示|议案|纪要|办法|规定|方案|公示|细则|答复"
_REMARK = r"(?:[（(].{1,12}[）)])?"
_ABOUT = rf"(?:关于.+?|对[^。]{{4,60}}?|(?:转发|印发|批转)[^。]*《[^》]+》)的?(?:补充|紧急|实施|若干|指导)?(?P<kind>{_KINDS}){_REMARK}"
_TITLE = re.compile(rf"(?P<issuer>(?!关于)[{HAN}{BLANK}、]{{2,80}}?)?[{BLANK}]*{_ABOUT}")
_FORM = re.compile(rf"(?P<issuer>[{HAN}]{{2,30}}?(?:局|厅|部|委员会|政府|办公室))?[{HAN}]{{0,24}}?(?P<kind>决定书|通知书|告知书|纪要)")
_DECREE = re.compile(rf"(?P<issuer>[{HAN}]{{2,30}}?)(?P<kind>公告|令|通告|公报)")  # 中华人民共和国民政部令, then 第66号
_DECREE_NUMBER = re.compile(
    rf"[（(]?[{BLANK}]*(?:\d{{4}}年[{BLANK}]*)?第[{BLANK}]*[\d一二三四五六七八九十百〇零]+[{BLANK}]*号[{BLANK}]*[)）]?"
)
_ISSUED = re.compile(rf"[{HAN}]{{2,30}}[{BLANK}]+(?P<date>\d{{4}}年\d{{1,2}}月\d{{1,2}}日)[{BLANK}]*印发")
_RED_HEAD = re.compile(rf"(?P<issuer>[{HAN}]{{4,30}}?)(?:文件|（通知）|公报)")
_SIGNER = re.compile(rf"[{BLANK}]+签发人?[{BLANK}]*[：:].*")
_ANNEX = re.compile(rf"附[{BLANK}]*件(?P<mark>[{BLANK}]*\d{{0,2}})[{BLANK}]*[：:.．、][{BLANK}]*(?P<rest>.*)")
_ANNEX_ITEM = re.compile(r"\d{1,2}[.．、][ \u3000]*(?P<name>[^；;。]{2,80}?)(?=[ \u3000]*(?:\d{1,2}[.．、](?!\d)|[；;。]|$))")
_RECIPIENT = re.compile(r"[^。；;]{2,300}[：:]")
_NO_RECIPIENT = re.compile(r"[一二三四五六七八九十]{1,3}、|附|(?:.*(?:如下|事项)|[问答]|时间|地点|来源|.{0,2}单位)[：:]$")
_HEAD = 12  # lines in which headline, number and addressees stand
_ROWS = 4  # a headline is set in no more lines
_PARTS = re.compile(rf"[{BLANK}、,，]+")
_HOLDER = re.compile(rf"(?:部|厅|局|省|市|县|区|州|旗|镇|乡)长[{BLANK}：:]+\S.{{0,12}}|主[席任][{BLANK}：:]+\S.{{0,12}}")  # signs an order
_GIVES_OUT = re.compile(r"(?:印发|发布|公布|颁布|下发|制定|出台|修订)(?:了|实施|试行)?$")
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_LEVELS = (
    re.compile(rf"{_NUMERAL}、"),
    re.compile(rf"[（(]{_NUMERAL}[)）]"),
    re.compile(r"\d{1,2}[.．、](?!\d)"),
    re.compile(r"[（(]\d{1,2}[)）]"),
)
"""The marks of the four levels of GB/T 9704, 7.3.3."""
_HEADING_END = re.compile(r"[。：:；;]|$")


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part: level 1 一、 2 （一） 3 1. 4 （1）; the span is its heading, up to the first stop of its line."""

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Official:
    """What an official document prints of itself.

    `signed` is the date under the signature (成文日期), `printed` the date in the imprint (印发日期); neither is the date
    of publication on a site. `start` and `end` span the headline, which may run over lines; several issuers are joined by 、.
    """

    start: int
    end: int
    title: str
    kind: str | None = None
    issuer: str | None = None
    number: str | None = None
    recipients: str | None = None
    signed: dt.date | None = None
    printed: dt.date | None = None
    index: str | None = None
    annexes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


def find_official(text: str) -> Official | None:
    """The official document that the text is, None when it is none: 关于…的通知 with a number, addressees or a signature."""
    lines = text.split("\n")
    head = _headline(lines)
    if head is None:
        return None
    first, last, match = head
    number = _decree_number(lines, first) if match.re is _DECREE else next(filter(None, map(_number, lines[:_HEAD])), None)
    recipients = next((line[:-1] for line in lines[last : last + 4] if _is_recipients(line)), None)
    body, signed = _signature(lines, last)
    if number is None and recipients is None and signed is None:
        return None
    lead = "".join(lines[first:last])
    above = _bodies_above(lines, first) if not match.group("issuer") else []
    start = sum(len(line) + 1 for line in lines[: first - len(above)])
    start += 0 if above else len(lead) - len(strip_mark(lead))
    end = sum(len(line) + 1 for line in lines[:last]) - 1
    issuer = body or _name(match.group("issuer")) or _name(" ".join(above)) or _red_head(lines[:first])
    printed = next((parse_date(m.group("date")) for line in lines[-6:] if (m := _ISSUED.search(line))), None)
    title = "".join([*above, match.group()])
    annexes, sections = tuple(_annexes(lines[last:])), tuple(_sections(lines, last))
    return Official(start, end, title, match.group("kind"), issuer, number, recipients, signed, printed, annexes=annexes, sections=sections)


def with_metadata(official: Official | None, title: str | None, metadata: Metadata) -> Official | None:
    """The document with what its page's metadata adds; a page that gives a number is one, whatever its headline."""
    if official is None and not (metadata.number and title):
        return None
    found = official or Official(0, 0, title or "")
    return replace(
        found,
        issuer=found.issuer or metadata.issuer,
        number=found.number or (_bare(metadata.number) if metadata.number else None),
        recipients=found.recipients or metadata.recipient,
        signed=found.signed or metadata.signed,
        index=metadata.index,
    )


def own_policies(text: str, policies: Sequence[Policy], official: Official | None) -> list[Policy]:
    """The policies with issuer, number and day of the document itself where they are what it gives out.

    The headline alone is no policy; 《…》 in 关于印发《…》的通知 is, and any mention of the document by its title.
    """
    if official is None:
        return list(policies)
    given = {official.title} | {
        p.name for p in policies if official.start <= p.start < official.end and _GIVES_OUT.search(text, official.start, p.start)
    }
    if official.kind == "令":  # 《…》已经…会议通过，现予公布
        given |= {p.name for p in policies[:1] if text[official.end : p.start].count("\n") < 3}
    return [_issued(p, official) if p.kind == "document" and p.name in given else p for p in policies]


def _issued(policy: Policy, official: Official) -> Policy:
    return replace(
        policy,
        issuer=official.issuer or policy.issuer,
        number=official.number or policy.number,
        issued=official.signed or policy.issued,
    )


def _headline(lines: list[str]) -> tuple[int, int, re.Match[str]] | None:
    """The lines of the headline, half-open, and its match."""
    for first in range(min(_HEAD, len(lines))):
        for last in range(first + 1, min(first + _ROWS, len(lines)) + 1):
            row = lines[last - 1]
            if last > first + 1 and (is_number(row) or is_date(row) or is_organization(lines[first])):
                break
            joined = strip_mark("".join(lines[first:last]))
            if _is_set_as_title(lines[first], joined) and (match := _TITLE.fullmatch(joined)):
                return first, last, match
            if last == first + 1 and (match := _FORM.fullmatch(row)) and any(map(_number, lines[last : last + 2])):
                return first, last, match
            if last == first + 1 and (match := _DECREE.fullmatch(_bare(row))) and _decree_number(lines, first):
                return first, last, match
    return None


def _is_set_as_title(first: str, joined: str) -> bool:
    return is_title(first) and 4 <= len(joined) <= 150 and "。" not in joined


def _decree_number(lines: list[str], at: int) -> str | None:
    """The number of an order or announcement with its name, as it is cited: 民政部令第66号"""
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return _bare(lines[at]) + _bare(following).strip("（()）") if _DECREE_NUMBER.fullmatch(following) else None


def _number(line: str) -> str | None:
    bare = _SIGNER.sub("", line).strip("（()）")
    return _bare(bare) if is_number(bare) else None


def _bare(line: str) -> str:
    """The number without the blanks that set its parts apart, as 云民发〔2022〕 5号 is cited."""
    return re.sub(rf"[{BLANK}]+", "", line)


def _bodies_above(lines: list[str], at: int) -> list[str]:
    """The lines right over 关于…的通知 that name who issues it."""
    found = list(takewhile(lambda line: _name(line) is not None, reversed(lines[max(0, at - 3) : at])))
    return [line for line in reversed(found) if not _RED_HEAD.fullmatch(_bare(line))]


def _is_recipients(line: str) -> bool:
    return bool(_RECIPIENT.fullmatch(line)) and not _NO_RECIPIENT.match(line) and not is_meta(line)


def _name(issuer: str | None) -> str | None:
    """The bodies that a stretch of text names, joined by 、; None when it names something else."""
    parts = [part for part in _PARTS.split(issuer or "") if part]
    return "、".join(parts) if parts and all(is_organization(part) for part in parts) else None


def _red_head(lines: list[str]) -> str | None:
    """The issuer in the red head over the headline: 云南省民政厅文件"""
    match = next((m for line in lines if (m := _RED_HEAD.fullmatch(_bare(line)))), None)
    return _name(match.group("issuer")) if match else None


def _signature(lines: list[str], after: int) -> tuple[str | None, dt.date | None]:
    """The signing bodies and the date under them: of the document itself, not of what it has as an annex."""
    if after < len(lines) and lines[after][:1] in "（(" and is_date(lines[after]):
        return None, parse_date(lines[after])  # under the headline: （2024年1月15日）
    at = first_signature(lines[after:])
    if at is not None:
        at += after
        bodies = [lines[at - 1]]
        while at - 1 - len(bodies) > after and _name(lines[at - 1 - len(bodies)]) and len(bodies) < 6:
            bodies.insert(0, lines[at - 1 - len(bodies)])
        return _name(" ".join(bodies)) or _name(lines[at - 1]), parse_date(lines[at])
    signer = next((at for at in range(after + 1, len(lines)) if is_date(lines[at]) and _HOLDER.fullmatch(lines[at - 1])), None)
    if signer is not None:
        return None, parse_date(lines[signer])
    last = next((line for line in reversed(lines) if line.strip()), "")
    return None, parse_date(last) if is_date(last) else None


def _annexes(lines: Sequence[str]) -> Iterator[str]:
    """The annexes that the document lists: 附件：1.登记表"""
    for at, line in enumerate(lines):
        match = _ANNEX.fullmatch(line)
        if match is None:
            continue
        rest = match.group("rest").strip()
        if match.group("mark").strip():  # 附件1：登记表, each in a line of its own
            marked = takewhile(lambda m: m is not None and m.group("mark").strip(), (_ANNEX.fullmatch(one) for one in lines[at : at + 30]))
            yield from (m.group("rest").strip() for m in marked if m is not None and m.group("rest").strip())
            return
        numbered = _items(rest)
        if rest and not numbered:
            yield rest
            return
        yield from numbered
        for following in lines[at + 1 : at + 30]:
            if not (more := _items(following)):
                return
            yield from more
        return


def _items(line: str) -> list[str]:
    return [match.group("name").strip() for match in _ANNEX_ITEM.finditer(line)] if _LEVELS[2].match(line) else []


def _sections(lines: Sequence[str], first: int) -> Iterator[Section]:
    """The numbered parts of the body, in order."""
    start = sum(len(line) + 1 for line in lines[:first])
    annexes = False
    for line in lines[first:]:
        level = next((level for level, mark in enumerate(_LEVELS, 1) if mark.match(line)), 0)
        annexes = bool(_ANNEX.fullmatch(line)) or (annexes and level == 3)
        if level and not annexes and (stop := _HEADING_END.search(line)):
            yield Section(level, start, start + stop.start())
        start += len(line) + 1
