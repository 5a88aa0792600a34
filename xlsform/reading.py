"""Answers as people read them: labels instead of codes, days and places as they write them."""

from collections.abc import Iterable

from xlsform.answers import shown
from xlsform.form import Choice, Question
from xlsform.texts import Answers

_PARTS_OF_DATE = {"month-year": "month", "year": "year"}


def kind_of(question: Question) -> str:
    """Return how answers are written: the type of the question, or "month" or "year" of a date."""
    if question.type == "date":
        for word, kind in _PARTS_OF_DATE.items():
            if word in question.appearance:
                return kind
    return question.type


def takes_answers(question: Question) -> bool:
    """Return whether people answer here: a note, and the head of a table, are only read."""
    head = question.choice_list is not None and "label" in question.appearance
    return question.type != "note" and not head


def wording(question: Question, language: str, filling: Answers | None) -> tuple[str, str]:
    """Return the label and the hint of a question; without a label the hint stands in, or its name.

    What takes no answer may have none at all.
    """
    label, hint = question.label(language, filling), question.hint(language, filling)
    if label or not takes_answers(question):
        return label, hint
    return hint or question.name, ""


def as_read(question: Question, text: str, choices: Iterable[Choice], language: str) -> str:
    """Return the answer `text` as a reader of `language` sees it, one choice a line.

    Ranked choices come in their order, with numbers. What is no choice stays as it is.
    """
    if not text or question.choice_list is None:
        return shown(kind_of(question), text, language)
    labels = {choice.value: choice.label or choice.value for choice in reversed(list(choices))}
    if question.type == "select_one":
        return labels.get(text, text)
    values = text.split()
    if question.type == "rank":
        told = enumerate((labels.get(value, value) for value in values), start=1)
        return "\n".join(f"{place}. {label}" for place, label in told)
    known = [label for value, label in reversed(labels.items()) if value in values]
    return "\n".join([*known, *(value for value in values if value not in labels)])
