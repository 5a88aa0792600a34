"""Cases: what a counsellor and a woman do together, from her first message to the end."""

from datetime import date

from sqlalchemy import Date, ForeignKey, LargeBinary, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, database, keyring
from core.database import Base
from core.people import NotHers, Person, SignedIn
from core.pseudonyms import pseudonym
from core.records import Response
from core.resealing import Change, Sealed
from core.versions import Version
from intake import referrals
from intake.referrals import CLOSED, OPENED, WITHDRAWN


class Case(Base):
    """One woman's case; all that is said about her is in its entries and responses, sealed."""

    __tablename__ = "case"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    part: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    opened: Mapped[date] = mapped_column(Date)
    closed: Mapped[date | None] = mapped_column(Date)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))


class CaseResponse(Base):
    """Which case a referral, or a documentation of a case, belongs to."""

    __tablename__ = "case_response"
    response_id: Mapped[str] = mapped_column(ForeignKey(Response.id), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey(Case.id), index=True)


class CaseEntry(Sealed, Base):
    """A contact, a measure, an attempt to reach her, a note or a next step: sealed as a whole."""

    __tablename__ = "case_entry"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey(Case.id), index=True)
    written: Mapped[date] = mapped_column(Date)
    contact_key_id: Mapped[int] = mapped_column(ForeignKey(keyring.ServiceKey.id))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def place(self) -> str:
        """What the sealed bytes are bound to."""
        return f"case-entry:{self.id}:{self.case_id}"

    def reseal(self, session: Session, change: Change) -> None:  # noqa: ARG002
        """Seal it to the newest key."""
        self.sealed = change.moved(self.contact_key_id, self.sealed, self.place)
        self.contact_key_id = change.newest[self.contact_key_id].id


def by_pseudonym(session: Session, counsellor: SignedIn, code: str) -> str | None:
    """Return the id of the case of her part that goes by this code, None when there is none."""
    hers = select(Case.id).where(Case.part.in_(counsellor.person.parts), Case.status != WITHDRAWN)
    hers = hers.order_by(Case.opened)
    typed = code.strip().upper()
    return next((one for one in session.scalars(hers) if pseudonym(one) == typed), None)


def find(session: Session, counsellor: SignedIn, case_id: str) -> Case:
    """Return a case of her part of the county, or raise `NotHers`."""
    case = session.get(Case, case_id)
    if case is None or case.status == WITHDRAWN or case.part not in counsellor.person.parts:
        raise NotHers
    return case


def case_of(session: Session, response_id: str) -> str | None:
    """Return the id of the case that a referral belongs to, None for none yet."""
    row = session.get(CaseResponse, response_id)
    return row.case_id if row is not None else None


def responses_of(session: Session, case: Case) -> list[Response]:
    """Return the referrals of a case, the first one first."""
    mine = select(Response).join(CaseResponse).join(Version, Version.id == Response.version_id)
    mine = mine.where(CaseResponse.case_id == case.id)
    mine = mine.where(Version.questionnaire == referrals.QUESTIONNAIRE)
    return list(session.scalars(mine.order_by(Response.received, Response.id)))


def take_up(session: Session, counsellor: SignedIn, response_id: str, day: date) -> Case:
    """Return the case of a referral, a new one that she holds if it had none.

    A case has the number of its first referral, so that both go by the same pseudonym. Raises
    `NotHers`, also for a referral of which only the answers are left.
    """
    response = referrals.find(session, counsellor, response_id)
    if known := case_of(session, response.id):
        return find(session, counsellor, known)
    if not response.identity:
        raise NotHers
    begun = {"id": response.id, "part": response.part, "status": OPENED, "opened": day}
    if database.insert_once(session, Case, begun | {"holder_id": counsellor.person.id}):
        session.add(CaseResponse(response_id=response.id, case_id=response.id))
        response.status, response.closed = OPENED, None
        audit.note(session, counsellor.person.id, "taken", f"case:{response.id}")
    session.flush()
    return find(session, counsellor, response.id)


def take(session: Session, counsellor: SignedIn, case_id: str) -> None:
    """Let her hold a case, whoever held it before; raise `NotHers`."""
    find(session, counsellor, case_id).holder_id = counsellor.person.id
    audit.note(session, counsellor.person.id, "taken", f"case:{case_id}")


def give_back(session: Session, counsellor: SignedIn, case_id: str) -> None:
    """Leave a case that she holds to whoever takes it next; raise `NotHers`."""
    case = find(session, counsellor, case_id)
    if case.holder_id == counsellor.person.id:
        case.holder_id = None
        audit.note(session, counsellor.person.id, "given-back", f"case:{case_id}")


def close(session: Session, counsellor: SignedIn, case_id: str, day: date) -> None:
    """Close a case and its referrals: the time begins after which it goes who she is."""
    case = find(session, counsellor, case_id)
    closing = update(Case).where(Case.id == case.id, Case.status == OPENED)
    if session.scalar(closing.values(status=CLOSED, closed=day).returning(Case.id)) is not None:
        _set(session, case, CLOSED, day)
        audit.note(session, counsellor.person.id, "closed", f"case:{case.id}")


def reopen(session: Session, counsellor: SignedIn, case_id: str) -> None:
    """Open a closed case again, unless it is deleted by now who she is."""
    _open_again(session, find(session, counsellor, case_id), counsellor.person.id)


def came_back(session: Session, response_id: str) -> None:
    """Open a referral again, and its case with it, if it was closed: the woman writes."""
    mine = select(Case).join(CaseResponse).where(CaseResponse.response_id == response_id)
    case = session.scalar(mine.execution_options(populate_existing=True))
    if case is not None:
        _open_again(session, case, audit.SERVICE)
    else:
        row = update(Response).where(Response.id == response_id, Response.status == CLOSED)
        session.execute(row.values(status=OPENED, closed=None))


def _open_again(session: Session, case: Case, by: int) -> None:
    if case.status == CLOSED and _set(session, case, OPENED, None):
        opening = update(Case).where(Case.id == case.id)
        session.execute(opening.values(status=OPENED, closed=None))
        audit.note(session, by, "reopened", f"case:{case.id}")


def _set(session: Session, case: Case, status: str, closed: date | None) -> bool:
    """Say of the referrals of a case what holds of the case; return whether any was kept."""
    mine = select(CaseResponse.response_id).where(CaseResponse.case_id == case.id)
    kept = update(Response).where(Response.id.in_(mine), func.length(Response.identity) > 0)
    changed = session.scalars(kept.values(status=status, closed=closed).returning(Response.id))
    return bool(changed.all())
