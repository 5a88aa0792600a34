"""Who holds which key: the service's key pairs, and grants of their private halves."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property

from sqlalchemy import Date, ForeignKey, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import vault
from core.database import Base
from core.vault import Pair

ANSWERS = "answers"
DRAFTS = "drafts"  # opens what an interviewer who forgot her passphrase has begun
PARTS = ("north", "south")
COUNTY = "county"  # a referral that names no municipality: every counsellor may open it
CONTACTS = tuple(f"contact-{part}" for part in (*PARTS, COUNTY))
PURPOSES = (*CONTACTS, ANSWERS, DRAFTS)


class NoKeys(RuntimeError):
    """Nobody could open what would be sealed now: the service is not set up."""


class NotGranted(PermissionError):
    """The person at the keyboard does not hold the key that this needs."""


class ServiceKey(Base):
    """A key pair of the service; the server knows only the public half."""

    __tablename__ = "service_key"
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20), index=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    made: Mapped[date] = mapped_column(Date)


class Grant(Base):
    """The private half of a service key, sealed to one holder's own public key."""

    __tablename__ = "grant"
    service_key_id: Mapped[int] = mapped_column(ForeignKey(ServiceKey.id), primary_key=True)
    holder: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class RecoveryKey(Base):
    """The public half of the printed recovery key; there is one row once the service is set up."""

    __tablename__ = "recovery_key"
    public: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    made: Mapped[date] = mapped_column(Date)


Granted = Mapping[int, tuple[bytes, bytes]]  # public half, sealed private half, by service key id


class Keys:
    """The private halves one person holds; each is opened when it is first needed.

    They are never stored as they are.
    """

    def __init__(self, holder: Pair, find: Callable[[], Granted]) -> None:
        """Hold what `find` finds, which is asked once, when a key is needed for the first time."""
        self._holder = holder
        self._find = find
        self._opened: dict[int, Pair] = {}

    @cached_property
    def _granted(self) -> Granted:
        return self._find()

    @property
    def held(self) -> frozenset[int]:
        """The ids of the service keys that she holds."""
        return frozenset(self._granted)

    def pair(self, service_key_id: int) -> Pair:
        """Return the pair; raise `NotGranted`, or `Tampered` when somebody changed the grant."""
        opened = self._opened.get(service_key_id)
        if opened is None:
            try:
                public, sealed = self._granted[service_key_id]
            except KeyError as error:
                raise NotGranted("This needs a key that was not granted.") from error
            private = vault.open_sealed(self._holder, sealed, _place(service_key_id))
            opened = self._opened[service_key_id] = Pair(public, private)
        return opened


def make(session: Session, purpose: str, holders: Iterable[bytes], day: date) -> ServiceKey:
    """Return a new key pair that seals for `purpose` from now on, granted to `holders`."""
    pair = vault.new_pair()
    row = ServiceKey(purpose=purpose, public=pair.public, made=day)
    session.add(row)
    session.flush()
    for holder in holders:
        _grant(session, row.id, pair, holder)
    return row


def pass_on(session: Session, keys: Keys, purposes: Iterable[str], holder: bytes) -> list[int]:
    """Grant `holder` the keys for `purposes` that she lacks, and return their ids.

    Raises `NotGranted` when `keys` lack one of them.
    """
    held = select(Grant.service_key_id).where(Grant.holder == holder)
    lacking = select(ServiceKey.id).where(
        ServiceKey.purpose.in_(tuple(purposes)), ServiceKey.id.not_in(held)
    )
    ids = list(session.scalars(lacking.order_by(ServiceKey.id)))
    for key_id in ids:
        _grant(session, key_id, keys.pair(key_id), holder)
    return ids


def take_back(session: Session, holder: bytes, but: Iterable[str] = ()) -> set[str]:
    """Delete every grant of `holder` `but` those for these purposes.

    Return what the deleted ones were for.
    """
    gone = (
        select(ServiceKey.id, ServiceKey.purpose)
        .join(Grant)
        .where(Grant.holder == holder, ServiceKey.purpose.not_in(tuple(but)))
    )
    purposes = {row.id: row.purpose for row in session.execute(gone)}
    session.execute(
        delete(Grant).where(Grant.holder == holder, Grant.service_key_id.in_(list(purposes)))
    )
    return set(purposes.values())


def collect(session: Session, holder: Pair) -> Keys:
    """Return every key granted to the holder of `holder`."""
    granted = _granted_to(session, holder)
    return Keys(holder, lambda: granted)


def collect_late(session: Session, holder: Pair) -> Keys:
    """Return the same, looked up when the first of them is needed."""
    return Keys(holder, lambda: _granted_to(session, holder))


def newest(session: Session, purpose: str) -> ServiceKey:
    """Return the key that seals for `purpose` today; raise `NoKeys` before the set-up."""
    row = session.scalar(
        select(ServiceKey)
        .where(ServiceKey.purpose == purpose)
        .order_by(ServiceKey.id.desc())
        .limit(1)
    )
    if row is None:
        raise NoKeys("The service has no keys yet.")
    return row


def latest(session: Session) -> dict[int, ServiceKey]:
    """Return, by the id of every key there is, the one that seals in its place today."""
    rows = list(session.scalars(select(ServiceKey).order_by(ServiceKey.id)))
    by_purpose = {row.purpose: row for row in rows}
    return {row.id: by_purpose[row.purpose] for row in rows}


def recovery_holders(session: Session) -> list[bytes]:
    """Return the public half of the printed recovery key; nothing before the set-up."""
    return list(session.scalars(select(RecoveryKey.public)))


def established(session: Session) -> bool:
    """Say whether anything can be sealed at all."""
    return session.scalar(select(ServiceKey.id).limit(1)) is not None


def _granted_to(session: Session, holder: Pair) -> Granted:
    rows = session.execute(
        select(ServiceKey.id, ServiceKey.public, Grant.sealed)
        .join(Grant)
        .where(Grant.holder == holder.public)
    )
    return {key_id: (public, sealed) for key_id, public, sealed in rows}


def _grant(session: Session, service_key_id: int, pair: Pair, holder: bytes) -> None:
    sealed = vault.seal(holder, pair.private, _place(service_key_id))
    session.add(Grant(service_key_id=service_key_id, holder=holder, sealed=sealed))
    session.flush()


def _place(service_key_id: int) -> str:
    return f"grant:{service_key_id}"
