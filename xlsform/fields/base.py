"""What every question on a page has in common, and the questions that are only shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import wtforms

from xlsform.answers import AnswerError, canonical, is_canonical, legible, shown
from xlsform.filling import Filling
from xlsform.form import Choice, Question
from xlsform.reading import as_read, kind_of, wording

# What a field says about a typed text; a base form replaces them through `Meta.messages`.
MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "integer": "Bitte schreiben Sie eine ganze Zahl, zum Beispiel 3.",
        "decimal": "Bitte schreiben Sie eine Zahl, zum Beispiel 12,50.",
        "ambiguous": "Bitte schreiben Sie die Zahl ohne Tausenderpunkt, zum Beispiel 1200.",
        "range": "Bitte schreiben Sie eine Zahl von %(low)s bis %(high)s.",
        "step": "Von %(low)s bis %(high)s geht es hier in Schritten von %(step)s.",
        "date": "Bitte schreiben Sie ein Datum, zum Beispiel 24.12.2026.",
        "month": "Bitte schreiben Sie Monat und Jahr, zum Beispiel 12/2026.",
        "year": "Bitte schreiben Sie ein Jahr, zum Beispiel 2026.",
        "time": "Bitte schreiben Sie eine Uhrzeit, zum Beispiel 14:30.",
        "dateTime": "Bitte schreiben Sie Datum und Uhrzeit.",
        "geopoint": "Bitte schreiben Sie einen Ort als zwei Zahlen, zum Beispiel 51.535, 7.689.",
        "geoline": "Zeile %(line)s ist kein Ort.",
        "geotrace": "Bitte schreiben Sie mindestens 2 Orte.",
        "geoshape": "Bitte schreiben Sie mindestens 3 Orte.",
        "option": "Diese Antwort steht nicht zur Auswahl.",
        "listed": "„%(typed)s“ steht nicht auf der Liste.",
        "rank": "Bitte geben Sie jeder Antwort eine Nummer.",
        "rank_twice": "„%(first)s“ und „%(second)s“ haben beide die Nummer %(number)s.",
        "file_type": "Diese Art von Datei geht hier nicht.",
        "file_size": "Die Datei ist zu groß. Es gehen höchstens %(most)s MB.",
        "file_empty": "Die Datei ist leer.",
        "length": "Das ist zu lang. Bitte schreiben Sie höchstens 10.000 Zeichen.",
    }
)


class QuestionField(wtforms.Field):
    """A question on a page.

    `data` is the canonical text, "" for a blank; `typed` is what stands in the box, to the letter
    what the person wrote; `problem` says why it cannot be read, a key of MESSAGES. `required` says
    whether the form insists on an answer now; `media` are names of files by kind. Templates draw a
    field by its `type`: the type of the question, or the `tag` of a field that is drawn in a way of
    its own.
    """

    tag = ""
    # Whether "nothing sent" is an answer: ticks that are all gone send nothing.
    silent = False

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__("", **kwargs)
        self.question = question
        self.kind = kind_of(question)
        self.type = self.tag or self.kind
        self.required = False
        self.is_fixed = question.read_only  # the answer is only shown
        self.typed = self.problem = ""
        self.guidance = ""
        self.choices: Sequence[Choice] = ()
        self.media: Mapping[str, str] = {}

    def prepare(self, filling: Filling, language: str) -> None:
        """Take wording, choices and the kept answer from a filling, before input is read."""
        question = self.question
        self.label.text, self.description = wording(question, language, filling)
        self.guidance = question.guidance(language, filling)
        self.media = question.media(language)
        self.required = filling.is_required(question)
        self.is_fixed = filling.is_read_only(question)
        if question.choice_list is not None:
            self.choices = question.choices(filling, language)
        self.language = language
        self.environment = filling.environment
        self.object_data = self.data = filling.text(question.path)
        self.typed = shown(self.kind, self.data, language)

    def process(self, formdata: Any, *_data: Any, **_filters: Any) -> None:
        """Read what was sent for this question.

        The kept answer stays when nothing was: a browser sends every box and every chosen button
        it shows, so the question was not on the page.
        """
        self.process_errors = []
        if formdata is None or self.is_fixed:
            return
        self.raw_data = self.taken(formdata.getlist(self.name))
        if not self.raw_data and not self.silent:
            return
        try:
            self.process_formdata(self.raw_data)
        except AnswerError as error:
            self.problem = error.problem
            messages = getattr(self.meta, "messages", MESSAGES)
            values = {name: self.told(text) for name, text in error.values.items()}
            self.process_errors.append(str(messages[error.problem]) % values)

    def taken(self, valuelist: list[Any]) -> list[Any]:
        """Return what counts of all that was sent under this name: legible text, no files."""
        return [legible(value) for value in valuelist if isinstance(value, str)]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the text as typed, and its canonical form as data; raise AnswerError."""
        before, kept = self.typed, self.data or ""
        self.typed = str(valuelist[0])
        self.data = ""
        # What nobody changed is not read again: a field client may have been more exact.
        unchanged = kept and self.typed == before and is_canonical(self.kind, kept)
        self.data = kept if unchanged else self.read(self.typed)

    def read(self, typed: str) -> str:
        """Return the canonical text of what was typed; raise AnswerError."""
        return canonical(self.kind, typed, self.now())

    def now(self) -> datetime:
        """Return the time in the zone of the service."""
        return self.environment.now().astimezone(self.environment.zone)

    @property
    def has_notes(self) -> bool:
        """Whether anything stands beside the wording: a hint, help, media, a mistake."""
        return bool(self.description or self.guidance or self.media or self.errors)

    @property
    def as_read(self) -> str:
        """The answer as text, for a question that only shows it."""
        return as_read(self.question, self.data or "", self.choices, self.language)

    def told(self, text: str) -> str:
        """Return a value as an error message says it."""
        return text


class NoteField(QuestionField):
    """A text to read; nothing sent for it counts."""

    tag = "note"
    is_fixed = False

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Leave everything as it is."""


def words(question: Question, *known: str) -> bool:
    """Return whether the author asked for one of these appearances."""
    return any(word in question.appearance for word in known)
