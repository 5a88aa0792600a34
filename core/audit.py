"""Who opened, changed, exported, deleted what, and when. Never what was in it.

Lines are only ever added, and form a chain under a key that is in the data folder, not in the
database: who can write the database alone changes or takes out no line that `verify` would miss.
"""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import cast

from sqlalchemy import (
    DateTime,
    Executable,
    LargeBinary,
    String,
    Table,
    bindparam,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from core import chain, database, secret, vault
from core.chain import Check, End, Finding, Line
from core.database import Base, Database
from core.settings import Settings

SERVICE = 0  # the person who is none: the service itself
_PENDING = "audit"
_ROWS = 1000  # read at a time


class NoAuditKey(RuntimeError):
    """The database was opened without the key of the audit; `connect` opens it with the key."""


class Entry(Base):
    """One line of the audit: a person, a deed and the id of the thing it was done to.

    The ids of the chain's lines count from 1 on. Lines from before it are below, without digest.
    """

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime)
    person_id: Mapped[int]
    deed: Mapped[str] = mapped_column(String(20))
    thing: Mapped[str] = mapped_column(String(100), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class Head(Base):
    """The end of the chain: how many lines there are, and a digest over that and the last one."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


# Made once: to make them again for every line would cost more than to run them.
_LAST = select(Entry.digest).where(Entry.id == bindparam("last"))
_ADD = insert(cast("Table", Entry.__table__))
_MOVE = (
    update(cast("Table", Head.__table__))
    .where(Head.id == 1)
    .values(count=bindparam("now"), digest=bindparam("sealed"))
)
_COUNT = select(Head.count).where(Head.id == 1).scalar_subquery()
_SEAL = select(Head.digest).where(Head.id == 1).scalar_subquery()
_LINES = select(
    Entry.id, Entry.at, Entry.person_id, Entry.deed, Entry.thing, Entry.digest
).order_by(Entry.id)


def connect(chosen: Settings) -> Database:
    """Return the database of a deployment, able to add to its audit."""
    return connect_to(chosen.database_url, chosen.data)


def connect_to(url: str, data: Path) -> Database:
    """Return the database at `url`, with the key of the audit from the folder `data`."""
    return database.connect(url, vault.derive(secret.read_or_make(data), "audit"))


def note(session: Session, person_id: int, deed: str, thing: str) -> None:
    """Add a line; it is written when the deed itself is committed, and goes with one that fails."""
    if not session.in_transaction():
        session.begin()  # however it ends, it takes the line along
    at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    session.info.setdefault(_PENDING, []).append((at, person_id, deed, thing))


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    """Chain the lines of a transaction.

    This is the last thing it does: who holds the head waits for nobody, so nobody waits in circles.
    """
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()
    key = _key(session)
    count, digest = _take_head(session, key)
    rows = []
    for at, person_id, deed, thing in session.info[_PENDING]:
        count += 1
        digest = chain.link(key, digest, Line(count, at, person_id, deed, thing))
        rows.append(
            {
                "id": count,
                "at": at,
                "person_id": person_id,
                "deed": deed,
                "thing": thing,
                "digest": digest,
            }
        )
    session.execute(_ADD, rows)
    session.execute(_MOVE, {"now": count, "sealed": chain.seal(key, count, digest)})


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_PENDING, None)


def _take_head(session: Session, key: bytes) -> tuple[int, bytes]:
    """Return number and digest of the last line; nobody else gets them before the commit."""
    count: int = session.execute(_take(session.get_bind().dialect.name)).scalar_one()
    if not count:
        return 0, _beginning(session, key)
    return count, session.scalar(_LAST, {"last": count}) or chain.START


@cache
def _take(kind: str) -> Executable:
    """Return the statement that makes the head unless it is there, locks it, gives its count."""
    first = database.inserting(kind, Head).values(id=1, count=0, digest=b"")
    taken = first.on_conflict_do_update(index_elements=[Head.id], set_={"count": Head.count})
    return taken.returning(Head.__table__.c.count)


def _beginning(session: Session, key: bytes) -> bytes:
    """Return what the first line follows on: a digest over the lines from before the chain."""
    digest = chain.START
    for row in session.execute(_LINES.where(Entry.id <= 0)):
        digest = chain.link(key, digest, Line(*row[:5]))
    return digest


def _key(session: Session) -> bytes:
    key: bytes = session.get_bind().get_execution_options()["audit_key"]
    if not key:
        raise NoAuditKey
    return key


def end(session: Session) -> End:
    """Return where the chain ends now."""
    row = session.execute(select(Entry.id, Entry.digest).where(Entry.id == _COUNT)).one_or_none()
    return End(0, "") if row is None else End.of(row.id, row.digest)


def verify(session: Session, noted: End | None = None) -> tuple[Finding, ...]:
    """Return every changed, missing or added line of the chain; none when it is whole.

    With an end that was `noted` down before, a chain replaced as a whole is found, too.
    """
    key = _key(session)
    check = Check(key, _beginning(session, key), noted)
    head = list(session.execute(select(_COUNT, _SEAL)).one())
    # With every line its head, as of the same moment: others may be adding lines.
    lines = _LINES.where(Entry.id > 0).add_columns(_COUNT, _SEAL)
    for row in session.execute(lines, execution_options={"yield_per": _ROWS}):
        *line, digest, head[0], head[1] = row
        check.take(Line(*line), digest)
    count, sealed = head
    return check.close(count or 0, sealed or b"")
