"""Functions about days and times."""

import math
from collections.abc import Mapping

from xlsform.values import EPOCH, Day, Moment, NodeSet, Value
from xlsform.xpath.calls import Function, as_value, in_context
from xlsform.xpath.context import Context, as_string
from xlsform.xpath.dates import (
    day_fraction,
    days_since_epoch,
    formatted,
    moment,
    number_of,
    whole_day,
)


def _now(context: Context) -> Moment:
    environment = context.environment
    return Moment(environment.now().astimezone(environment.zone), stamped=True)


def _today(context: Context) -> Day:
    return Day(_now(context).at.toordinal() - EPOCH)


def _nothing(value: Value) -> Value:
    """Return what JavaRosa makes of a value that holds no date: "" or NaN stays what it is."""
    return value if isinstance(value, float) else ""


def _date(context: Context, value: Value) -> Value:
    found = whole_day(value, context.environment.zone)
    return _nothing(value) if found is None else found


def _date_time(context: Context, value: Value) -> Value:
    if isinstance(value, Day):
        return value
    found = moment(value, context.environment.zone)
    return _nothing(value) if found is None else Moment(found.at)


def _decimal_date_time(context: Context, value: Value) -> Value:
    number = number_of(value)
    found = moment(value, context.environment.zone)  # also to refuse what is no date
    if number is not None:
        return number
    return _nothing(value) if found is None else days_since_epoch(found.at)


def _decimal_time(context: Context, value: Value) -> Value:
    number = number_of(value)
    if number is not None and math.isfinite(number):
        return number - math.floor(number)
    found = moment(value, context.environment.zone)
    return _nothing(value) if found is None else day_fraction(found.at)


def _formatted(context: Context, value: Value, pattern: str) -> str:
    if isinstance(value, NodeSet) and not value:
        return ""
    found = moment(value, context.environment.zone)
    return "" if found is None else formatted(found.at, pattern)


FUNCTIONS: Mapping[str, Function] = {
    "date": in_context("any", _date, as_value),
    "date-time": in_context("any", _date_time, as_value),
    "decimal-date-time": in_context("any", _decimal_date_time, as_value),
    "decimal-time": in_context("any", _decimal_time, as_value),
    "format-date": in_context("string", _formatted, as_value, as_string),
    "format-date-time": in_context("string", _formatted, as_value, as_string),
    "now": in_context("any", _now),
    "today": in_context("any", _today),
}
