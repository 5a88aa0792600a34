"""Interviews that somebody else enters a second time, from the same paper, to compare.

Which interviews are entered twice is drawn when they are sent, so that nobody takes more care over
those.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import ForeignKey, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, keyring, records, versions
from core.database import Base
from core.drafts import Draft
from core.keyring import Keys
from core.people import NotHers, Person, SignedIn
from core.records import SECOND, Response, Submission
from core.sampling import Taken
from core.versions import Version
from surveys.agreement import Pair
from xlsform.filling import Filling


class SecondEntry(Base):
    """That an interview is to be entered again, by anybody but the person who entered it first.

    `taken_id` is who does so; `second_id` the response that came of it, kept beside the first.
    """

    __tablename__ = "second_entry"
    first_id: Mapped[str] = mapped_column(ForeignKey(Response.id), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    taken_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    second_id: Mapped[str | None] = mapped_column(ForeignKey(Response.id))


def draw(session: Session, who: SignedIn, response_id: str, percent: int) -> bool:
    """Let chance decide whether an interview is entered again; say what it decided."""
    is_drawn = secrets.randbelow(100) < percent
    if is_drawn:
        session.add(SecondEntry(first_id=response_id, person_id=who.person.id))
        session.flush()
    return is_drawn


def is_drawn(session: Session, response_id: str) -> bool:
    """Say whether an interview waits to be entered again."""
    row = session.get(SecondEntry, response_id)
    return row is not None and row.second_id is None


def spare(session: Session, who: SignedIn, response_id: str) -> None:
    """Do not enter an interview of hers again after all: there is no paper. Raise `NotHers`."""
    this = (SecondEntry.first_id == response_id, SecondEntry.person_id == who.person.id)
    free = (SecondEntry.taken_id.is_(None), SecondEntry.second_id.is_(None))
    sparing = delete(SecondEntry).where(*this, *free).returning(SecondEntry.first_id)
    if session.scalar(sparing) is None:
        raise NotHers
    audit.note(session, who.person.id, "deleted", f"second-entry:{response_id}")


def waiting(session: Session, who: SignedIn) -> list[tuple[str, Version]]:
    """Return which interviews she may enter again, by the id of the first, with their version."""
    query = (
        select(SecondEntry.first_id, Version)
        .join(Response, Response.id == SecondEntry.first_id)
        .join(Version, Version.id == Response.version_id)
        .where(SecondEntry.person_id != who.person.id, SecondEntry.taken_id.is_(None))
        .order_by(SecondEntry.first_id)
    )
    return [(first_id, version) for first_id, version in session.execute(query)]


def take(session: Session, who: SignedIn, first_id: str) -> Version:
    """Let her enter an interview again, in the version it has; raise `Taken`, `NotHers`."""
    if session.get(SecondEntry, first_id) is None:
        raise NotHers
    free = or_(SecondEntry.taken_id.is_(None), SecondEntry.taken_id == who.person.id)
    this = (SecondEntry.first_id == first_id, SecondEntry.person_id != who.person.id)
    open_ = SecondEntry.second_id.is_(None)
    taking = update(SecondEntry).where(*this, free, open_).values(taken_id=who.person.id)
    if session.scalar(taking.returning(SecondEntry.first_id)) is None:
        raise Taken
    response = session.get_one(Response, first_id)
    return versions.version_of(session, response.version_id)


def give_back(session: Session, who: SignedIn, first_id: str) -> None:
    """Leave an interview that she has begun to enter again to whoever takes it next."""
    hers = (SecondEntry.first_id == first_id, SecondEntry.taken_id == who.person.id)
    session.execute(update(SecondEntry).where(*hers).values(taken_id=None))


def submit(
    session: Session, who: SignedIn, draft: Draft, first_id: str, filling: Filling, day: date
) -> None:
    """Store what was entered a second time, beside the first; nobody counts it as an interview."""
    submission = Submission(draft.id, draft.version_id, keyring.COUNTY, day)
    records.submit(session, submission, filling)
    session.get_one(Response, draft.id).status = SECOND
    session.get_one(SecondEntry, first_id).second_id = draft.id
    audit.note(session, who.person.id, "submitted", f"response:{draft.id}")
    session.delete(draft)
    session.flush()


def entered(session: Session, version_id: int) -> list[str]:
    """Return what was entered twice in a version, by the ids of the first entries."""
    query = select(SecondEntry.first_id).join(Response, Response.id == SecondEntry.first_id)
    query = query.where(Response.version_id == version_id, SecondEntry.second_id.is_not(None))
    return list(session.scalars(query))


def pairs(session: Session, keys: Keys, first_ids: Iterable[str]) -> list[Pair]:
    """Return both entries of what was entered twice; raise `NotGranted` or `Tampered`."""
    query = select(SecondEntry).where(SecondEntry.first_id.in_(list(first_ids)))
    query = query.where(SecondEntry.second_id.is_not(None))
    return [
        (_answers(session, keys, row.first_id), _answers(session, keys, row.second_id or ""))
        for row in session.scalars(query.order_by(SecondEntry.first_id))
    ]


def _answers(session: Session, keys: Keys, response_id: str) -> Mapping[str, str]:
    return records.open_answers(session, session.get_one(Response, response_id), keys)
