"""Who is signed in where: one row a staff session, so that it can be listed and ended."""

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base
from core.people import Person


class Presence(Base):
    """A staff session. `id` is that of its row of the web sessions; it opens nothing.

    `begun` and `seen` are in seconds since 1970; `device` says what kind of browser it is.
    """

    __tablename__ = "presence"
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    begun: Mapped[int] = mapped_column(BigInteger)
    seen: Mapped[int] = mapped_column(BigInteger)
    device: Mapped[str] = mapped_column(String(100))


def end_all(session: Session, person_id: int, but: bytes = b"") -> None:
    """End every session of a person, `but` the one she sits at."""
    session.execute(delete(Presence).where(Presence.person_id == person_id, Presence.id != but))
