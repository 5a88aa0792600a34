"""A woman takes everything back: all that is kept of her is deleted at once."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core import audit, database, ledger, notices, retention, sampling
from core.drafts import Draft
from core.people import SignedIn
from core.pseudonyms import pseudonym
from core.records import Attachment, Response
from core.retention import Rule
from core.settings import Settings
from intake import cases, conversations, documenting, overview
from intake.cases import Case, CaseEntry, CaseResponse
from intake.conversations import Gone
from intake.messages import Message, ReturnCode
from intake.overview import Overview
from intake.referrals import WITHDRAWN

OF_REFERRALS = (Message, ReturnCode, Attachment, CaseResponse)
KEPT_MONTHS = 1  # how long the desk is told that somebody took everything back


def withdraw(session: Session, response_id: str, at: datetime) -> None:
    """Delete a referral and, with it, all of its case; raise `Gone` when it is gone already.

    What is left is a line without content that tells the desk, and, of a response that went out to
    evaluators, the entry in the ledger: the row without anything in it.
    """
    response = session.get(Response, response_id)
    if response is None or response.status == WITHDRAWN:
        raise Gone
    case_id = cases.case_of(session, response_id) or response_id
    part = response.part
    # whoever is documenting the case comes first, or too late
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
    of_case = select(CaseResponse.response_id).where(CaseResponse.case_id == case_id)
    for number in {response_id, *session.scalars(of_case)}:
        _delete(session, number, at.date())
    session.execute(delete(CaseEntry).where(CaseEntry.case_id == case_id))
    documenting.forget_drafts(session, case_id)
    sampling.cancel(session, sampling.CLIENT, pseudonym(case_id))
    _tell(session, case_id, part, at.date())
    notices.tell(session, part, at)
    overview.forget(session)
    audit.note(session, audit.SERVICE, "withdrawn", f"case:{case_id}")
    session.flush()


def _delete(session: Session, response_id: str, day: date) -> None:
    conversations.hold(session, response_id)  # what is being written is deleted, too
    for table in OF_REFERRALS:
        session.execute(delete(table).where(table.response_id == response_id))
    row = Response.id == response_id
    if ledger.is_out(session, response_id):
        # The day says which of two files an evaluator took has lost the class of this row.
        empty = {"identity": b"", "answers": b"", "status": WITHDRAWN, "closed": day}
        session.execute(update(Response).where(row).values(empty))
    else:
        session.execute(delete(Response).where(row))
    session.expire_all()


def _tell(session: Session, case_id: str, part: str, day: date) -> None:
    told = {"part": part, "status": WITHDRAWN, "opened": day, "closed": day}
    if not database.insert_once(session, Case, {"id": case_id, **told}):
        session.execute(update(Case).where(Case.id == case_id).values(told))


def lately(session: Session, counsellor: SignedIn) -> list[Case]:
    """Return what was taken back of late in her part of the county, the newest first."""
    hers = select(Case).where(Case.status == WITHDRAWN, Case.part.in_(counsellor.person.parts))
    return list(session.scalars(hers.order_by(Case.closed.desc(), Case.id)))


def is_told(session: Session, counsellor: SignedIn, number: str) -> bool:
    """Say whether the desk of her part is still told that this was taken back."""
    case = session.get(Case, number)
    return case is not None and case.status == WITHDRAWN and case.part in counsellor.person.parts


def taken_back(session: Session, settings: Settings, day: date) -> list[date]:
    """Return when something was taken back lately, so that no file keeps what was deleted.

    What told the desk of it goes when it did so long enough.
    """
    del settings  # every rule gets them; this one has nothing to choose
    mine = Case.status == WITHDRAWN
    long_ago = retention.before(day, KEPT_MONTHS)
    session.execute(delete(Case).where(mine, Case.closed <= long_ago))
    lately = select(Case.closed).where(mine, Case.closed >= day - timedelta(days=1))
    return sorted(closed for closed in session.scalars(lately) if closed is not None)


TAKEN_BACK = Rule(
    "referrals taken back",
    taken_back,
    tuple(
        one.__tablename__
        for one in (*OF_REFERRALS, Response, Case, CaseEntry, Draft, sampling.SampleUnit, Overview)
    ),
)
