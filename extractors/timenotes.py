"""What a text has said about time so far: its dates by line and sentence, and the years that its headings name."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from extractors.calendar import Period
from extractors.dates import Mention
from extractors.timewords import words

_FRAME = re.compile(r" {0,2},")
_OPENS = frozenset('\n,。;:!?！？ ("】在')
_HEADING = 40  # characters of a line without a full stop
_LOOK_BACK = 64  # dates; keeps one endless paragraph from costing the square of its length


@dataclass(frozen=True, slots=True)
class Note:
    """A date resolved earlier in the text; `explicit`: it names its year, as a number or as 去年."""

    start: int
    end: int
    period: Period
    role: str
    explicit: bool

    @property
    def first(self) -> dt.date:
        """The day that it begins with, for an open start its end."""
        return self.period[0] or self.period[1] or dt.date.min

    @property
    def year(self) -> int:
        """The year that it ends in, or began in when it goes on."""
        return (self.period[1] or self.first).year

    @property
    def length(self) -> int:
        """Days of a period that lies in one year, else 0."""
        start, end = self.period
        return (end - start).days + 1 if start and end and start.year == end.year else 0


class Notes:
    """Dates noted from left to right."""

    def __init__(self, norm: str) -> None:
        self._norm = norm
        self._lines = [m.end() for m in re.finditer("\n", norm)]
        self._sentences = [m.end() for m in re.finditer(r"[。!?！？\n]", norm)]
        self._title_end = self._lines[0] if self._lines else len(norm)
        self._is_report = re.search(words().reports, norm[: self._title_end]) is not None
        self.is_work_report = "工作报告" in norm[: self._title_end]
        self._headings: dict[int, set[int]] = {}
        self._all: list[Note] = []
        self._now = -1

    def add(self, m: Mention, period: Period, role: str) -> None:
        """Remember what a mention stands for, unless the text does not go on to speak of it: comparisons, old values
        (由2022年的46个), 年度 in the title of a notice, which may be the year before."""
        old = self._norm.startswith("的", m.end) and self._norm[m.start - 1 : m.start] in ("由", "从")
        lags = m.start < self._title_end and not self._is_report and "年度" in self._norm[m.start : m.end + 1]
        if role == "baseline" or old or lags:
            return
        note = Note(m.start, m.end, period, role, m.first.has_year)
        self._all.append(note)
        line = self.line(m.start)
        if note.explicit and note.length >= 28 and self._is_heading(line):
            self._headings.setdefault(line, set()).add(note.year)

    def pass_now(self, at: int) -> None:
        """Remember a 目前 or 今年 that could not be told: what follows it is of an unknown year."""
        self._now = at

    def before(self, at: int, floor: int = 0) -> Iterator[Note]:
        """Notes back from an offset, none before `floor`."""
        return (n for n in islice(reversed(self._all), _LOOK_BACK) if n.start >= floor)

    def line(self, at: int) -> int:
        """Where the line of an offset starts."""
        return _floor(self._lines, at)

    def sentence(self, at: int) -> int:
        """Where the sentence of an offset starts."""
        return _floor(self._sentences, at)

    def heading_year(self) -> int | None:
        """The one year that the nearest heading with a year, or the title, names."""
        if not self._headings:
            return None
        years = self._headings[next(reversed(self._headings))]
        return next(iter(years)) if len(years) == 1 else None

    def opens_clause(self, note: Note) -> bool:
        """Whether a clause begins with the date."""
        return note.start == 0 or self._norm[note.start - 1] in _OPENS

    def is_frame(self, note: Note) -> bool:
        """2022年,…: set off by a comma, so that what follows stands under it."""
        return self.opens_clause(note) and _FRAME.match(self._norm, note.end) is not None

    def is_stale(self, note: Note) -> bool:
        """Whether the text has since moved to an unknown now."""
        return self._now > note.start

    def _is_heading(self, line: int) -> bool:
        end = self._norm.find("\n", line, line + _HEADING + 1)
        if end < 0:
            end = len(self._norm)
        return end - line <= _HEADING and self._norm[end - 1] not in "。;!?！？,"


def _floor(breaks: list[int], at: int) -> int:
    i = bisect_right(breaks, at)
    return breaks[i - 1] if i else 0
