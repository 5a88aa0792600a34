"""Days, months, years and times of day as people type them.

What is stored is what ODK Collect stores: `2026-12-24`, `14:30:00.000+01:00` and
`2026-12-24T14:30:00.000+01:00`; a month or a year alone is its first day.
"""

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from xlsform.answers.plain import AnswerError, plain_digits

# Years outside are slips, or years of another calendar (1404, 2567) that must not pass for ours.
_FIRST_YEAR, _LAST_YEAR = 1850, 2200

_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*([./-])\s*([0-9]{1,2})\s*\2\s*([0-9]{4})\Z")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})\Z")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})\s*[./ -]\s*([0-9]{4})\Z")
_YEAR_AND_MONTH = re.compile(r"([0-9]{4})\s*[./-]\s*([0-9]{1,2})\Z")
_YEAR = re.compile(r"[0-9]{4}\Z")
_CLOCK = re.compile(
    r"([0-9]{1,2})(?:\s*[:.h]\s*([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,3}))?)?)?\s*h?\Z"
)
_BEFORE_NOON = re.compile(r"\s*(?:a\.?\s?m\.?|ص|صباح(?:ا|\u064b|ًا|اً)?)\Z")
_AFTER_NOON = re.compile(r"\s*(?:p\.?\s?m\.?|م|مساء\u064b?)\Z")
_O_CLOCK = re.compile(r"\s*uhr\s*")
_DAY_AND_TIME = re.compile(
    r"(.*?[0-9]{4}|[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2})[\s,T]+(.+)\Z", re.DOTALL
)
_STORED_TIME = re.compile(
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?\Z"
)


def day(typed: str) -> str:
    """Return a date typed as 24.12.2026, 24/12/2026 or 2026-12-24 as ISO.

    Raises AnswerError("date"), also for years that no date of a questionnaire has.
    """
    return _day(plain_digits(typed), "date")


def month(typed: str) -> str:
    """Return the first day of a month typed as 3/2026, 03.2026 or 2026-03, or of any date in it.

    Raises AnswerError("month").
    """
    plain = plain_digits(typed)
    if found := _MONTH_FIRST.match(plain):
        return _date(int(found[2]), int(found[1]), 1, "month")
    if found := _YEAR_AND_MONTH.match(plain):
        return _date(int(found[1]), int(found[2]), 1, "month")
    return _day(plain, "month")[:8] + "01"


def year(typed: str) -> str:
    """Return the first day of a typed year, or of the year of a date; raise AnswerError("year")."""
    plain = plain_digits(typed)
    if _YEAR.match(plain):
        return _date(int(plain), 1, 1, "year")
    return _day(plain, "year")[:5] + "01-01"


def _day(plain: str, problem: str) -> str:
    if found := _DAY_FIRST.match(plain):
        return _date(int(found[4]), int(found[3]), int(found[1]), problem)
    if found := _YEAR_FIRST.match(plain):
        return _date(int(found[1]), int(found[3]), int(found[4]), problem)
    raise AnswerError(problem)


def _date(number: int, month_number: int, day_number: int, problem: str) -> str:
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        raise AnswerError(problem)
    try:
        return date(number, month_number, day_number).isoformat()
    except ValueError:
        raise AnswerError(problem) from None


def time_of_day(typed: str, now: datetime) -> str:
    """Return a time typed as 14:30, 14.30, 14 Uhr 30 or 2:30 pm with the offset it has today.

    Raises AnswerError("time").
    """
    return _stamped(now.date(), _clock(typed, "time"), now.tzinfo).partition("T")[2]


def moment(typed: str, now: datetime) -> str:
    """Return a date and a time, one behind the other, with the offset that the zone of `now` has.

    Raises AnswerError("dateTime").
    """
    found = _DAY_AND_TIME.match(plain_digits(typed))
    if not found:
        raise AnswerError("dateTime")
    on = date.fromisoformat(_day(found[1].strip(), "dateTime"))
    return _stamped(on, _clock(found[2], "dateTime"), now.tzinfo)


def _stamped(on: date, at: time, zone: tzinfo | None) -> str:
    """Return what the clocks of `zone` show, with the offset they have then, as ISO 8601."""
    there = datetime.combine(on, at, tzinfo=zone)
    offset = there.utcoffset() or timedelta()
    minutes = timedelta(minutes=offset // timedelta(minutes=1))  # before 1893 zones had seconds
    return there.replace(tzinfo=timezone(minutes)).isoformat(timespec="milliseconds")


def _clock(typed: str, problem: str) -> time:
    plain = _O_CLOCK.sub(":", plain_digits(typed).casefold()).strip().removesuffix(":")
    before, after = _BEFORE_NOON.search(plain), _AFTER_NOON.search(plain)
    if half := before or after:
        plain = plain[: half.start()]
    found = _CLOCK.match(plain)
    if not found:
        raise AnswerError(problem)
    hour = int(found[1])
    if half and hour <= 12:
        hour = hour % 12 + (12 if after else 0)
    elif before:
        raise AnswerError(problem)  # 14:30 am
    thousandths = (found[4] or "").ljust(3, "0")
    try:
        return time(hour, int(found[2] or 0), int(found[3] or 0), int(thousandths) * 1000)
    except ValueError:
        raise AnswerError(problem) from None


def is_date(stored: str) -> bool:
    """Return whether `stored` is an ISO date."""
    return date.fromisoformat(stored).isoformat() == stored


def is_time(stored: str) -> bool:
    """Return whether `stored` is a time of day in ISO 8601, with or without seconds and offset."""
    return bool(_STORED_TIME.match(stored))


def is_moment(stored: str) -> bool:
    """Return whether `stored` is a date and a time in ISO 8601."""
    on, _, at = stored.partition("T")
    return is_date(on) and is_time(at)


def shown_date(stored: str) -> str:
    """Return an ISO date as 24.12.2026; what is none as it is."""
    parts = stored.split("-")
    return ".".join(reversed(parts)) if len(parts) == 3 else stored


def shown_month(stored: str) -> str:
    """Return the month of an ISO date as 12/2026; what is none as it is."""
    parts = stored.split("-")
    return f"{parts[1]}/{parts[0]}" if len(parts) == 3 else stored


def shown_year(stored: str) -> str:
    """Return the year of an ISO date."""
    return stored.partition("-")[0]


def shown_time(stored: str) -> str:
    """Return a stored time as 14:30, with seconds only where there are some."""
    if not is_time(stored):
        return stored
    clock = re.split(r"[Z+-]", stored)[0]
    clock = clock.rstrip("0").rstrip(".") if "." in clock else clock
    return clock.removesuffix(":00") if clock.count(":") == 2 else clock


def shown_moment(stored: str) -> str:
    """Return a stored date and time as 24.12.2026 14:30."""
    on, found, at = stored.partition("T")
    return f"{shown_date(on)} {shown_time(at)}" if found else shown_date(stored)
