"""A questionnaire, page by page, for whoever fills it in: woman, interviewer, client.

`Journey` is what the session or the draft remembers. `Run` puts it together with the form for one
request: `take` a post, then `page` or `check` for the next view. Which page comes next is a pure
function of the answers.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as kept
from datetime import datetime
from enum import Enum
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from core import records
from core.web.messages import FIELD_MESSAGES
from core.web.reading import Section, answer_text, fill
from core.web.services import db
from xlsform.fields import PageForm, page_form, question_text
from xlsform.form import Form, Page, Question

CHECK = "check"  # the place after the last page; no page is named so, they are paths
UNREADABLE = "\ufffd"  # what stands for bytes that are no UTF-8


class Outcome(Enum):
    """What a post asks for."""

    STAY = "stay"
    SUBMIT = "submit"


@dataclass
class Journey:
    """Where somebody stands: her answers, the page she is on, what was typed but not accepted."""

    version_id: int
    digest: str
    submission: str = kept(default_factory=lambda: str(uuid.uuid4()))
    answers: dict[str, str] = kept(default_factory=dict)
    typed: dict[str, dict[str, list[str]]] = kept(default_factory=dict)
    place: str = ""
    flagged: bool = False  # the mistakes of this page are shown
    checking: bool = False  # she came from the check page and goes back there
    seen: list[str] = kept(default_factory=list)

    def dump(self) -> dict[str, Any]:
        """Return plain JSON data."""
        return dict(vars(self))

    def dump_bytes(self) -> bytes:
        """Return the journey as bytes to seal."""
        return json.dumps(self.dump(), ensure_ascii=False).encode()

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "Journey":
        """Return the journey that `dump` gave, also one of an earlier or later release."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})

    @classmethod
    def load_bytes(cls, plain: bytes) -> "Journey":
        """Return the journey that `dump_bytes` gave."""
        return cls.load(json.loads(plain))


def form_of(journey: Journey) -> Form:
    """Return the form that a journey began with; the database is asked at most once for it."""
    form = records.compiled(journey.digest)
    return form or records.form_of(db(), journey.version_id, journey.digest)


@dataclass(frozen=True)
class Mistake:
    """What to mend: the field, its question and the message."""

    field: str
    question: str
    message: str


@dataclass(frozen=True)
class PageView:
    """One page to show."""

    page: Page
    title: str
    form: PageForm
    mistakes: tuple[Mistake, ...]
    step: int
    steps: int
    first: bool


