"""Answers as people read them: labels instead of codes, page by page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext as _

from xlsform.filling import Filling
from xlsform.form import Form, Question
from xlsform.questions import UPLOADS
from xlsform.reading import as_read


@dataclass(frozen=True)
class Section:
    """One page on the check page: its questions with the answers as read."""

    page: str
    title: str
    rows: tuple[tuple[str, str], ...]
    complete: bool


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
    for page in form.pages:
        rows = tuple(
            (question.label(language, filling), answer_text(question, filling, language))
            for question in page.questions
            if answers.get(question.path)
        )
        if rows:
            yield Section(page.name, page.title(language), rows, complete=True)


def fill(form: Form, answers: Mapping[str, str], language: str, now: datetime) -> Filling:
    """Return a filling that takes up these answers."""
    zone = now.tzinfo or UTC
    return Filling(form, answers, now=now, zone=zone, language=language)
