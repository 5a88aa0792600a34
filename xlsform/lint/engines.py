"""Expressions that mean different things in different engines; this one follows JavaRosa.

What differs was found by asking JavaRosa, the engine of ODK Collect, for what other engines had
recorded of their own answers, some 2,500 cases.
"""

import re
from collections.abc import Iterator

from xlsform.findings import Finding
from xlsform.lint.pieces import Operand
from xlsform.lint.subject import Condition, Subject

_DATES = frozenset({"date", "today", "start", "end", "datetime", "time"})
_DATE_CALLS = frozenset({"date", "today", "now", "date-time"})
_MOMENTS = frozenset({"date-time", "decimal-date-time", "format-date-time"})
_TRUTH = frozenset({"true", "false"})
_CHOSEN = frozenset({"select_one", "select_multiple"})
_ORDER = frozenset({"<", "<=", ">", ">="})
_ZONELESS = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+")


def dates_and_texts(subject: Subject) -> Iterator[Finding]:
    """A date is compared with a date."""
    for condition, one, other in _sides(subject):
        if other.kind == "text" and other.text and _is_date(one, condition, subject):
            yield condition.cell.warning(
                f"A date is compared with the text '{other.text}'; some engines read the text as a "
                "date, others do not.",
                f"Write date('{other.text}').",
            )


def negated_answers(subject: Subject) -> Iterator[Finding]:
    """Whether there is an answer is asked by comparing with ''."""
    for condition in subject.conditions:
        tokens = condition.tokens
        for word, opening, inner, closing in zip(
            tokens, tokens[1:], tokens[2:], tokens[3:], strict=False
        ):
            is_bare = (opening.kind, closing.kind) == ("(", ")") and inner.kind == "reference"
            if word.text == "not" and is_bare:
                yield condition.cell.warning(
                    f"not(${{{inner.text}}}) asks some engines whether there is an answer, others "
                    "whether there is a place for one.",
                    f"Write ${{{inner.text}}} = ''.",
                )


def moments_without_zone(subject: Subject) -> Iterator[Finding]:
    """A time of day that is written into an expression says in which zone."""
    for condition in subject.conditions:
        tokens = condition.tokens
        for word, _, inner in zip(tokens, tokens[1:], tokens[2:], strict=False):
            text = inner.text.strip("'\"")
            if word.text in _MOMENTS and inner.kind == "literal" and _ZONELESS.fullmatch(text):
                yield condition.cell.warning(
                    f"'{text}' is another moment in each time zone.",
                    f"Write the zone behind it, as in '{text}+01:00'.",
                )


def numbers_and_choices(subject: Subject) -> Iterator[Finding]:
    """The name of a choice is text, and compared as text."""
    for condition, one, other in _sides(subject):
        is_chosen = one.kind == "reference" and subject.kind_of(one.text) in _CHOSEN
        if is_chosen and other.kind == "number":
            yield condition.cell.warning(
                f"The answer to '{one.text}' is a text and is compared with the number "
                f"{other.text}; what is no number then counts as neither less nor more.",
                f"Write '{other.text}' in quotation marks, or number(${{{one.text}}}).",
            )


def texts_in_order(subject: Subject) -> Iterator[Finding]:
    """Only numbers and dates are less or more than others."""
    for condition in subject.conditions:
        for found in condition.comparisons:
            if found.sign in _ORDER and {found.left.kind, found.right.kind} <= {"text", "self"}:
                text = next((side.text for side, _ in found.sides() if side.kind == "text"), "")
                if text and not re.fullmatch(r"[\d.\-:T+Z]+", text):
                    yield condition.cell.warning(
                        f"'{text}' is compared by '{found.sign}' as a number, which it is not, so "
                        "this never holds.",
                        "Compare numbers or dates, or use = and !=.",
                    )


def truth_and_answers(subject: Subject) -> Iterator[Finding]:
    """An answer is compared with text, not with true() or false()."""
    for condition, one, other in _sides(subject):
        if one.kind == "reference" and other.kind == "call" and other.text in _TRUTH:
            yield condition.cell.warning(
                f"The answer to '{one.text}' is compared with {other.text}(); some engines then "
                "ask whether there is a place for the answer.",
                f"Compare with the text that the answer is, as in ${{{one.text}}} = 'yes'.",
            )


def own_answers(subject: Subject) -> Iterator[Finding]:
    """A dot means the answer itself, which only a constraint can look at."""
    for condition in subject.conditions:
        has_dot = any(token.kind == "." for token in condition.tokens)
        if has_dot and condition.column in {"relevant", "required", "calculation"}:
            yield condition.cell.warning(
                f"The dot means the question's own answer, on which its '{condition.column}' "
                "cannot depend in all engines.",
                "Name the question that is meant, as in ${age}.",
            )


def _sides(subject: Subject) -> Iterator[tuple[Condition, Operand, Operand]]:
    for condition in subject.conditions:
        for found in condition.comparisons:
            for one, other in found.sides():
                yield condition, one, other


def _is_date(operand: Operand, condition: Condition, subject: Subject) -> bool:
    if operand.kind == "reference":
        return subject.kind_of(operand.text) in _DATES
    if operand.kind == "self":
        return condition.entry.kind in _DATES
    return operand.kind == "call" and operand.text in _DATE_CALLS
