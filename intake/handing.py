"""Sealing a case to another part of the county: handing it over, merging a second referral."""

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from core import audit, keyring, notices
from core.keyring import Keys
from core.people import NotHers, SignedIn
from core.records import Response
from core.resealing import Change
from intake import cases, documenting, overview, referrals
from intake.cases import Case, CaseEntry, CaseResponse
from intake.messages import Message
from intake.referrals import OPENED

Rows = TypeVar("Rows", bound=Select[Any])


def hand_over(
    session: Session, counsellor: SignedIn, case_id: str, part: str, at: datetime
) -> None:
    """Seal all of a case to another part of the county, where nobody holds it yet and all are told.

    Raises `NotHers`, and `Tampered` when something of it was changed: then nothing is handed over.
    """
    case = cases.find(session, counsellor, case_id)
    moving = update(Case).where(Case.id == case.id, Case.part == case.part, Case.part != part)
    if session.scalar(moving.values(part=part, holder_id=None).returning(Case.id)) is None:
        return
    change = _change(session, counsellor.keys, part)
    locked = select(Response).join(CaseResponse).where(CaseResponse.case_id == case.id)
    for response in session.scalars(_fresh(locked)).all():
        _move(session, response, change, part)
    entries = select(CaseEntry).where(CaseEntry.case_id == case.id)
    for entry in session.scalars(_fresh(entries)).all():
        entry.reseal(session, change)
    documenting.forget_drafts(session, case.id)
    overview.forget(session)
    notices.tell(session, part, at)
    audit.note(session, counsellor.person.id, "handed-over", f"case:{case.id}")
    session.flush()


def merge(session: Session, counsellor: SignedIn, response_id: str, case_id: str) -> None:
    """Add a woman's further referral to her case; raise `NotHers`, also for one that has a case."""
    response = referrals.find(session, counsellor, response_id)
    case = cases.find(session, counsellor, case_id)
    if cases.case_of(session, response.id) is not None or not response.identity:
        raise NotHers
    session.add(CaseResponse(response_id=response.id, case_id=case.id))
    session.flush()
    session.refresh(response, with_for_update=True)  # she may be writing
    if response.part != case.part:
        _move(session, response, _change(session, counsellor.keys, case.part), case.part)
    response.status, response.closed = OPENED, None
    session.flush()
    cases.reopen(session, counsellor, case.id)  # if it was closed: she came back
    audit.note(session, counsellor.person.id, "merged", f"case:{case.id}")
    session.flush()


def _change(session: Session, keys: Keys, part: str) -> Change:
    contact = keyring.newest(session, f"contact-{part}")
    newest = keyring.latest(session)
    return Change(
        keys,
        {key: contact if row.purpose in keyring.CONTACTS else row for key, row in newest.items()},
    )


def _move(session: Session, response: Response, change: Change, part: str) -> None:
    written = select(Message).where(Message.response_id == response.id)
    for message in session.scalars(_fresh(written)).all():
        message.reseal(session, change)
    response.reseal(session, change)
    response.part = part


def _fresh(rows: Rows) -> Rows:
    return rows.with_for_update().execution_options(populate_existing=True)
