"""What people read: translations that are missing, texts too long for a phone, appearances."""

import re
from collections.abc import Iterator

from xlsform.findings import Finding
from xlsform.lint.headers import role
from xlsform.lint.structure import nearest
from xlsform.lint.subject import Entry, Subject
from xlsform.searching import words_of
from xlsform.texts import MISSING_TRANSLATION

# A phone shows some 40 characters a line. 300 are eight lines, half of its screen, with the answer
# still in sight; 120 are three lines, so that five choices fit on it. A note is only there to read.
LONGEST = {"question": 300, "choice": 120, "note": 600}

_KNOWN = (
    "field-list minimal autocomplete likert table-list label list-nolabel list columns "
    "columns-pack compact quickcompact horizontal horizontal-compact multiline numbers "
    "thousands-sep url month-year year no-calendar ethiopian coptic islamic bikram-sambat "
    "myanmar persian no-ticks vertical picker rating quick maps map quick-map placement-map "
    "streets draw signature annotate new new-front new-rear textarea hidden-answer printer masked "
    "faces"  # ours: a face beside each point of a scale; other clients show the words alone
)
APPEARANCES = frozenset(_KNOWN.split())
_COUNTED = re.compile(r"columns-\d+|w\d{1,2}")  # in so many columns, so many columns wide


def missing_translations(subject: Subject) -> Iterator[Finding]:
    """What is worded in one language is worded in all that the form has."""
    if len(subject.languages) < 2:
        return
    for sheet, entries in _sheets(subject):
        headers = {role(header): header for header in subject.workbook.columns(sheet)}
        for entry in entries:
            for column, by_language in entry.texts.items():
                written = {key for key, cell in by_language.items() if _is_written(cell.text)}
                for language in subject.languages if written else ():
                    if language in written:
                        continue
                    place = headers.get((column, language), f"{column}::{language}")
                    yield Finding(
                        sheet,
                        entry.row,
                        place,
                        f"There is no text in the language '{language}'.",
                        "Translate it; until then people read it in another language.",
                    )


def long_texts(subject: Subject) -> Iterator[Finding]:
    """Texts are short enough to be read on a phone."""
    for sheet, entries in _sheets(subject):
        for entry in entries:
            kind = (
                "choice" if sheet == "choices" else "note" if entry.kind == "note" else "question"
            )
            for column, _, cell in entry.wordings():
                if column == "label" and len(cell.text) > LONGEST[kind]:
                    yield cell.warning(
                        f"The text has {len(cell.text)} characters; a phone shows a {kind} of more "
                        f"than {LONGEST[kind]} only in parts.",
                        "Shorten it, or put a part of it into the hint or a note of its own.",
                    )


def unknown_appearances(subject: Subject) -> Iterator[Finding]:
    """An appearance is one that a questionnaire can have."""
    for entry in subject.questions:
        cell = entry.cell("appearance")
        for word in words_of(cell.text):
            if word not in APPEARANCES and not _COUNTED.fullmatch(word):
                yield cell.warning(
                    f"The appearance '{word}' is not known and changes nothing.",
                    nearest(word, sorted(APPEARANCES)) or "Delete it.",
                )


def _sheets(subject: Subject) -> Iterator[tuple[str, Iterator[Entry]]]:
    yield "survey", iter(subject.questions)
    yield "choices", (entry for entries in subject.choices.values() for entry in entries)


def _is_written(text: str) -> bool:
    return text != MISSING_TRANSLATION
