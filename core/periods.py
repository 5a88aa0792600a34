"""Periods of a report: whole half-years of the programme, written as months, 2019-06..2019-12.

Tables of two periods that overlap a little differ by the few women between them. So every table is
counted for one half-year, and longer periods add half-years up; of the first and the last one, only
the months that the programme runs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])\.\.([0-9]{4})-(0[1-9]|1[0-2])")
_HALF = 6  # months


class PeriodError(ValueError):
    """A period that cannot be reported on; the message says why, and what can be."""


@dataclass(frozen=True, order=True)
class Period:
    """Whole months, the last one included; counted from the year 0, so that they add up."""

    first: int
    last: int

    def __str__(self) -> str:
        """The period as people and commands write it."""
        return f"{_month(self.first)}..{_month(self.last)}"

    def __contains__(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= _number(day) <= self.last

    @property
    def months(self) -> int:
        """How many months it has."""
        return self.last - self.first + 1

    @property
    def begins(self) -> date:
        """Its first day."""
        return _day(self.first)

    @property
    def ends(self) -> date:
        """Its last day."""
        return _day(self.last + 1) - timedelta(days=1)

    def is_over(self, today: date) -> bool:
        """Whether nothing more can happen in it."""
        return self.ends < today

    def overlaps(self, other: "Period") -> bool:
        """Whether a month lies in both."""
        return self.first <= other.last and other.first <= self.last

    def covers(self, other: "Period") -> bool:
        """Whether every month of the other lies in it."""
        return self.first <= other.first and other.last <= self.last

    def halves(self) -> Iterator["Period"]:
        """Yield the half-years it is made of, the first and last one as far as they go."""
        first = self.first
        while first <= self.last:
            last = min(first - first % _HALF + _HALF - 1, self.last)
            yield Period(first, last)
            first = last + 1

    def before(self) -> "Period":
        """Return the period of the same number of months right before it."""
        return Period(self.first - self.months, self.first - 1)


def read(text: str) -> Period:
    """Return the period that is written so; raise PeriodError."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise PeriodError("A period is written as two months: 2019-06..2019-12.")
    years, months = (int(found[1]), int(found[3])), (int(found[2]), int(found[4]))
    first, last = (12 * year + month - 1 for year, month in zip(years, months, strict=True))
    if last < first:
        raise PeriodError("A period ends after it begins.")
    return Period(first, last)


def half_of(day: date) -> Period:
    """Return the half-year of the calendar that a day lies in."""
    first = _number(day) - _number(day) % _HALF
    return Period(first, first + _HALF - 1)


def runs(programme: Period, today: date) -> list[Period]:
    """Return every period that `check` lets through, the shortest first."""
    halves = [half for half in programme.halves() if half.is_over(today)]
    return [
        Period(halves[start].first, halves[start + length].last)
        for length in range(len(halves))
        for start in range(len(halves) - length)
    ]


def check(period: Period, programme: Period, today: date) -> None:
    """Raise PeriodError unless the period is made of whole half-years of the programme, over."""
    possible = [half for half in programme.halves() if half.is_over(today)]
    starts = {half.first for half in possible}
    ends = {half.last for half in possible}
    if period.first in starts and period.last in ends:
        return
    if not possible:
        raise PeriodError(f"No half-year of the programme ({programme}) is over yet.")
    known = ", ".join(str(half) for half in possible)
    raise PeriodError(
        f"{period} is not made of whole half-years that are over. Two periods that differ by a few "
        f"months would show the few women between them. Possible are {known}, and several of them "
        "in a row."
    )


def _number(day: date) -> int:
    return 12 * day.year + day.month - 1


def _day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _month(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"
