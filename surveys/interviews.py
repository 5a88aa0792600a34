"""Interviews: who enters which, drafts under her own key, submitting."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from types import MappingProxyType

from sqlalchemy.orm import Session

from core import audit, drafts, keyring, records, versions
from core.drafts import Draft
from core.people import NotHers, Person, SignedIn
from core.records import Submission
from core.versions import NoQuestionnaire, Version
from xlsform.filling import Filling

QUESTIONNAIRES: Mapping[str, str] = MappingProxyType(
    {
        "client": "interviews",
        "municipality": "interviews",
    }
)


def offered(person: Person) -> list[str]:
    """Return the questionnaires she may enter."""
    return [name for name, permission in QUESTIONNAIRES.items() if person.may(permission)]


def running(session: Session, person: Person) -> list[Version]:
    """Return the versions that she may begin: of each questionnaire the newest not retired."""
    found = []
    for name in offered(person):
        with suppress(NoQuestionnaire):  # all of it is retired
            found.append(versions.current(session, name))
    return found


def current(session: Session, who: SignedIn, questionnaire: str) -> Version:
    """Return the newest version of a questionnaire; raise `NotHers` if she may not enter it."""
    if questionnaire not in offered(who.person):
        raise NotHers
    return versions.current(session, questionnaire)


def begin(session: Session, who: SignedIn, version: Version, first: bytes, day: date) -> Draft:
    """Return a new draft with its first content; raise `NotHers` if she may not enter it."""
    if version.questionnaire not in offered(who.person):
        raise NotHers
    return drafts.begin(session, who, version.id, first, day)


def submit(
    session: Session,
    who: SignedIn,
    draft: Draft,
    filling: Filling,
    day: date,
    files: Iterable[tuple[str, bytes]] = (),
) -> None:
    """Store the interview with its files, sealed to the service's keys, and delete the draft."""
    submission = Submission(draft.id, draft.version_id, keyring.COUNTY, day)
    records.submit(session, submission, filling, files)
    audit.note(session, who.person.id, "submitted", f"response:{draft.id}")
    session.delete(draft)


def take_in(
    session: Session,
    submission_id: str,
    version_id: int,
    filling: Filling,
    parts: Mapping[str, str],  # noqa: ARG001 - interviews belong to none
    day: date,
) -> bool:
    """Store an interview that was kept elsewhere; return whether it was not there before."""
    submission = Submission(submission_id, version_id, keyring.COUNTY, day)
    return records.submit(session, submission, filling)
