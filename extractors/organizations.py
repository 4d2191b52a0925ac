"""Organizations: governments, party committees, departments, courts, mass organizations, named institutions, firms, media."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.bodies import Body, BodyFinder
from extractors.heads import Head, heads
from extractors.institutions import find_bracketed, find_institution, find_medium, find_sources, is_source
from extractors.mentions import Mention, find_mentions
from extractors.regions import Region
from extractors.spans import Cover, Span

_TITLES = re.compile(r"《[^》\n]{1,80}》")
_DEPARTMENT = re.compile(r"(?<=[，,。；;、：:\n和与及据由])([\u4e00-\u9fff]{2,9}?司)(?![法令机徒])")
_OPEN = frozenset(("named", "facility", "station", "office"))
_REACH = 40
"""No name is longer than this, in characters before its ending."""
_WHOLES = ("大学", "学院", "医院", "集团", "科学院")
_INNER = frozenset(("医院", "学院", "研究院", "研究所", "中学", "小学"))
_ROLE = re.compile(r"代表|委员(?!会)")


@dataclass(frozen=True, slots=True)
class Organization:
    """A named body: half-open code-point offsets; `name` is the full name where the text lets one complete it."""

    start: int
    end: int
    text: str
    name: str


def find_organizations(text: str, home: Region | None = None, taken: Sequence[Span] = ()) -> list[Organization]:
    """Named bodies in text order, none inside another. `home` completes 省民政厅; nothing is found in `taken` or in titles,
    save the newspapers that stand in 《》."""
    blocked = Cover([*taken, *(m.span() for m in _TITLES.finditer(text))])
    found = [_printed(text, span) for span in find_bracketed(text, _papers())]
    found += [_printed(text, span) for span in find_sources(text)]
    found += [org for org in _find(text, home) if not blocked.touches(org.start, org.end)]
    return _longest(found)


def _of_ministry(text: str, endings: Sequence[Head]) -> Iterator[Organization]:
    """Departments of the ministry that are told without it once it is named: 民政部举行发布会，社会事务司….

    Other ministries have departments of the same names: the last one named before must be 民政部.
    """
    ministries = [head for head in endings if "national" in head.kinds]
    for m in _DEPARTMENT.finditer(text) if ministries else ():
        last = next((head for head in reversed(ministries) if head.start < m.start()), None)
        if last and last.text == "民政部" and m[1] in heads().units:
            yield Organization(*m.span(1), m[1], "民政部" + m[1])


def _find(text: str, home: Region | None) -> Iterator[Organization]:
    mentions = find_mentions(text)
    bodies = BodyFinder(text, home, mentions)
    starts = [mention.start for mention in mentions]
    last: Organization | None = None
    endings = heads().find(text)
    yield from _of_ministry(text, endings)
    for head in endings:
        near = mentions[bisect_left(starts, head.start - _REACH) : bisect_left(starts, head.start)]
        found = _within(text, head, last) or _one(text, head, bodies, last.end if last else 0, near, home)
        if found is not None:
            last = found
            yield found


def _within(text: str, head: Head, last: Organization | None) -> Organization | None:
    """A part of the body right before, named with it: 四川大学|华西医院, 集团|有限公司."""
    if last is None or not last.text.endswith(_WHOLES) or not last.end <= head.start <= last.end + 6:
        return None
    gap = text[last.end : head.start]
    firm = head.text.endswith("公司") and not gap
    if firm or (head.text in _INNER and gap and all("\u4e00" <= char <= "\u9fff" and char not in "和与及、的等在" for char in gap)):
        tail = text[last.end : head.end]
        return Organization(last.start, head.end, last.text + tail, last.name + tail)
    return None


def _one(text: str, head: Head, bodies: BodyFinder, floor: int, mentions: Sequence[Mention], home: Region | None) -> Organization | None:
    kinds = head.kinds
    if "national" in kinds:
        end = heads().unit_end(text, head.end)
        barred = _ROLE.match(text, head.end) or (head.text[-1] == "部" and text[head.end : head.end + 1] == "长")
        return None if barred else _printed(text, (head.start, end))
    if "periodical" in kinds and is_source(text, head.start):
        return _printed(text, (head.start, head.end))
    body = bodies.find(head) if "local" in kinds else None
    if body is not None:
        return _completed(text, body)
    if "media" in kinds:
        span = find_medium(text, head, floor, mentions)
    elif kinds & _OPEN:
        span = find_institution(text, head, floor, mentions, home)
        if span and text[span[0]] in "省市县区州盟旗自":
            body = bodies.lead(*span)
            return _completed(text, body) if body else None
    else:
        span = None
    return _printed(text, span) if span else None


def _printed(text: str, span: Span) -> Organization:
    return Organization(*span, text[slice(*span)], text[slice(*span)])


def _completed(text: str, body: Body) -> Organization:
    return Organization(body.start, body.end, text[body.start : body.end], body.area + text[body.head : body.end])


def _longest(found: list[Organization]) -> list[Organization]:
    """Without those that lie in a longer one."""
    kept: list[Organization] = []
    for org in sorted(found, key=lambda o: (o.start, -o.end)):
        if not kept or org.start >= kept[-1].end:
            kept.append(org)
    return kept


@cache
def _papers() -> frozenset[str]:
    return frozenset(name for name in heads().names("periodical", "national"))
