"""Periods of the calendar: pairs of inclusive dates, None for an open end."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

Period = tuple[dt.date | None, dt.date | None]
Closed = tuple[dt.date, dt.date]

_TEN_DAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上中旬": (1, 20), "中下旬": (11, 31)}


def years(first: int, last: int) -> Closed:
    """From the first day of one year to the last day of another."""
    return dt.date(first, 1, 1), dt.date(last, 12, 31)


def months(year: int, first: int, last: int) -> Closed | None:
    """Whole months of a year; None when they are no months (13月, 6—3月)."""
    if not 1 <= first <= last <= 12:
        return None
    return dt.date(year, first, 1), dt.date(year, last, monthrange(year, last)[1])


def quarters(year: int, first: int, last: int) -> Closed | None:
    """Whole quarters of a year."""
    return months(year, 3 * first - 2, 3 * last)


def half(year: int, which: str) -> Closed:
    """上 or 下: a half of a year."""
    return (dt.date(year, 1, 1), dt.date(year, 6, 30)) if which == "上" else (dt.date(year, 7, 1), dt.date(year, 12, 31))


def days(year: int, month: int, first: int, last: int) -> Closed | None:
    """Days of a month; None for dates that do not exist (2月30日)."""
    try:
        start, end = dt.date(year, month, first), dt.date(year, month, last)
    except ValueError:
        return None
    return (start, end) if start <= end else None


def ten_days(period: Closed, name: str) -> Closed:
    """上旬, 中旬 or 下旬 of a month."""
    first, last = _TEN_DAYS[name]
    return period[0].replace(day=first), period[1].replace(day=min(last, period[1].day))


def add_years(day: dt.date, number: int) -> dt.date:
    """The same day in another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + number)
    except ValueError:
        return day.replace(year=day.year + number, day=28)


def add_months(day: dt.date, number: int) -> dt.date:
    """The first day of the month that lies `number` months from the day's."""
    at = day.year * 12 + day.month - 1 + number
    return dt.date(at // 12, at % 12 + 1, 1)


def distance(period: Closed, day: dt.date) -> int:
    """Days between a day and a period, 0 inside it."""
    return max((period[0] - day).days, (day - period[1]).days, 0)
