"""When two engines agree on an expression."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tests.xlsform.worlds import ZONE
from xlsform.values import Day, Moment, NodeSet, Value, format_number, to_number, to_string
from xlsform.xpath import Context, ExpressionError, compile_expression

_ORDERS = re.compile(r"[<>]")
_DATE_TEXT = re.compile(
    r"(?<!date\()(?<!date-time\()'\d{4}-"
    r"|\b(?:concat|join|string|substr\S*|normalize-space|translate|if|coalesce|once)\(.*date"
    r"|format-date|/text|/town|/name|/what|\(\.\)|\. |\.$"
)
_ODD_YEAR = re.compile(r"date(?:-time)?\((?:substr|concat|join|translate)")
_ODD_DATE = re.compile(r"\d{1,3}-|\d{5,}-")
_SHOWS = re.compile(r" div | mod |log|pow|[<>]")
_MATHEMATICS = re.compile(
    r"\b(?:abs|sqrt|pow|exp|exp10|log|log10|a?sin|a?cos|a?tan|atan2)\(.*(?:date|now|today|moment|day)"
)
_NO_PATTERN = re.compile(r"regex\(.*, '\['\)")
_SAID = re.compile(r"date format|PatternSyntax")  # of Java, but about what the author wrote
_LONG = re.compile(r"-?\d+\.\d{10,}")
_NEAR, _FAR = 1e-9, 1e-6
_EXPONENT = re.compile(r"-?\d+\.\d+E-?\d+")


def disagreement(expression: str, context: Context, answer: Mapping[str, Any]) -> str:
    """Return what this engine says instead of JavaRosa's `answer`; "" when they agree."""
    if excused(expression, answer):
        return ""
    try:
        value = compile_expression(expression).evaluate(context)
    except ExpressionError as error:
        return "" if answer["kind"] in {"refused", "crashed"} else f"refused: {error}"
    return "" if _same(value, answer, context, expression) else _shown(value)


def _shown(value: Value) -> str:
    if isinstance(value, NodeSet):
        return str([to_string(NodeSet([node])) for node in value])
    return repr(value)


def excused(expression: str, answer: Mapping[str, Any]) -> str:
    """Return why the engines need not agree, "" when they must."""
    text = answer.get("text", "")
    if answer["kind"] == "crashed" and not _SAID.search(text):
        return "an error of Java is no answer"
    return next((why for why, holds in EXCUSES.items() if holds(expression, text)), "")


# Why -> whether it is so, by the expression and JavaRosa's answer.
EXCUSES: Mapping[str, Callable[[str, str], bool]] = {
    "of several nodes where one is meant the first counts, in a comparison any, as in XPath 1.0": (
        lambda _expression, text: "This field is repeated" in text
    ),
    "once() asks for its argument only while there is no answer yet, as its name says": (
        lambda expression, text: "once(" in expression and "Exception" in text
    ),
    "a number may be looked for among choices: JavaRosa insists on quotes around it": (
        lambda _expression, text: "must be in quotes" in text
    ),
    "a value of any kind has a label or none: JavaRosa insists on text": (
        lambda _expression, text: "for function 'jr:choice-name'" in text
    ),
    "text ordered against a number or a date is read as a date when it looks like one": (
        lambda expression, _text: bool(_ORDERS.search(expression) and _DATE_TEXT.search(expression))
    ),
    "distances are exact to a few centimetres only, so nothing is worked out from them": (
        lambda expression, _text: "distance(" in expression[1:]
    ),
    "JavaRosa's decimal-time() is an hour off for a day of the other half of the year": (
        lambda expression, _text: "decimal-time(" in expression and _in_summer(expression)
    ),
    "JavaRosa counts years before 1583 by another calendar, and writes years after 9999": (
        lambda expression, text: bool(_ODD_YEAR.search(expression) or _ODD_DATE.match(text))
    ),
    "JavaRosa's max() begins with 4.9E-324, which shows when it is the largest": (
        lambda expression, _text: "max(" in expression and bool(_SHOWS.search(expression))
    ),
    "a date is a number of whole days also to abs(), sin() and their like": (
        lambda expression, _text: bool(_MATHEMATICS.search(expression))
    ),
    "a pattern that is none is refused at publishing, also where it would never be looked at": (
        lambda expression, _text: bool(_NO_PATTERN.search(expression))
    ),
    "weights without a partner are passed over": (
        lambda _expression, text: "nodesets not same length" in text
    ),
}


def _in_summer(expression: str) -> bool:
    return "2025-07" in expression or bool(datetime.now(ZONE).dst())


def _same(value: Value, answer: Mapping[str, Any], context: Context, expression: str) -> bool:
    kind = answer["kind"]
    if isinstance(value, NodeSet) and kind == "string":
        return len(value) == 1 and to_string(value) == answer["text"]
    if isinstance(value, NodeSet) and kind == "number":
        return len(value) == 1 and _close(to_number(value), float(answer["text"]))
    if isinstance(value, NodeSet):
        return kind == "nodes" and [to_string(NodeSet([n])) for n in value] == answer["texts"]
    if isinstance(value, bool):
        return kind == "boolean" and answer["text"] == ("true" if value else "false")
    if isinstance(value, float):
        far = _FAR if expression.startswith("distance(") else _NEAR
        return kind == "number" and _close(value, float(answer["text"]), far)
    if isinstance(value, (Day, Moment)):
        return kind == "date" and _milliseconds(value, context) == answer["at"]
    return kind == "string" and _written(value) == _written(answer["text"])


def _close(ours: float, theirs: float, far: float = _NEAR) -> bool:
    if math.isnan(ours) or math.isnan(theirs):
        return math.isnan(ours) and math.isnan(theirs)
    return ours == theirs or math.isclose(ours, theirs, rel_tol=far, abs_tol=far)


def _milliseconds(value: Day | Moment, context: Context) -> int:
    zone = context.environment.zone
    if isinstance(value, Day):
        day = value.date
        return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
    return round(value.at.timestamp() * 1000)


def _written(text: str) -> str:
    """Return a text with its numbers as we write them, without an exponent or the last digits."""
    plain = _EXPONENT.sub(lambda found: format_number(float(found.group())), text)
    return _LONG.sub(lambda found: f"{float(found.group()):.9g}", plain)