class Run:
    """One request's look at a journey."""

    def __init__(self, journey: Journey, form: Form, language: str, now: datetime) -> None:
        self.journey = journey
        self.form = form
        self.language = language
        self.filling = fill(form, journey.answers, language, now)
        self.path = self.filling.path()
        journey.place = self._place()

    # -- taking a post -------------------------------------------------------------------------

    def take(self, data: MultiDict[str, str]) -> Outcome:
        """Keep what was posted, then go where the pressed button leads."""
        posted = self._find(data.get("page", ""))
        go = data.get("go", "next")
        if posted is not None:
            shown = self.filling.visible(posted)
            accepted = self._keep(posted, data)
            self.journey.place = posted.name
            if go == "next":
                self._onward(posted, shown, accepted=accepted)
        if go == "back":
            self._back()
        elif go == CHECK:
            self.journey.place = CHECK
        elif go.startswith("page:") and self._find(go.removeprefix("page:")) is not None:
            self._change(go.removeprefix("page:"))
        elif go == "submit" and self.journey.place == CHECK:
            return self._submit()
        return Outcome.STAY

    def _keep(self, page: Page, data: MultiDict[str, str]) -> bool:
        """Write every readable answer; remember the others as typed. Say whether all were read."""
        form = self._bind(page, data)
        _validate(form)
        asked = tuple(form.questions())
        for field in asked:
            if not field.errors and not field.question.read_only:
                self.filling.set(field.question.path, question_text(field))
        accepted = not any(field.errors for field in asked)
        self.journey.typed.pop(page.name, None)
        if not accepted:
            names = {field.name for field in asked} & set(data)
            self.journey.typed[page.name] = {name: data.getlist(name) for name in names}
        self.filling.recalculate()
        self.path = self.filling.path()
        self.journey.answers = self.filling.answers
        self.journey.flagged = False
        return accepted

    def _onward(self, page: Page, shown: tuple[Question, ...], *, accepted: bool) -> None:
        journey = self.journey
        if not accepted or self.filling.problems(page):
            journey.flagged = True
            return
        if set(self.filling.visible(page)) - set(shown):
            return  # answers revealed a question of this very page
        if page.name not in journey.seen:
            journey.seen.append(page.name)
        later = self._names()[self._names().index(page.name) + 1 :]
        if journey.checking:
            later = [name for name in later if name not in journey.seen]
        journey.place = later[0] if later else CHECK

    def _back(self) -> None:
        names = [*self._names(), CHECK]
        here = names.index(self.journey.place)
        self.journey.place = names[max(here - 1, 0)]
        self.journey.flagged = False

    def _change(self, name: str) -> None:
        self.journey.place = name
        self.journey.checking = True
        self.journey.flagged = False

    def _submit(self) -> Outcome:
        for page in self.path:
            if self._is_open(page):
                self.journey.place, self.journey.flagged = page.name, True
                self.journey.checking = True
                return Outcome.STAY
        return Outcome.SUBMIT

    # -- showing -------------------------------------------------------------------------------

    @property
    def at_check(self) -> bool:
        """Say whether the check page is next."""
        return self.journey.place == CHECK

    def page(self, posted: MultiDict[str, str] | None = None) -> PageView:
        """Return the page she is on; `posted` shows again what was just typed, unsaved."""
        names = self._names()
        place = self.journey.place if posted is None else posted.get("page", "")
        page = self._find(place) or self.path[0]
        data = posted if posted is not None else self._typed(page)
        form = self._bind(page, data)
        flagged = self.journey.flagged and posted is None
        return PageView(
            page=page,
            title=page.title(self.language),
            form=form,
            mistakes=tuple(self._mistakes(page, form)) if flagged else (),
            step=names.index(page.name) + 1,
            steps=len(names) + 1,
            first=page.name == names[0],
        )

    def check(self) -> tuple[Section, ...]:
        """Return every page with its answers, as she would read them."""
        return tuple(self._section(page) for page in self.path)

    def _section(self, page: Page) -> Section:
        rows = tuple(
            (
                question.label(self.language, self.filling),
                answer_text(question, self.filling, self.language),
            )
            for question in self.filling.visible(page)
            if question.type != "note"
        )
        return Section(page.name, page.title(self.language), rows, not self._is_open(page))

    def _is_open(self, page: Page) -> bool:
        """Say whether something on a page is still to be mended."""
        typed = self._typed(page)
        if typed is None:
            return bool(self.filling.problems(page))
        return any(True for _ in self._mistakes(page, self._bind(page, typed)))

    def _mistakes(self, page: Page, form: PageForm) -> Iterator[Mistake]:
        _validate(form)
        problems = self.filling.problems(page)
        for field in form.questions():
            problem = problems.get(field.question.path)
            if not field.errors and problem is not None:
                field.errors = [problem.message(self.language) or FIELD_MESSAGES[problem.kind]]
            if field.errors:
                yield Mistake(field.name, field.label.text, str(field.errors[0]))

    def _typed(self, page: Page) -> MultiDict[str, str] | None:
        typed = self.journey.typed.get(page.name)
        return None if typed is None else MultiDict(typed)

    def _bind(self, page: Page, data: MultiDict[str, str] | None) -> PageForm:
        kind = page_form(self.form, page, self.filling, self.language, base=QuestionForm)
        return kind(data, filling=self.filling)

    def _names(self) -> list[str]:
        return [page.name for page in self.path]

    def _find(self, name: str) -> Page | None:
        return next((page for page in self.path if page.name == name), None)

    def _place(self) -> str:
        place = self.journey.place
        if place == CHECK or self._find(place) is not None:
            return place
        return self._names()[0]


class QuestionForm(FlaskForm):  # type: ignore[misc] # flask_wtf is untyped
    """Parent of every page's form. The request's token is checked before any view runs."""

    class Meta:
        """No second token, and the messages that every field speaks."""

        csrf = False
        messages = FIELD_MESSAGES


def _validate(form: PageForm) -> None:
    form.validate()
    for field in form.questions():
        if UNREADABLE in field.typed:
            field.errors = [FIELD_MESSAGES["unreadable"]]
