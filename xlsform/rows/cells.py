"""One cell of a sheet as the canonical text of an answer, or what is wrong with it.

What is wrong is told with the name of the question and the codes of its choices, never with what
stands in the cell: it may be somebody's answer.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from xlsform.answers import AnswerError, canonical, canonical_decimal
from xlsform.answers.plain import is_ambiguous
from xlsform.answers.ranges import Range
from xlsform.form import Form, Question
from xlsform.questions import SELECTS
from xlsform.reading import kind_of
from xlsform.texts import folded
from xlsform.workbooks.grids import Counted, Unreadable, WorkedOut

AGREED = "OK"
_YES, _NO = frozenset({"1", "true"}), frozenset({"", "0", "false"})
_DAYS = frozenset({"date", "month", "year"})
_NUMBERS = frozenset({"decimal", "range"})
_TIME_OF_DAY = re.compile(r"\A([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9:.]+)\Z")
_DIGITS = ".15g"  # as many as Excel shows: it keeps 0.1 + 0.2 with two more
_MOST_CODES = 40  # that a message names

# What is wrong with a cell by the problem of an AnswerError, and how to mend it.
_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "integer": ("This is no whole number.", "Write one such as 3."),
        "decimal": ("This is no number.", "Write one such as 12.5."),
        "ambiguous": ("This number can be read in two ways.", "Store it as a number, not as text."),
        "range": ("This number is out of range.", "Write one from {low} to {high}."),
        "step": ("This number lies between two steps.", "From {low} to {high} they are {step}."),
        "date": ("This is no day.", "Write one such as 24.12.2026, or format the cell as a date."),
        "month": ("This is no month.", "Write one such as 12/2026."),
        "year": ("This is no year.", "Write one such as 2026."),
        "time": ("This is no time of day.", "Write one such as 14:30."),
        "dateTime": ("This is no day and time.", "Write them such as 24.12.2026 14:30."),
        "length": ("This text is too long.", "Write at most 10,000 characters."),
    }
)
_NO_PLACE = ("This is no place.", "Write latitude and longitude, such as 51.535 7.689.")


class Unfit(ValueError):
    """A cell that is no answer: `message` says what is wrong, `mend` what to do about it."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


class Cells:
    """Reads the cells of one form."""

    def __init__(self, form: Form) -> None:
        self._languages = form.languages
        self._known: dict[str, Mapping[str, frozenset[str]]] = {}

    def answer(self, question: Question, cell: str, now: datetime) -> str:
        """Return the answer in a cell, "" for none; raise Unfit.

        Choices are given by their codes or by their labels in any language of the form; several of
        them as codes separated by blanks, or as labels separated by semicolons.
        """
        check(cell)
        if not cell.strip():
            return ""
        if question.type == "select_one":
            return self._choice(question, cell)
        if question.type in SELECTS:
            return self._choices(question, cell)
        if question.type == "acknowledge":
            return AGREED if ticked(cell, also=AGREED) else ""
        try:
            return _typed(question, cell, now)
        except AnswerError as error:
            message, mend = _WORDS.get(error.problem, _NO_PLACE)
            raise Unfit(message, mend.format(**error.values)) from None

    def _choices(self, question: Question, cell: str) -> str:
        codes = list(dict.fromkeys(question.static_choices))
        given = cell.split()
        if not set(given) <= set(codes):
            is_one = folded(cell) in self._meaning(question)  # a label may hold a semicolon
            given = [cell] if is_one else [one for one in cell.split(";") if one.strip()]
        chosen = list(dict.fromkeys(self._choice(question, one) for one in given))
        if question.type == "rank":
            if len(chosen) < len(codes):
                raise Unfit("Not every choice has a place.", _codes("Write all of", codes))
            return " ".join(chosen)
        return in_order(question, chosen)

    def _choice(self, question: Question, text: str) -> str:
        codes = question.static_choices
        if text.strip() in codes:
            return text.strip()
        meant = self._meaning(question).get(folded(text), frozenset())
        if len(meant) > 1:
            raise Unfit("Several choices have this label.", _codes("Write the code", meant))
        if not meant:
            raise Unfit("This is none of the choices.", _codes("Write one of", codes))
        return next(iter(meant))

    def _meaning(self, question: Question) -> Mapping[str, frozenset[str]]:
        """Return the codes that a folded label or code may stand for; a code means itself."""
        known = self._known.get(question.path)
        if known is None:
            found: dict[str, frozenset[str]] = {}
            for language in self._languages:
                for choice in question.choices(None, language):
                    label = folded(choice.label)
                    found[label] = found.get(label, frozenset()) | {choice.value}
            found |= {folded(code): frozenset({code}) for code in question.static_choices}
            known = self._known[question.path] = found
        return known


def in_order(question: Question, chosen: Collection[str]) -> str:
    """Return several choices as an answer, in the form's order."""
    codes = dict.fromkeys(question.static_choices)
    return " ".join(code for code in codes if code in chosen)


def check(cell: str) -> None:
    """Raise Unfit for a cell that holds no plain value."""
    if isinstance(cell, Unreadable):
        said = "The cell holds an error, or a formula without a result."
        raise Unfit(said, "Write the value that should stand here, or empty the cell.")
    if isinstance(cell, WorkedOut):
        said = "The cell holds a formula."
        raise Unfit(said, "Copy the cell and paste it as a value ('Paste special', 'Values').")


def ticked(cell: str, also: str = "1") -> bool:
    """Return whether a cell of a 0/1 column says yes; raise Unfit."""
    check(cell)
    said = folded(cell)
    if said in _YES or said == folded(also):
        return True
    if said in _NO:
        return False
    raise Unfit("This is neither 1 nor 0.", "Write 1 for yes, and 0 or nothing for no.")


def day(cell: str) -> str:
    """Return the day in a cell as ISO 8601, without a time of day; "" for none; raise Unfit."""
    check(cell)
    try:
        return canonical("date", _TIME_OF_DAY.sub(r"\1", cell.strip()))
    except AnswerError as error:
        raise Unfit(*_WORDS[error.problem]) from None


def _typed(question: Question, cell: str, now: datetime) -> str:
    kind = kind_of(question)
    if kind in _DAYS:
        # A day in Excel is the midnight it begins with.
        cell = cell.strip().removesuffix(" 00:00:00")
    if kind in _NUMBERS and isinstance(cell, Counted):
        cell = canonical_decimal(Decimal(format(float(cell), _DIGITS)))
        cell += "0" if is_ambiguous(cell) else ""  # 1.125 is no thousand here
    if kind == "range":
        return Range.of(question.parameters).read(cell)
    return canonical(kind, cell, now)


def _codes(mend: str, codes: Iterable[str]) -> str:
    told = list(dict.fromkeys(codes))
    more = ", …" if len(told) > _MOST_CODES else ""
    return f"{mend}: {', '.join(told[:_MOST_CODES])}{more}."
