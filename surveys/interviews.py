"""Interviews: who enters which, for what, submitting."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from sqlalchemy.orm import Session

from core import audit, drafts, keyring, records, sampling, versions
from core.drafts import Draft
from core.people import NotHers, Person, SignedIn
from core.records import Response, Submission
from core.sampling import CLIENT, MUNICIPALITY, SampleUnit
from core.versions import NoQuestionnaire, Version
from surveys import corrections, second_entries
from xlsform.filling import Filling

QUESTIONNAIRES: Mapping[str, str] = MappingProxyType(
    {
        CLIENT: "interviews",
        MUNICIPALITY: "interviews",
    }
)
WAVE, OFFICE = "/data/place/wave", "/data/place/office"  # who was asked, in which round


@dataclass(frozen=True)
class Purpose:
    """What an interview is entered for, beyond itself; one of these at most.

    It is a planned one (`unit`), the second entry of one (`first`), or the correction of one that
    was sent, for a `reason`; `before` is what that said, by path.
    """

    unit: str = ""
    first: str = ""
    reason: str = ""
    before: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """An interview that was entered to its end: what it says, for what, on which day.

    `copy` is what she keeps of it for corrections, None for nothing.
    """

    filling: Filling
    purpose: Purpose
    day: date
    copy: bytes | None = None
    percent: int = 0  # how many of a hundred are entered again
    files: Iterable[tuple[str, bytes]] = ()


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


def known(unit: SampleUnit) -> dict[str, str]:
    """Return what an interview begins with because it was planned, by path."""
    if unit.questionnaire != MUNICIPALITY:
        return {}
    return {WAVE: str(unit.wave), OFFICE: unit.code}


def submit(session: Session, who: SignedIn, draft: Draft, done: Done) -> None:
    """Store the interview with its files, sealed to the service's keys, and end the draft."""
    if draft.submitted is not None:
        _correct(session, who, draft, done)
    elif done.purpose.first:
        first, day = done.purpose.first, done.day
        second_entries.submit(session, who, draft, first, done.filling, day)
    else:
        _store(session, who, draft, done)


def cover(session: Session, questionnaire: str, filling: Filling) -> None:
    """Note which office was asked in which wave, if an interview says so."""
    office, wave = filling.answers.get(OFFICE, ""), filling.answers.get(WAVE, "")
    if questionnaire == MUNICIPALITY and office and wave.isdecimal():
        sampling.covered(session, questionnaire, office, int(wave))


def discard(session: Session, who: SignedIn, draft: Draft, purpose: Purpose) -> None:
    """Delete what she has begun; what it was for can be begun again by anybody."""
    if purpose.unit:
        sampling.give_back(session, who, purpose.unit)
    if purpose.first:
        second_entries.give_back(session, who, purpose.first)
    session.delete(draft)
    session.flush()


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
    is_new = records.submit(session, submission, filling)
    if is_new:
        cover(session, versions.version_of(session, version_id).questionnaire, filling)
    return is_new


def _store(session: Session, who: SignedIn, draft: Draft, done: Done) -> None:
    version = versions.version_of(session, draft.version_id)
    submission = Submission(draft.id, version.id, keyring.COUNTY, done.day)
    records.submit(session, submission, done.filling, done.files)
    audit.note(session, who.person.id, "submitted", f"response:{draft.id}")
    if done.purpose.unit:
        sampling.done(session, done.purpose.unit)
    cover(session, version.questionnaire, done.filling)
    second_entries.draw(session, who, draft.id, done.percent)
    if done.copy is not None and corrections.is_possible(done.filling.form):
        drafts.submit(session, who, draft, done.copy, done.day)
    else:
        session.delete(draft)
    session.flush()


def _correct(session: Session, who: SignedIn, draft: Draft, done: Done) -> None:
    response, purpose = session.get_one(Response, draft.id), done.purpose
    filling, before = done.filling, purpose.before
    corrections.store(session, who, response, filling, before, purpose.reason, done.day)
    version = versions.version_of(session, draft.version_id)
    office, wave = before.get(OFFICE, ""), before.get(WAVE, "")
    if (office, wave) != (filling.answers.get(OFFICE, ""), filling.answers.get(WAVE, "")):
        sampling.uncovered(session, version.questionnaire, office, int(wave or 0))
    cover(session, version.questionnaire, filling)
    if done.copy is not None:
        drafts.save(session, who, draft, done.copy, done.day)
