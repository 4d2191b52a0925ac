"""Which year a date means that has none, and which day 去年 or 8日 counts from.

Who is asked, in this order: the year that frames the sentence or the paragraph (2022年，…其中5月20日…); the day of
publication, past dates before future ones unless the clause looks ahead; without a day of publication the year of the
paragraph, the heading's or title's, the nearest before, the only one of the text. Where none answers, there is no date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence

from extractors.calendar import Closed, Period, add_months, days, distance
from extractors.dates import Mention
from extractors.timenotes import Note, Notes
from extractors.timewords import words

_ISSUED = re.compile(r"(?:发布|公开|公布|印发|成文|发文|生成|更新)(?:时间|日期)?:? {0,2}$")
_HALF_A_YEAR = 183
_FRESH = 14
_REPORTS_UNTIL = 4  # month

Make = Callable[[int], Closed | None]


class Anchors:
    """When the text speaks: the day it was published and the dates noted so far."""

    def __init__(self, norm: str, mentions: Sequence[Mention], published: dt.date | None) -> None:
        issue = _issue(norm, mentions)
        self.published = published or (issue[1] if issue else None)
        self._issue = issue[0] if issue else -1
        self._notes = Notes(norm)
        self.why: str | None = None
        """Where the last date that was asked for took its year, month or day from."""
        self._day_years = {m.first.year for m in mentions if m.kind == "date" and m.first.year and m.first.day}
        self._years = set(_named_years(norm, mentions)) if self.published is None else set()

    def note(self, m: Mention, period: Period | None, role: str) -> None:
        """Remember what a mention stands for; None when it could not be told."""
        if period is not None and m.start != self._issue:
            self._notes.add(m, period, role)
        elif period is None and (m.kind in ("now", "today") or m.first.relative in words().from_publication):
            self._notes.pass_now(m.start)

    def _told(self, note: Note | None = None, year: int | None = None) -> None:
        if note is not None:
            self.why = f"the text, offset {note.start}"
        elif self.published is not None:
            self.why = f"published {self.published}"
        else:
            self.why = f"the text speaks of {year}" if year else None

    def year_of(self, word: str, at: int) -> int | None:
        """The year that 去年, 上年, 当年 … stands for."""
        table = words()
        if word in table.from_publication:
            early = self._notes.is_work_report if self.published is None else self.published.month <= _REPORTS_UNTIL
            if word == "过去一年" and not early:
                return None  # only a report of the first months means the calendar year before
            base = self.published.year if self.published else self._only_year()
            self._told(year=base)
            return None if base is None else base + table.from_publication[word]
        offset = table.from_context[word]
        if offset >= 0:  # 当年, 次年: only of a year printed in the same paragraph
            note = next((n for n in self._in_line(at) if n.explicit and (n.length or n.role == "until") and not self._is_ahead(n)), None)
            self._told(note)
            return note.year + offset if note else None
        note = next((n for n in self._notes.before(at) if not self._is_ahead(n)), None)
        if note is not None and (note.period[1] is not None or self.published is None):
            self._told(note)
            return note.year + offset
        self._told()
        return self.published.year + offset if self.published else None

    def place(self, make: Make, at: int, hint: str | None) -> Closed | None:
        """The date that `make` builds for a year, in its year. `hint`: future, past, near (whichever is nearer) or None."""
        today = self.published
        if today is None:
            frame = self._frame(at, fresh=False)
            year = frame.year if frame else self._year_before(at)
            self._told(frame, year)
            return self._beside(make, frame) if frame else None if year is None else make(year)
        found = _nearest(make, today, hint, self._notes.heading_year())
        if hint is None and found is not None and self._goes_on(at, planned := make(today.year)):
            found = planned
        frame = self._frame(at, fresh=found is not None and 0 <= (today - found[1]).days <= _FRESH)
        placed = self._beside(make, frame) if frame else None
        chosen = found if placed is None or (hint == "future" and (today - placed[1]).days > _HALF_A_YEAR) else placed
        self._told(frame if chosen is placed and chosen is not found else None)
        return chosen

    def whole(self, make: Make, at: int, hint: str | None) -> Closed | None:
        """全年, 年末, 年初: of the year that the paragraph or the heading reports on, when it is not ahead."""
        if hint != "future":
            note = next((n for n in self._in_line(at) if n.role in ("in", "until", "point") and not self._is_ahead(n)), None)
            year = note.year if note else self._notes.heading_year()
            if year is not None and (note is not None or self.published is None or self._is_done(make(year))):
                self._told(note, year)
                return make(year)
            planned = any(n.first > self.published for n in self._in_line(at)) if self.published else False
            if self.published is not None and not planned and not self._is_done(make(self.published.year)):
                self._told()
                return make(self.published.year - 1)  # 全年办理结婚登记6万对: told in March, of the year before
        return self.place(make, at, hint)

    def _is_done(self, period: Closed | None) -> bool:
        """Whether a period is over at publication, or nearly so."""
        return period is None or self.published is None or (period[1] - self.published).days <= _FRESH

    def day(self, first: int, last: int, at: int, hint: str | None) -> Closed | None:
        """Days of a month that is not named: the month just spoken of, else the latest such days, or the next when ahead."""
        note = next(self._in_line(at), None)
        self._told(note)
        if note is not None and 0 < note.length <= 31:
            return days(note.year, note.first.month, first, last)
        if self.published is None:
            return None
        months = [add_months(self.published, n) for n in (-2, -1, 0, 1, 2)]
        found = [d for month in months if (d := days(month.year, month.month, first, last))]
        if hint == "future":
            return next((d for d in found if d[1] >= self.published), None)
        return next((d for d in reversed(found) if d[0] <= self.published), None)

    def spoken_of(self, at: int) -> Note | None:
        """The period that 同期 repeats: the nearest before that is no single day of news."""
        note = next((n for n in self._notes.before(at) if n.role != "point" and not self._is_ahead(n)), None)
        self._told(note)
        return note

    def month_before(self, at: int) -> dt.date | None:
        """The first day of the month that 上月 means: before the month that the paragraph speaks of, else before publication."""
        note = next((n for n in self._in_line(at) if 28 <= n.length <= 31), None)
        self._told(note)
        day = note.first if note else self.published
        return add_months(day, -1) if day else None

    def _in_line(self, at: int) -> Iterator[Note]:
        return self._notes.before(at, self._notes.line(at))

    def _is_ahead(self, note: Note) -> bool:
        return self.published is not None and note.first > self.published and note.role == "until"

    def _frame(self, at: int, fresh: bool) -> Note | None:
        """The date that the sentence or the paragraph stands under: explicit, within a year, opening a clause. A `fresh`
        date of a later sentence is news by itself; so is anything after the year that something was founded in (2009年成立的…)."""
        sentence = self._notes.sentence(at)
        for note in self._in_line(at):
            if not (note.explicit and note.role in ("in", "point") and note.length):
                continue
            if self.published is None:
                return None if self._notes.is_stale(note) else note
            if note.start >= sentence:
                if self._notes.is_frame(note) or (self._notes.opens_clause(note) and abs(note.year - self.published.year) <= 1):
                    return note
            elif not fresh and self._notes.is_frame(note):
                return note
        return None

    def _goes_on(self, at: int, planned: Closed | None) -> bool:
        """Whether the text is at what lies ahead (第一阶段3月至4月, 第二阶段…) and the date follows on it."""
        note = next(self._notes.before(at), None)
        if note is None or planned is None or self.published is None or note.role not in ("in", "point"):
            return False
        return note.year == self.published.year and (note.period[1] or note.first) >= self.published and planned[0] >= note.first

    def _beside(self, make: Make, note: Note) -> Closed | None:
        placed = make(note.year)
        if placed is None or note.length >= 28 or placed[0] >= note.first:
            return placed
        later = make(note.year + 1)  # 2023年12月28日…, 1月5日…
        return later if later is not None and (self.published is None or later[1] <= self.published) else placed

    def _only_year(self) -> int | None:
        """The year of the heading, or the only one of the text."""
        for years in (self._years, self._day_years):
            if len(years) == 1 and self._notes.heading_year() is None:
                return next(iter(years))
        return self._notes.heading_year()

    def _year_before(self, at: int) -> int | None:
        year = self._only_year()
        if year is not None:
            return year
        note = next((n for n in self._notes.before(at) if n.role in ("in", "point")), None)
        return None if note is None or self._notes.is_stale(note) else note.year


def _nearest(make: Make, today: dt.date, hint: str | None, heading_year: int | None) -> Closed | None:
    """The date in the year before, of or after publication that fits the hint."""
    before, this, after = make(today.year - 1), make(today.year), make(today.year + 1)
    if this is None:  # 2月29日
        return after if hint == "future" else before
    if before is None:
        return this
    if hint == "past":
        return this if this[1] <= today + dt.timedelta(_FRESH) else before
    if hint == "future":
        return after if after is not None and (today - this[1]).days > _HALF_A_YEAR else this
    if hint == "near":
        return min((p for p in (this, before, after) if p), key=lambda p: distance(p, today))
    if this[0] > today:
        return before if (today - before[1]).days < (this[0] - today).days else this
    # a half or a whole year that has hardly begun, in a report on the year before
    is_young = (this[1] - this[0]).days >= 180 and (this[1] - today).days > 2 * (today - this[0]).days
    return before if is_young and (heading_year == today.year - 1 or today.month <= 2) else this


def _issue(norm: str, mentions: Sequence[Mention]) -> tuple[int, dt.date] | None:
    """Where and which is the day in a line 发布时间：…, else the date that the text is signed with."""
    end = len(norm.rstrip())
    written = None
    for m in mentions:
        part = m.first
        if part.year is None or part.month is None or part.day is None or m.last is not None or part.first_day is not None:
            continue
        label = _ISSUED.search(norm, max(0, m.start - 8), m.start)
        signs = m.end == end and norm[max(0, m.start - 9) : m.start].rstrip(" ").endswith("\n")
        found = days(part.year, part.month, part.day, part.day) if label or signs else None
        if found is not None and label and label.group().startswith(("发布", "公布", "公开")):
            return m.start, found[0]
        written = written or (found and (m.start, found[0]))
    return written


def _named_years(norm: str, mentions: Sequence[Mention]) -> Iterator[int]:
    """Years that the text names, but for goals (到2025年) and 年度, which may be of the year before."""
    for m in mentions:
        is_stated = norm[m.start - 1 : m.start] not in ("到", "至") and norm[m.end - 2 : m.end] != "年度"
        if m.kind == "date" and m.first.year is not None and m.first.first_year is None and is_stated:
            yield m.first.year
