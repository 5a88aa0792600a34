"""Who is signed in where: one row a staff session, so that it can be listed and ended.

The row holds her private half, locked under a key that only her browser's cookie gives. Whoever
deletes the row – herself from another device, the coordinator, the sweeper after half an hour –
has thereby destroyed the one key that was in use, without having that cookie.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    LargeBinary,
    String,
    bindparam,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, vault
from core.database import Base, Prepared
from core.people import Person, SignedIn
from core.vault import Tampered

IDLE = 30 * 60  # seconds without a request
LONGEST = 12 * 60 * 60  # seconds, however busy she is
_NOTED = 60  # seconds: how exactly it is written down when she was last seen


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
    box: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Here:
    """Somebody at a keyboard, with her private half; times are in seconds since 1970."""

    id: bytes
    person: Person
    private: bytes = field(repr=False)
    begun: int
    seen: int

    @property
    def until(self) -> int:
        """When she is signed out unless she does something."""
        return min(self.seen + IDLE, self.begun + LONGEST)

    @property
    def is_last(self) -> bool:
        """Say whether she is signed out then whatever she does."""
        return self.until == self.begun + LONGEST


_SEEN = Prepared(
    update(Presence).where(Presence.id == bindparam("key")).values(seen=bindparam("t"))
)


def begin(
    session: Session, id_: bytes, key: bytes, who: SignedIn, device: str, now: datetime
) -> None:
    """Begin a session; `key` alone opens what it holds."""
    at = int(now.timestamp())
    box = vault.lock(key, who.pair.private, _place(who.person))
    session.add(
        Presence(id=id_, person_id=who.person.id, begun=at, seen=at, device=device, box=box)
    )


def find(session: Session, id_: bytes, key: bytes, now: datetime) -> Here | None:
    """Return who sits there, None when the session is over or she has left."""
    rows = select(Presence, Person).join(Person, Person.id == Presence.person_id)
    found = session.execute(
        rows.where(Presence.id == id_, Person.left.is_(None), ~_over(now))
    ).one_or_none()
    if found is None:
        return None
    row, person = found
    try:
        private = vault.unlock(key, row.box, _place(person))
    except Tampered:  # somebody changed the row: it opens nothing, so nobody is here
        session.delete(row)
        audit.note(session, person.id, "refused", "session")
        return None
    return Here(id_, person, private, row.begun, row.seen)


def see(engine: Engine, here: Here, now: datetime) -> Here:
    """Note that she did something; a power cut may cost the note, and it is rough by a minute."""
    at = int(now.timestamp())
    if at < here.seen + _NOTED:
        return here
    _SEEN.run(engine, key=here.id, t=at)
    return replace(here, seen=at)


def of(session: Session, person_id: int, now: datetime) -> list[Presence]:
    """Return the sessions of a person that are not over, the latest seen first."""
    hers = select(Presence).where(Presence.person_id == person_id, ~_over(now))
    return list(session.scalars(hers.order_by(Presence.seen.desc(), Presence.begun.desc())))


def end(session: Session, person_id: int, id_: bytes) -> bool:
    """End one session of a person; return whether there was one."""
    hers = delete(Presence).where(Presence.person_id == person_id, Presence.id == id_)
    return session.scalar(hers.returning(Presence.id)) is not None


def end_all(session: Session, person_id: int, but: bytes = b"") -> None:
    """End every session of a person, `but` the one she sits at."""
    session.execute(delete(Presence).where(Presence.person_id == person_id, Presence.id != but))


def sweep(engine: Engine, now: datetime) -> None:
    """Delete every session that is over, and the key it held."""
    with Session(engine) as session:
        session.execute(delete(Presence).where(_over(now)))


def _over(now: datetime) -> ColumnElement[bool]:
    at = int(now.timestamp())
    return or_(Presence.seen <= at - IDLE, Presence.begun <= at - LONGEST)


def _place(person: Person) -> str:
    return f"presence:{person.id}"
