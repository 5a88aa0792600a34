"""Messages between a woman and her counsellor, and the code with which she comes back."""

from datetime import date

from sqlalchemy import Date, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import keyring
from core.database import Base
from core.people import Person
from core.records import Response
from core.resealing import Change, Sealed


class ReturnCode(Base):
    """What opens a referral again to the woman who sent it. `id` is a slow hash of her code.

    Replies are sealed to `public`; the private half comes from the code and is kept nowhere.
    """

    __tablename__ = "return_code"
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey(Response.id), unique=True)
    public: Mapped[bytes] = mapped_column(LargeBinary(32))
    made: Mapped[date] = mapped_column(Date)


class Message(Sealed, Base):
    """A message that belongs to a referral: from her, or from the person `sent_by` to her.

    `sealed` opens with the contact key, `to_code` with her code; `seen` is when the other side
    first read it.
    """

    __tablename__ = "message"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey(Response.id), index=True)
    written: Mapped[date] = mapped_column(Date)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    seen: Mapped[date | None] = mapped_column(Date)
    contact_key_id: Mapped[int] = mapped_column(ForeignKey(keyring.ServiceKey.id))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    to_code: Mapped[bytes | None] = mapped_column(LargeBinary)

    @property
    def place(self) -> str:
        """What the sealed bytes are bound to."""
        return f"message:{self.id}:{self.response_id}"

    def reseal(self, session: Session, change: Change) -> None:  # noqa: ARG002
        """Seal it to the newest key; what is sealed to her code stays hers."""
        self.sealed = change.moved(self.contact_key_id, self.sealed, self.place)
        self.contact_key_id = change.newest[self.contact_key_id].id
