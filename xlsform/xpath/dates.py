"""Dates of ODK: reading ISO 8601, days and moments, formats such as "%d.%m.%Y"."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from xlsform.tree import Node
from xlsform.values import COUNTED, EPOCH, Day, Moment, NodeSet, Value, parse_number, to_string
from xlsform.xpath.context import ExpressionError

_START = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = 1 - EPOCH, 3_652_059 - EPOCH  # the days Python's calendar knows
_DAY_SECONDS = 86_400
_DATE = re.compile(r"(\d{1,4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?", re.ASCII
)
_ESCAPE = re.compile(r"%(.?)", re.DOTALL)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def temporal(value: Value, zone: tzinfo) -> Day | Moment | None:
    """Return `value` as a day or a moment in `zone`; None for "" and for NaN.

    A number is days since 1970-01-01. Raises ExpressionError for anything else.
    """
    if isinstance(value, (Day, Moment)):
        return value
    if isinstance(value, NodeSet):
        return _of_node(value[0], zone) if value else None
    if isinstance(value, str):
        return read(value, zone)
    if isinstance(value, bool):
        raise ExpressionError(f"{to_string(value)!r} is not a date.")
    return _counted(value, zone)


def read(text: str, zone: tzinfo) -> Day | Moment | None:
    """Return the ISO 8601 date or date-time in `text`, None for ""; raises ExpressionError."""
    if not text:
        return None
    day, mark, time = text.partition("T")
    found = _DATE.fullmatch(day)
    clock = _TIME.fullmatch(time) if mark else None
    try:
        if found and not mark:
            year, month, number = (int(part) for part in found.groups())
            at = datetime(year, month, number, tzinfo=UTC)
            return Day(at.toordinal() - EPOCH)
        if found and clock:
            return Moment(_at(found, clock, zone))
    except (ValueError, OverflowError) as error:
        raise ExpressionError(f"{text!r} is not a date.") from error
    raise ExpressionError(f"{text!r} is not a date.")


def _at(day: re.Match[str], clock: re.Match[str], zone: tzinfo) -> datetime:
    hour, minute, second, fraction, offset = clock.groups()
    micro = int((fraction or "0").ljust(6, "0")[:6])
    year, month, number = (int(part) for part in day.groups())
    own = _offset(offset) if offset else zone
    at = datetime(year, month, number, int(hour), int(minute), int(second or 0), micro, own)
    return at.astimezone(zone)


def _offset(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) >= 60:
        raise ValueError(text)
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if text[0] == "-" else span)


def _of_node(node: Node, zone: tzinfo) -> Day | Moment | None:
    text = node.string_value()
    if node.type == "time":
        return _time_only(text, zone)
    if text and node.type in COUNTED:
        return _counted(parse_number(text), zone)
    return read(text, zone)


def _time_only(text: str, zone: tzinfo) -> Moment | None:
    if not text:
        return None
    found = read(f"1970-01-01T{text}", zone)
    return found if isinstance(found, Moment) else None


def _counted(days: float, zone: tzinfo) -> Moment | None:
    if math.isnan(days):
        return None
    if not _FIRST + 1 <= days <= _LAST - 1:
        raise ExpressionError("This number of days is no date.")
    milliseconds = int(days * _DAY_SECONDS * 1000)  # JavaRosa keeps no finer time
    return Moment((_START + timedelta(milliseconds=milliseconds)).astimezone(zone))


def whole_day(value: Value, zone: tzinfo) -> Day | Moment | None:
    """Return `value` as a day, or as the moment that a text names; raises ExpressionError.

    A number loses its fraction and a moment its time, but not a text: as JavaRosa has it.
    """
    number = number_of(value)
    if number is None:
        found = temporal(value, zone)
        return Day(found.days) if isinstance(value, Moment) and found else found
    if math.isnan(number):
        return None
    if not _FIRST <= number <= _LAST:
        raise ExpressionError("This number of days is no date.")
    return Day(int(number))


def number_of(value: Value) -> float | None:
    """Return the number a value is, an answer to a question for a number included."""
    if isinstance(value, float):
        return value
    if isinstance(value, NodeSet) and value and value[0].type in COUNTED and value[0].text:
        return parse_number(value[0].text)
    return None


def moment(value: Value, zone: tzinfo) -> Moment | None:
    """Return `value` as a moment, a day as its midnight in `zone`; raises ExpressionError."""
    found = temporal(value, zone)
    if isinstance(found, Day):
        day = found.date
        return Moment(datetime(day.year, day.month, day.day, tzinfo=zone))
    return found


def days_since_epoch(at: datetime) -> float:
    """Return the days, with fraction, since midnight of 1970-01-01 in UTC."""
    return (at - _START) / timedelta(days=1)


def day_fraction(at: datetime) -> float:
    """Return how much of the day has passed, 0 to 1."""
    seconds = at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1_000_000
    return seconds / _DAY_SECONDS


_FORMATS: Mapping[str, Callable[[datetime], str]] = {
    "Y": lambda at: f"{at.year:04d}",
    "y": lambda at: f"{at.year % 100:02d}",
    "m": lambda at: f"{at.month:02d}",
    "n": lambda at: str(at.month),
    "b": lambda at: _MONTHS[at.month - 1],
    "d": lambda at: f"{at.day:02d}",
    "e": lambda at: str(at.day),
    "a": lambda at: _WEEKDAYS[at.weekday()],
    "H": lambda at: f"{at.hour:02d}",
    "h": lambda at: str(at.hour),
    "M": lambda at: f"{at.minute:02d}",
    "S": lambda at: f"{at.second:02d}",
    "3": lambda at: f"{at.microsecond // 1000:03d}",
    "%": lambda _at: "%",
}


def formatted(at: datetime, pattern: str) -> str:
    """Return `at` in ODK's date format `pattern`; raises ExpressionError for an unknown escape."""
    return _ESCAPE.sub(lambda found: _part(at, found.group(1)), pattern)


def _part(at: datetime, escape: str) -> str:
    make = _FORMATS.get(escape)
    if make is None:
        raise ExpressionError(f"The date format does not know %{escape}.")
    return make(at)
