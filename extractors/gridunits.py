"""The unit of a table's figure: from its heading, its row's label, a column of units or the caption (单位：户、万元)."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from extractors.spans import Span
from extractors.units import find_rate, find_unit

_BRACKET = re.compile(r"[（(](?:(?:计量)?单位[:：])?\s*(?P<unit>[^（）()]{1,12}?)\s*[)）]\s*$|[/／,，](?P<bare>[^\s/／（）()]{1,4})$")
_NAMED = re.compile(r"(?:计量)?单位[:：]\s*(?P<units>[^\s）)（(][^）)（(\n]{0,24})")
_BETWEEN = re.compile(r"[、，,；;和及\s]+")
_SCALE = re.compile(r"[万亿千百十]+(?=.)")
_SCALES = {"十": 10.0, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_SIGNS = {"%": "%", "％": "%", "‰": "‰"}
_COUNTED = re.compile(r"(?:([人户件场例]次)(?:数(?:量|合计|总计)?)?|([人户件个家张对场起处所例名辆台套座间])数(?:量|合计|总计)?)$")
_SHARE = re.compile(r"(?:率|占比|比重|百分比)$")
_SPAN = 400  # characters of a caption that may name units


def parse_unit(text: str) -> tuple[float, str, str | None] | None:
    """Scale, unit and denominator of a printed unit: 万元 → 10,000 元; 元/人·月 → 元 per 人·月. None for words that are no unit."""
    text = text.strip()
    if text in _SIGNS:
        return 1.0, _SIGNS[text], None
    scale, start = 1.0, 0
    if (mark := _SCALE.match(text)) and find_unit(text, 0) is None:
        start = mark.end()
        for ch in mark.group():
            scale *= _SCALES[ch]
    found = find_unit(text, start)
    if found is None or text[start].isspace():
        return None
    rate = find_rate(text, found[1])
    if (rate[1] if rate else found[1]) != len(text):
        return None
    return scale, found[0], rate[0] if rate else None


def unit_of(text: str, heading: Span) -> tuple[str | None, int]:
    """The unit printed at a heading's end, and where the heading's words end before it."""
    match = _BRACKET.search(text[heading[0] : heading[1]])
    if match is None:
        return None, heading[1]
    unit = match["unit"] or match["bare"]
    return (unit, heading[0] + match.start()) if parse_unit(unit) else (None, heading[1])


def find_named_units(text: str, spans: tuple[Span, ...]) -> tuple[str, ...]:
    """The units that captions and headings name for the whole table: 单位：户、人、万元."""
    found: dict[str, None] = {}
    for start, end in spans:
        for match in _NAMED.finditer(text, max(start, end - _SPAN), end):
            for unit in _BETWEEN.split(match["units"]):
                if not unit:
                    continue
                if parse_unit(unit) is None:
                    break  # 单位：雁江区民政局
                found[unit] = None
    return tuple(found)


def is_unit_note(text: str) -> bool:
    """Whether a line or cell only names the table's units."""
    match = _NAMED.search(text)
    return match is not None and len(text) - len(match.group()) <= 4 and parse_unit(_BETWEEN.split(match["units"])[0]) is not None


def choose_unit(words: str, named: tuple[str, ...]) -> str | None:
    """The unit that a heading's own words mean (户数, 人数), else the caption's that fits them; None when the words leave it open."""
    counted = _COUNTED.search(words)
    if counted:
        own = counted[1] or counted[2]
        return next((unit for unit in named if _bare(unit) == own), own)
    if len(named) == 1:
        return None if _SHARE.search(words) and _bare(named[0]) not in _SIGNS.values() else named[0]
    for hints, units in _hints():
        if hints.search(words) and (unit := next((unit for unit in named if _bare(unit) in units), None)):
            return unit
    return None


def _bare(unit: str) -> str:
    parsed = parse_unit(unit)
    return parsed[1] if parsed else unit


@cache
def _hints() -> list[tuple[re.Pattern[str], frozenset[str]]]:
    lines = (files("extractors") / "tables/table_units.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return [(re.compile(row["words"]), frozenset(row["units"].split("|"))) for row in rows]
