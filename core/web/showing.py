"""What one page of a questionnaire shows: fields, mistakes, the instances of a repeat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage, MultiDict

from core.web import instances
from core.web.messages import FIELD_MESSAGES
from core.web.reading import answered
from xlsform.fields import PageForm, page_form
from xlsform.fields.uploads import UploadField
from xlsform.filling import Filling
from xlsform.form import Form, Page
from xlsform.slots import MOST_INSTANCES

UNREADABLE = "\ufffd"  # what stands for bytes that are no UTF-8
_TELLING = 2  # answers that tell one instance from another


@dataclass(frozen=True)
class Mistake:
    """What to mend: the field, its question and the message."""

    field: str
    question: str
    message: str


@dataclass(frozen=True)
class View:
    """What every page shows: its title, and that it is step 3 of 9."""

    page: Page
    title: str
    step: int
    steps: int

    @property
    def first(self) -> bool:
        """Whether there is no page before."""
        return self.step == 1

    @property
    def takes_files(self) -> bool:
        """Whether a file can be chosen here."""
        return False


@dataclass(frozen=True)
class PageView(View):
    """One page of questions to show."""

    form: PageForm
    mistakes: tuple[Mistake, ...]

    @property
    def takes_files(self) -> bool:
        """Whether a file can be chosen here."""
        return self.form.takes_files


@dataclass(frozen=True)
class Entry:
    """One instance of a repeat: its path, its number, and what tells it from the others."""

    path: str
    number: int
    words: str
    removing: bool


@dataclass(frozen=True)
class ListView(View):
    """The page that lists the instances of a repeat; `full` when there can be no more."""

    entries: tuple[Entry, ...]
    full: bool
    mistakes: tuple[Mistake, ...] = ()


class QuestionForm(FlaskForm):  # type: ignore[misc] # flask_wtf is untyped
    """Parent of every page's form. The request's token is checked before any view runs."""

    class Meta:
        """No second token, and the messages that every field speaks."""

        csrf = False
        messages = FIELD_MESSAGES


def bind(
    form: Form, page: Page, filling: Filling, language: str, data: MultiDict[str, Any] | None
) -> PageForm:
    """Return the web form of a page, with what was sent or, without that, the kept answers."""
    return page_form(form, page, filling, language, base=QuestionForm)(data, filling=filling)


def validate(form: PageForm) -> None:
    """Read everything; letters that could not be read are a mistake of their own."""
    form.validate()
    for field in form.questions():
        if UNREADABLE in field.typed:
            field.errors = [FIELD_MESSAGES["unreadable"]]


def mistakes(
    page: Page,
    form: PageForm,
    filling: Filling,
    language: str,
    refused: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Mistake]:
    """Yield what is to be mended on a page, and leave the messages on the fields.

    `refused` says by question why a file was not taken: no browser sends it a second time.
    """
    validate(form)
    problems = filling.problems(page)
    for field in form.questions():
        problem = problems.get(field.question.path)
        if not field.errors and problem is not None:
            field.errors = [problem.message(language) or FIELD_MESSAGES[problem.kind]]
        why = refused.get(field.question.path)
        if why and isinstance(field, UploadField):
            field.errors = [str(FIELD_MESSAGES[why]) % {"most": field.megabytes}]
        if field.errors:
            yield Mistake(field.name, field.label.text, str(field.errors[0]))


def chosen_again(form: PageForm, sent: Mapping[str, FileStorage]) -> Iterator[Mistake]:
    """Yield the questions whose files came with a refused post, and leave messages on the fields.

    They must be chosen again: no page can put a file into the box of a browser.
    """
    for field in form.questions():
        if field.name in sent and sent[field.name].filename:
            field.errors = [FIELD_MESSAGES["file_again"]]
            yield Mistake(field.name, field.label.text, str(field.errors[0]))


def list_view(view: View, filling: Filling, language: str, removing: str) -> ListView:
    """Return the page that lists the instances of a repeat; `removing` is about to go."""
    paths, pages = filling.instances(view.page.name), filling.path()
    entries = []
    for number, path in enumerate(paths, 1):
        inside = [page for page in pages if instances.begins(page.name, path)]
        answers = [row.answer for page in inside for row in answered(page, filling, language)]
        entries.append(Entry(path, number, ", ".join(answers[:_TELLING]), path == removing))
    full = len(paths) >= MOST_INSTANCES
    return ListView(**vars(view), entries=tuple(entries), full=full)
