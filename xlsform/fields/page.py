"""The web form of a page: one WTForms class for the questions that are asked, one field each.

Fields carry data only; templates draw them by `field.type`.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType, new_class
from typing import Any

import wtforms

from xlsform.fields.base import NoteField, QuestionField, words
from xlsform.fields.choices import (
    AcknowledgeField,
    HeadField,
    MinimalField,
    RankField,
    SelectField,
    SuggestField,
)
from xlsform.fields.grids import Block, blocks
from xlsform.fields.typed import MomentField, MultilineField, PlacesField, RangeField
from xlsform.fields.uploads import UploadField
from xlsform.filling import Filling
from xlsform.form import Form, Page, Question

# A type that is missing here is answered in a line of text.
FIELDS: Mapping[str, type[QuestionField]] = MappingProxyType(
    {
        "text": QuestionField,
        "integer": QuestionField,
        "decimal": QuestionField,
        "date": QuestionField,
        "time": QuestionField,
        "dateTime": MomentField,
        "range": RangeField,
        "barcode": QuestionField,
        "geopoint": QuestionField,
        "geotrace": PlacesField,
        "geoshape": PlacesField,
        "select_one": SelectField,
        "select_multiple": SelectField,
        "rank": RankField,
        "acknowledge": AcknowledgeField,
        "image": UploadField,
        "audio": UploadField,
        "video": UploadField,
        "file": UploadField,
        "note": NoteField,
    }
)
# Appearances that change what is sent; all others change at most how it looks. The first counts.
APPEARANCES: Mapping[tuple[str, str], type[QuestionField]] = MappingProxyType(
    {
        ("text", "multiline"): MultilineField,
        ("select_one", "label"): HeadField,
        ("select_multiple", "label"): HeadField,
        ("select_one", "autocomplete"): SuggestField,
        ("select_one", "search"): SuggestField,
        ("select_one", "minimal"): MinimalField,
    }
)
_MOST_BUTTONS = 100
_INSTANCE = re.compile(r"\[([0-9]+)\]\Z")


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

    def blocks(self) -> Iterator[Block]:
        """Yield the questions as they are drawn: one by one, or together as a table."""
        return blocks(self.questions())

    @property
    def takes_files(self) -> bool:
        """Whether the page must be sent in the way that carries files."""
        return any(isinstance(field, UploadField) for field in self.questions())

    def store(self) -> None:
        """Write all answers into the filling and let it draw the conclusions."""
        for field in self.questions():
            if not field.is_fixed:
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
    if question.type == "text" and "rows" in question.parameters:
        return MultilineField(question)
    for (kind, word), field in APPEARANCES.items():
        if kind == question.type and words(question, word):
            return field(question)
    if _is_long(question):
        return MinimalField(question)
    return FIELDS.get(question.type, QuestionField)(question)


def _is_long(question: Question) -> bool:
    """Return whether buttons would fill many screens, and the author did not ask for them."""
    many = len(question.static_choices) > _MOST_BUTTONS and not question.is_filtered
    return many and question.type == "select_one" and not question.appearance


def field_name(question: Question) -> str:
    """Return the name of a question's field: `q-child:2-name` for /data/child[2]/name.

    A hyphen or a colon inside a name is doubled, so that no two questions share a field.
    """
    return "-".join(["q", *map(_step_name, question.path.split("/")[2:])])


def _step_name(step: str) -> str:
    found = _INSTANCE.search(step)
    name = (step[: found.start()] if found else step).replace("-", "--").replace(":", "::")
    return f"{name}:{found[1]}" if found else name


def question_text(field: QuestionField) -> str:
    """Return the canonical text of a field's answer, as `Filling.set` takes it."""
    return field.data or ""
