"""Who opened, changed, exported, deleted what, and when. Never what was in it."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base


class Entry(Base):
    """One line of the audit: a person, a deed and the id of the thing it was done to."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime)
    person_id: Mapped[int]
    deed: Mapped[str] = mapped_column(String(20))
    thing: Mapped[str] = mapped_column(String(100), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class Head(Base):
    """The end of the chain: how many lines there are, and the digest of the last one."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


def note(session: Session, person_id: int, deed: str, thing: str) -> None:
    """Add a line; it is kept when the deed itself is committed."""
    at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    session.add(Entry(at=at, person_id=person_id, deed=deed, thing=thing, digest=b""))
