"""Values of spreadsheet cells as the sheet shows them: 0.176 as 17.6%, 18406 as 18,406, days as dates."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00"},
    **{14: "yyyy-mm-dd", 15: "yyyy-mm-dd", 17: "yyyy-mm", 22: "yyyy-mm-dd hh:mm", 18: "h:mm", 19: "h:mm", 20: "h:mm", 21: "h:mm"},
    **{27: 'yyyy"年"m"月"', 31: 'yyyy"年"m"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"', 49: "@"},
}  # ECMA-376 part 1, 18.8.30, with the forms that Chinese Excel shows
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.([0#?]*))?")


def show(value: object, pattern: str | None) -> str:
    """The value's text under a number format; empty for an empty cell. Line breaks and outer blanks are left out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return _day(value, pattern or "")
    if isinstance(value, int | float):
        return _number(value, pattern or "General")
    return "".join(str(value).split("\n")).strip().replace("\r", "")


def is_day(pattern: str) -> bool:
    """Whether the format shows a number as a date."""
    return pattern != "General" and bool(re.search(r"[ymdh]", _LITERAL.sub("", pattern.split(";")[0]).lower()))


def serial_day(value: float, from_1904: bool = False) -> dt.datetime | dt.time | None:
    """The date of a spreadsheet's day number, a time for a fraction of a day; None outside of the calendar."""
    if not 0 <= value < 2_958_466:
        return None
    moment = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)
    moment += dt.timedelta(days=value)
    return moment.time() if value < 1 else moment


def _day(value: dt.datetime | dt.date | dt.time, pattern: str) -> str:
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if pattern.startswith("m") and "年" not in pattern and "月" in pattern:
        return f"{value.month}月{value.day}日"
    if "年" in pattern or "月" in pattern:
        day = f"{value.year}年{value.month}月"
        return f"{day}{value.day}日" if "日" in pattern or "d" in pattern.lower() else day
    return f"{value.year}-{value.month:02d}-{value.day:02d}"


def _number(value: int | float, pattern: str) -> str:
    section = pattern.split(";")[0]
    prefix, suffix = _around(section)
    bare = _LITERAL.sub("", section)
    digits = _DIGITS.search(bare)
    if pattern == "General" or pattern == "@" or digits is None:
        return _plain(value)
    amount = Decimal(str(value)) * (100 if "%" in bare else 1)
    wanted = digits.group(1)
    if wanted is not None or "0" in digits.group():
        amount = amount.quantize(Decimal(1).scaleb(-len(wanted or "")), rounding=ROUND_HALF_UP)
    shown = f"{amount:,f}" if "," in digits.group() else f"{amount:f}"
    if wanted and "#" in wanted:
        shown = shown.rstrip("0").rstrip(".")
    return f"{prefix}{shown}{'%' if '%' in bare else ''}{suffix}"


def _around(section: str) -> tuple[str, str]:
    """Literal text before and after the digits: ¥ and 元."""
    digits = _DIGITS.search(_LITERAL.sub(lambda m: "\x00" * len(m.group()), section))
    if digits is None:
        return "", ""
    parts = section[: digits.start()], section[digits.end() :]
    before, after = ("".join((m.group(1) or m.group(2) or "") for m in _LITERAL.finditer(part)) for part in parts)
    return before, after


def _plain(value: int | float) -> str:
    """A number without the noise of binary fractions."""
    return str(value) if isinstance(value, int) else f"{Decimal(str(round(value, 10))).normalize():f}"
