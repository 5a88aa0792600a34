"""Answers as people read them: labels instead of codes, page by page."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from flask_babel import gettext as _

from xlsform.filling import Filling
from xlsform.form import Form, Page, Question
from xlsform.questions import UPLOADS
from xlsform.reading import as_read, takes_answers, wording

_NUMBER = re.compile(r"\[([0-9]+)\]")


class Row(NamedTuple):
    """A question with its answer as read; `file` is the name of the file that it speaks of."""

    question: str
    answer: str
    file: str = ""


@dataclass(frozen=True)
class Section:
    """One page on the check page: its questions with the answers as read."""

    page: str
    title: str
    rows: tuple[Row, ...]
    complete: bool

    @classmethod
    def of(cls, page: Page, filling: Filling, language: str, *, complete: bool) -> "Section":
        """Return a page with all that is asked there now, answered or not."""
        if page.repeated is not None:
            rows: tuple[Row, ...] = (Row(_("Einträge"), str(len(filling.instances(page.name)))),)
        else:
            rows = tuple(_rows(filling.visible(page), filling, language))
        return cls(page.name, heading(page, filling, language), rows, complete)


def heading(page: Page, filling: Filling, language: str) -> str:
    """Return what a page is about, in a repeat with the number of the instance; "" for nothing."""
    title = page.title(language, filling)
    numbers = ".".join(_NUMBER.findall(page.name))
    return f"{title} – {numbers}" if title and numbers else title or numbers


def answer_text(question: Question, filling: Filling, language: str) -> str:
    """Return an answer as people read it: labels instead of codes, empty when there is none."""
    text = filling.text(question.path)
    if question.type == "acknowledge":
        return str(_("Ja")) if text else ""
    if question.type in UPLOADS:
        return str(_("Datei: %(name)s", name=text)) if text else ""
    choices = question.choices(None, language)
    if text and question.is_filtered:  # what other answers or files bring along is not in the form
        choices = question.choices(filling, language) + choices
    return as_read(question, text, choices, language)


def sections_of(
    form: Form, answers: Mapping[str, str], language: str, now: datetime
) -> Iterator[Section]:
    """Yield an opened record page by page, answered questions only."""
    filling = fill(form, answers, language, now)
    for page in filling.every_page():  # a record is shown whole, whatever its conditions say today
        rows = tuple(_answered(page.questions, filling, language))
        if rows:
            yield Section(page.name, heading(page, filling, language), rows, complete=True)


def answered(page: Page, filling: Filling, language: str) -> Iterator[Row]:
    """Yield the questions of a page that have an answer, with it, as people read them."""
    return _answered(filling.visible(page), filling, language)


def _answered(questions: Iterable[Question], filling: Filling, language: str) -> Iterator[Row]:
    return (row for row in _rows(questions, filling, language) if row.answer)


def _rows(questions: Iterable[Question], filling: Filling, language: str) -> Iterator[Row]:
    for question in questions:
        if takes_answers(question):
            label, _hint = wording(question, language, filling)
            file = filling.text(question.path) if question.type in UPLOADS else ""
            yield Row(label, answer_text(question, filling, language), file)


def fill(
    form: Form,
    answers: Mapping[str, str],
    language: str,
    now: datetime,
    seed: int = 0,
    username: str = "",
) -> Filling:
    """Return a filling that takes up these answers."""
    zone = now.tzinfo or UTC
    return Filling(
        form, answers, now=now, zone=zone, language=language, seed=seed, username=username
    )
