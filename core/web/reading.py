"""Answers as people read them: labels instead of codes, page by page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from xlsform.fields import shown
from xlsform.filling import Filling
from xlsform.form import Form, Question


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
    if not text or question.choice_list is None:
        return shown(question.type, text, language)
    chosen = {text} if question.type == "select_one" else set(text.split())
    choices = question.choices(None, language)
    return "\n".join(choice.label for choice in choices if choice.value in chosen)


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
