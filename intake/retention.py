"""How long it is kept who wrote a referral: for some months after it was closed."""

from collections.abc import Sequence
from datetime import UTC, date, tzinfo

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core import audit, retention, sampling
from core.audit import Entry
from core.drafts import Draft
from core.pseudonyms import pseudonym
from core.records import Attachment, Response
from core.retention import Rule
from core.settings import Settings
from core.versions import Version
from intake import cases, documenting, overview
from intake.cases import Case, CaseEntry
from intake.messages import Message, ReturnCode
from intake.referrals import CLOSED, QUESTIONNAIRE

OF_CASES = (QUESTIONNAIRE, documenting.QUESTIONNAIRE)


def identities(session: Session, settings: Settings, day: date) -> Sequence[date]:
    """Delete who wrote the referrals closed long enough ago, and what was noted of their cases.

    That is the identity part, the files, the messages with her number, the entries and the notes of
    the documentation; answers stay.
    What is new or open is never touched: one that is opened again meanwhile is left out.
    """
    long_ago = retention.before(day, settings.keep_identity_months)
    of_cases = select(Version.id).where(Version.questionnaire.in_(OF_CASES))
    over = (
        update(Response)
        .where(Response.version_id.in_(of_cases), func.length(Response.identity) > 0)
        .where(Response.status == CLOSED, Response.closed <= long_ago)
        .values(identity=b"")
        .returning(Response.id, Response.closed)
    )
    gone = session.execute(over).all()
    for number, _ in gone:
        for table in (Attachment, Message, ReturnCode):
            session.execute(delete(table).where(table.response_id == number))
        if case_id := cases.case_of(session, number):
            documenting.forget_drafts(session, case_id)
            sampling.cancel(session, sampling.CLIENT, pseudonym(case_id))
        audit.note(session, audit.SERVICE, "deleted", _identity(number))
    entries = _entries(session, long_ago)
    if gone or entries:
        overview.forget(session)
    return sorted(closed for _, closed in gone if closed is not None)


IDENTITIES = Rule(
    "contact parts of closed referrals",
    identities,
    tuple(
        one.__tablename__
        for one in (
            *(Response, Attachment, Message, ReturnCode, CaseEntry, Draft),
            *(sampling.SampleUnit, overview.Overview),
        )
    ),
)


def _entries(session: Session, long_ago: date) -> bool:
    over = select(Case.id).where(Case.status == CLOSED, Case.closed <= long_ago)
    old = delete(CaseEntry).where(CaseEntry.case_id.in_(over)).returning(CaseEntry.case_id)
    ended = sorted(set(session.scalars(old)))
    for number in ended:
        audit.note(session, audit.SERVICE, "deleted", f"case:{number}:entries")
    return bool(ended)


def deleted(session: Session, response: Response, zone: tzinfo) -> date | None:
    """Return the day on which it was deleted who wrote a referral, None when it is still kept."""
    if response.identity:
        return None
    line = select(Entry.at).where(Entry.thing == _identity(response.id), Entry.deed == "deleted")
    at = session.scalar(line.order_by(Entry.id.desc()).limit(1))
    return at.replace(tzinfo=UTC).astimezone(zone).date() if at is not None else None


def _identity(response_id: str) -> str:
    return f"response:{response_id}:identity"
