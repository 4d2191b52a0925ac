"""Periods of the calendar: pairs of inclusive dates, None for an open end."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

Period = tuple[dt.date | None, dt.date | None]
Closed = tuple[dt.date, dt.date]

_TEN_DAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上中旬": (1, 20), "中下旬": (11, 31)}


def years(first: int, last: int) -> Closed | None:
    """From the first day of one year to the last day of another."""
    return (dt.date(first, 1, 1), dt.date(last, 12, 31)) if first <= last else None


def months(year: int, first: int, last: int) -> Closed | None:
    """Whole months of a year; None when they are no months (13月, 6—3月)."""
    if not 1 <= first <= last <= 12:
        return None
    return dt.date(year, first, 1), dt.date(year, last, monthrange(year, last)[1])


def quarters(year: int, first: int, last: int) -> Closed | None:
    """Whole quarters of a year."""
    return months(year, 3 * first - 2, 3 * last)


def days(year: int, month: int, first: int, last: int) -> Closed | None:
    """Days of a month; None for dates that do not exist (2月30日)."""
    try:
        start, end = dt.date(year, month, first), dt.date(year, month, last)
    except ValueError:
        return None
    return (start, end) if start <= end else None


def cut(period: Closed | None, edge: str | None) -> Closed | None:
    """The first day (初), the last day (底, 末) or the ten days (上旬) of a period; all of it without such a word."""
    if period is None or edge is None:
        return period
    if edge in _TEN_DAYS:
        first, last = _TEN_DAYS[edge]
        return period[0].replace(day=first), period[1].replace(day=min(last, period[1].day))
    if "初" in edge:
        return period[0], period[0]
    return (period[1], period[1]) if any(c in edge for c in "底末") else period


def add_years(day: dt.date, number: int) -> dt.date:
    """The same day of another year; the end of February stays its end."""
    year = day.year + number
    if day.month == 2 and day.day == monthrange(day.year, 2)[1]:
        return day.replace(year=year, day=monthrange(year, 2)[1])
    return day.replace(year=year)


def add_months(day: dt.date, number: int) -> dt.date:
    """The first day of the month that lies `number` months from the day's."""
    at = day.year * 12 + day.month - 1 + number
    return dt.date(at // 12, at % 12 + 1, 1)


def distance(period: Closed, day: dt.date) -> int:
    """Days between a day and a period, 0 inside it."""
    return max((period[0] - day).days, (day - period[1]).days, 0)
