"""Which year a date means that has none, and which day 去年 or 8日 counts from.

The order of trust, first that answers: the year that the same paragraph has just spoken of (2022年…，其中5月20日…);
the day of publication, past dates before future ones unless the clause looks ahead; without a day of publication the
nearest year before in the text, the title's year, the only year of the text. Where none answers, there is no date.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extractors.calendar import Closed, Period, add_months, days, distance
from extractors.dates import Mention, tables

_BREAK = re.compile(r"[。!?！？\n]")
_ISSUED = re.compile(r"(?:发布|公开|公布|印发|成文|发文|生成|更新)(?:时间|日期)?:? {0,2}$")
_HALF_A_YEAR = 183


@dataclass(frozen=True, slots=True)
class Note:
    """A date resolved earlier in the text."""

    start: int
    period: Period
    role: str
    explicit: bool  # it names its year, as a number or as 去年

    @property
    def year(self) -> int:
        day = self.period[1] or self.period[0]
        assert day is not None
        return day.year

    @property
    def spans_within_year(self) -> int | None:
        """Length in days of a period that lies in one year."""
        start, end = self.period
        return None if start is None or end is None or start.year != end.year else (end - start).days + 1


class Anchors:
    """The text's own sense of when it speaks: the day it was published and the dates noted so far."""

    def __init__(self, norm: str, mentions: Sequence[Mention], published: dt.date | None) -> None:
        self.published = published or _stated_publication(norm, mentions)
        self._breaks = [m.end() for m in _BREAK.finditer(norm)]
        self._lines = [m.end() for m in re.finditer("\n", norm)]
        self._title = norm.find("\n") if "\n" in norm else len(norm)
        self._years = _stated_years(norm, mentions)
        self._notes: list[Note] = []

    def note(self, note: Note) -> None:
        """Remember a resolved date; comparisons (比上年) are no part of what the text speaks of."""
        if note.role != "baseline":
            self._notes.append(note)

    def last(self, at: int, same_sentence: bool = False) -> Note | None:
        """The nearest date before, not one still to come."""
        floor = self._floor(self._breaks, at) if same_sentence else 0
        for note in reversed(self._notes):
            if note.start < floor:
                return None
            start = note.period[0] or note.period[1]
            if self.published is None or start is None or start <= self.published or note.role == "in":
                return note
        return None

    def year_of(self, word: str, at: int) -> int | None:
        """The year that 去年, 上年, 当年 … stands for."""
        words = tables()
        if word in words.from_publication:
            base = self.published.year if self.published else self._title_year()
            return None if base is None else base + words.from_publication[word]
        offset = words.from_context[word]
        note = self.last(at)
        if offset >= 0:  # 当年, 次年: only of a year printed in the same paragraph
            note = self._context(at)
            return None if note is None else note.year + offset
        if note is not None and (note.period[1] is not None or self.published is None):
            return note.year + offset
        return self.published.year + offset if self.published else None

    def place(self, make: Callable[[int], Closed | None], at: int, hint: str | None) -> Closed | None:
        """The date that `make` builds, in its year. `hint`: future, past, near (whichever is nearer) or None."""
        context = self._context(at)
        if (
            context is not None
            and (placed := self._beside(make, context)) is not None
            and not (hint == "future" and self._is_long_past(placed))
        ):
            return placed
        if self.published is not None:
            return _nearest(make, self.published, hint, self._title_year())
        year = self._year_before(at)
        return None if year is None else make(year)

    def day(self, first: int, last: int, at: int, hint: str | None) -> Closed | None:
        """The day (days) of a month that is not named: the month just spoken of, else the latest such day."""
        floor = self._floor(self._lines, at)
        note = self._notes[-1] if self._notes and self._notes[-1].start >= floor else None
        if note is not None and (length := note.spans_within_year) is not None and length <= 31 and note.period[0] is not None:
            return days(note.period[0].year, note.period[0].month, first, last)
        if self.published is None:
            return None
        months = [add_months(self.published, n) for n in (-1, 0, 1)]
        found = [d for month in months if (d := days(month.year, month.month, first, last))]
        if hint == "future":
            return next((d for d in found if d[1] >= self.published), None)
        return next((d for d in reversed(found) if d[0] <= self.published), None)

    def _context(self, at: int) -> Note | None:
        """The nearest date of the paragraph that names its year and lies in one year."""
        floor = self._floor(self._lines, at)
        for note in reversed(self._notes):
            if note.start < floor:
                return None
            if note.explicit and note.role in ("in", "point") and note.spans_within_year:
                return note
        return None

    def _beside(self, make: Callable[[int], Closed | None], note: Note) -> Closed | None:
        placed = make(note.year)
        if placed is None or (note.spans_within_year or 0) >= 28 or placed[0] >= (note.period[0] or placed[0]):
            return placed
        later = make(note.year + 1)  # 2023年12月28日…, 1月5日…
        return later if later is not None and (self.published is None or later[1] <= self.published) else placed

    def _is_long_past(self, placed: Closed) -> bool:
        return self.published is not None and (self.published - placed[1]).days > _HALF_A_YEAR

    def _year_before(self, at: int) -> int | None:
        for note in reversed(self._notes):
            if note.role in ("in", "point"):
                return note.year
        years = {year for _, year in self._years}
        return self._title_year() or (years.pop() if len(years) == 1 else None)

    def _title_year(self) -> int | None:
        """The one year that the title names, when the text names none after it."""
        title = {year for at, year in self._years if at < self._title}
        return title.pop() if len(title) == 1 else None

    @staticmethod
    def _floor(breaks: Sequence[int], at: int) -> int:
        i = bisect_right(breaks, at)
        return breaks[i - 1] if i else 0


def _nearest(make: Callable[[int], Closed | None], today: dt.date, hint: str | None, title_year: int | None) -> Closed | None:
    before, this, after = make(today.year - 1), make(today.year), make(today.year + 1)
    if this is None:  # 2月29日
        return next((p for p in (before, after) if p), None)
    if hint == "past":
        return this if this[1] <= today + dt.timedelta(15) or before is None else before
    if hint == "future":
        return after if after is not None and (today - this[1]).days > _HALF_A_YEAR else this
    if hint == "near":
        return min((p for p in (this, before, after) if p), key=lambda p: distance(p, today))
    if before is None:
        return this
    if this[0] > today:
        return before if (today - before[1]).days < (this[0] - today).days else this
    # a half or a whole year that has hardly begun, in a report on the year before
    young = (this[1] - today).days > 2 * (today - this[0]).days and (this[1] - this[0]).days >= 180
    return before if young and (title_year == today.year - 1 or today.month <= 2) else this


def _stated_publication(norm: str, mentions: Sequence[Mention]) -> dt.date | None:
    """The day in a line 发布时间：…, or the date that signs a notice."""
    for m in mentions:
        e = m.first
        if e.year is None or e.month is None or e.day is None or m.last is not None or e.first_day is not None:
            continue
        line_start = norm.rfind("\n", 0, m.start) + 1
        alone = m.end == len(norm.rstrip()) and not norm[line_start : m.start].strip()
        if alone or _ISSUED.search(norm, max(0, m.start - 8), m.start):
            found = days(e.year, e.month, e.day, e.day)
            if found is not None:
                return found[0]
    return None


def _stated_years(norm: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Offsets and years that the text names, but for goals (到2025年)."""
    return [
        (m.start, m.first.year)
        for m in mentions
        if m.kind == "date" and m.first.year is not None and m.first.first_year is None and not norm[: m.start].endswith(("到", "至"))
    ]
