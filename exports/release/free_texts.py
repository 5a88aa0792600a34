"""What interviews say in free words, as it was said: for the holders of the contact key alone."""

import uuid
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core import approving, keyring, records, versions
from core.people import NotHers, SignedIn
from core.records import Response
from exports.release import releases
from intake.referrals import WITHDRAWN
from surveys import interviews
from xlsform.questions import UPLOADS
from xlsform.reading import wording
from xlsform.slots import generic

QUESTIONNAIRES = tuple(interviews.QUESTIONNAIRES)
_MARKS = uuid.UUID("7a756761-6e67-4000-8000-776f72747465")


@dataclass(frozen=True)
class Text:
    """What a response says to one question, in the words it was said in."""

    id: str
    response: Response
    question: str  # its path
    original: str = field(repr=False)


def mark(response_id: str, question: str) -> str:
    """Return the id of what a response says to a question: it tells neither."""
    return str(uuid.uuid5(_MARKS, f"{response_id} {question}"))


def texts(session: Session, who: SignedIn, questionnaire: str, taken: Container[str]) -> list[Text]:
    """Return the texts that are not among those `taken`, in an order that says nothing.

    Raises `NotGranted` or `Tampered`.
    """
    found: list[Text] = []
    for response in _responses(session, questionnaire):
        asked = questions(session, response.version_id)
        free = [path for path in asked if mark(response.id, path) not in taken]
        if free and _agreed(session, who, response):
            found.extend(_said(session, who, response, free))
    return sorted(found, key=lambda one: one.id)


def find(session: Session, who: SignedIn, text_id: str) -> Text:
    """Return a text by its id; raise `NotHers` if there is none, `NotGranted` or `Tampered`."""
    for response in (one for name in QUESTIONNAIRES for one in _responses(session, name)):
        for path in questions(session, response.version_id):
            if mark(response.id, path) == text_id and _agreed(session, who, response):
                return _only(_said(session, who, response, [path]))
    raise NotHers


def questions(session: Session, version_id: int) -> list[str]:
    """Return the paths of the questions of a version that are answered in free words."""
    form = versions.form_of(session, version_id)
    asked = (one for one in form.questions.values() if one.disclosure == "free")
    return [question.path for question in asked if question.type not in UPLOADS]


def labels(session: Session, questionnaire: str, language: str) -> dict[str, str]:
    """Return by path what the questions with free words ask, as the newest version words it.

    What nobody has looked at yet words only what is asked nowhere else.
    """
    found: dict[str, str] = {}
    for version in sorted(versions.all_of(session, questionnaire), key=approving.is_waiting):
        form = versions.form_of(session, version.id, version.digest)
        for path in questions(session, version.id):
            found.setdefault(path, wording(form.questions[path], language, None)[0])
    return found


def _responses(session: Session, questionnaire: str) -> list[Response]:
    # Interviews belong to no part of the county: every counsellor may read them.
    found = records.responses(session, questionnaire, (keyring.COUNTY,))
    return [one for one in found if one.identity and one.status != WITHDRAWN]


def _agreed(session: Session, who: SignedIn, response: Response) -> bool:
    answers = records.open_answers(session, response, who.keys)
    return releases.agreed(session, releases.Opened(response, answers))


def _said(session: Session, who: SignedIn, response: Response, paths: Iterable[str]) -> list[Text]:
    answers = records.open_identity(session, response, who.keys)
    by_question: dict[str, list[str]] = {}
    for path, text in answers.items():  # a question of a repeat is answered more than once
        if text.strip():
            by_question.setdefault(generic(path), []).append(text)
    return [
        Text(mark(response.id, path), response, path, "\n\n".join(by_question[path]))
        for path in paths
        if path in by_question
    ]


def _only(found: list[Text]) -> Text:
    if not found:
        raise NotHers
    return found[0]
