"""Web forms: one WTForms class for the visible questions of a page, one field a question.

Fields carry data only; templates draw them by `field.type`.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType, new_class
from typing import Any

import wtforms

from xlsform.answers import AnswerError, canonical
from xlsform.filling import Filling
from xlsform.form import Choice, Form, Page, Question

# What a field says about a typed text; a base form replaces them through `Meta.messages`.
MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "integer": "Bitte schreiben Sie eine ganze Zahl, zum Beispiel 3.",
        "decimal": "Bitte schreiben Sie eine Zahl, zum Beispiel 12,50.",
        "ambiguous": "Bitte schreiben Sie die Zahl ohne Tausenderpunkt, zum Beispiel 1200.",
        "date": "Bitte schreiben Sie ein Datum, zum Beispiel 24.12.2026.",
        "option": "Diese Antwort steht nicht zur Auswahl.",
        "length": "Das ist zu lang. Bitte schreiben Sie höchstens 10.000 Zeichen.",
    }
)


class QuestionField(wtforms.Field):
    """A question on a page.

    `data` is the canonical text, "" for a blank; `typed` is what stands in the box, to the letter
    what the person wrote. `required` says whether the form insists on an answer now.
    """

    tag = ""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__("", **kwargs)
        self.question = question
        self.type = self.tag or question.type
        self.required = False
        self.typed = ""
        self.choices: Sequence[Choice] = ()

    def prepare(self, filling: Filling, language: str) -> None:
        """Take wording, choices and the kept answer from a filling, before input is read."""
        question = self.question
        self.label.text = question.label(language, filling)
        self.description = question.hint(language, filling)
        self.required = filling.is_required(question)
        if question.choice_list is not None:
            self.choices = question.choices(filling, language)
        self.object_data = self.data = filling.text(question.path)
        self.typed = shown(question.type, self.data, language)

    def process(self, formdata: Any, *_data: Any, **_filters: Any) -> None:
        """Read what was sent for this question.

        The kept answer stays when nothing was: a browser sends every box and every chosen button
        it shows, so the question was not on the page. Only ticks that are all gone send nothing.
        """
        self.process_errors = []
        if formdata is None or self.question.read_only:
            return
        self.raw_data = formdata.getlist(self.name)
        if not self.raw_data and self.type != "select_multiple":
            return
        try:
            self.process_formdata(self.raw_data)
        except AnswerError as error:
            messages = getattr(self.meta, "messages", MESSAGES)
            self.process_errors.append(str(messages[error.problem]))

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the text as typed, and its canonical form as data; raise AnswerError."""
        self.typed = str(valuelist[0])
        self.data = ""
        self.data = canonical(self.question.type, self.typed)


class MultilineField(QuestionField):
    """A text of several lines."""

    tag = "multiline"


class NoteField(QuestionField):
    """A text to read; nothing sent for it counts."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Leave everything as it is."""


class SelectField(QuestionField):
    """One choice, or none: the empty value takes a choice back."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the chosen values in the order of the choices; raise AnswerError("option")."""
        self.typed = " ".join(str(value) for value in valuelist)
        self.data = ""
        chosen = {str(value) for value in valuelist} - {""}
        offered = [choice.value for choice in self.choices]
        if not chosen <= set(offered) or (len(chosen) > 1 and self.type == "select_one"):
            raise AnswerError("option")
        self.data = " ".join(dict.fromkeys(value for value in offered if value in chosen))

    @property
    def chosen(self) -> frozenset[str]:
        """The values that are chosen."""
        return frozenset((self.data or "").split())

    def options(self) -> Iterator[tuple[Choice, bool]]:
        """Yield each choice and whether it is chosen."""
        chosen = self.chosen
        return ((choice, choice.value in chosen) for choice in self.choices)


FIELDS: Mapping[str, type[QuestionField]] = MappingProxyType(
    {
        "text": QuestionField,
        "integer": QuestionField,
        "decimal": QuestionField,
        "date": QuestionField,
        "select_one": SelectField,
        "select_multiple": SelectField,
        "note": NoteField,
    }
)


class PageForm(wtforms.Form):
    """What every page's form adds to the base form: it is made for one filling."""

    _language = ""

    def __init__(self, *args: Any, filling: Filling, **kwargs: Any) -> None:
        """Make the form for `filling`; all else goes to the base form, form data first."""
        self._filling = filling
        super().__init__(*args, **kwargs)

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Take what the fields need from the filling, then read what was sent."""
        for field in self.questions():
            field.prepare(self._filling, self._language)
        super().process(formdata, *args, **kwargs)

    def questions(self) -> Iterator[QuestionField]:
        """Yield the fields that are questions, in order: not the hidden ones of the base form."""
        return (field for field in self._fields.values() if isinstance(field, QuestionField))

    def store(self) -> None:
        """Write all answers into the filling and let it draw the conclusions."""
        for field in self.questions():
            if not field.question.read_only:
                self._filling.set(field.question.path, question_text(field))
        self._filling.recalculate()


def page_form(
    form: Form,
    page: Page,
    filling: Filling,
    language: str,
    base: type[wtforms.Form] = wtforms.Form,
) -> type[PageForm]:
    """Return the web form class for the questions of `page` that are asked now.

    The class is kept for others who see the same questions; what depends on the answers comes in
    when it is made: `page_form(…)(formdata, filling=filling)`.
    """
    questions = filling.visible(page)
    key = (page.name, questions, language, base)
    return form.classes.get(key, lambda: _page_class(questions, language, base))


def _page_class(
    questions: tuple[Question, ...], language: str, base: type[wtforms.Form]
) -> type[PageForm]:
    members: dict[str, Any] = {field_name(question): _field(question) for question in questions}
    members["_language"] = language
    bases = (PageForm,) if base is wtforms.Form else (PageForm, base)
    return new_class("PageForm", bases, exec_body=lambda body: body.update(members))


def _field(question: Question) -> Any:
    if question.type == "text" and "multiline" in question.appearance:
        return MultilineField(question)
    return FIELDS.get(question.type, QuestionField)(question)


def field_name(question: Question) -> str:
    """Return the name of a question's field: `q-contact-phone` for /data/contact/phone.

    A hyphen inside a name is doubled, so that no two questions share a field.
    """
    steps = question.path.split("/")[2:]
    return "-".join(["q", *(step.replace("-", "--") for step in steps)])


def question_text(field: QuestionField) -> str:
    """Return the canonical text of a field's answer, as `Filling.set` takes it."""
    return field.data or ""


def shown(kind: str, text: str, language: str) -> str:
    """Return a canonical text as people here write it: 24.12.2026, and 12,5 but in English."""
    if kind == "date" and text.count("-") == 2:
        return ".".join(reversed(text.split("-")))
    if kind == "decimal" and language.partition("-")[0] != "en":
        return text.replace(".", ",")
    return text
