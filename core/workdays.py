"""Working days in North Rhine-Westphalia: Monday to Friday but for the public holidays.

The holidays are those of its Feiertagsgesetz, § 2; Easter by the algorithm in J. Meeus,
Astronomical Algorithms, 2nd edition, chapter 8.
"""

from datetime import date, timedelta
from functools import cache

_FIXED = ((1, 1), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26))
# Good Friday, Easter Monday, Ascension, Whit Monday, Corpus Christi
_AFTER_EASTER = (-2, 1, 39, 50, 60)
_SATURDAY = 5


def easter(year: int) -> date:
    """Return Easter Sunday of a year in the Gregorian calendar."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year."""
    sunday = easter(year)
    movable = (sunday + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset((*(date(year, *one) for one in _FIXED), *movable))


def is_workday(day: date) -> bool:
    """Say whether people work on a day."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def before(day: date, count: int) -> date:
    """Return the last day that is followed by `count` whole working days before `day`.

    What came in on that day or earlier has waited for so many of them.
    """
    while count:
        day -= timedelta(days=1)
        count -= is_workday(day)
    return day - timedelta(days=1)
