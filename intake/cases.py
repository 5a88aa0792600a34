"""Cases: what a counsellor and a woman do together, from her first message to the end."""

from datetime import date

from sqlalchemy import Date, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import keyring
from core.database import Base
from core.people import Person
from core.records import Response
from core.resealing import Change, Sealed


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
