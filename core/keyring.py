"""Who holds which key: the service's key pairs, and grants of their private halves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import vault
from core.database import Base
from core.vault import Pair

ANSWERS = "answers"
PARTS = ("north", "south")
COUNTY = "county"  # a referral that names no municipality: every counsellor may open it
CONTACTS = tuple(f"contact-{part}" for part in (*PARTS, COUNTY))


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


class Grant(Base):
    """The private half of a service key, sealed to one holder's own public key."""

    __tablename__ = "grant"
    service_key_id: Mapped[int] = mapped_column(ForeignKey(ServiceKey.id), primary_key=True)
    holder: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Keys:
    """The private halves one person holds now, by service key id; never stored as they are."""

    pairs: Mapping[int, Pair] = field(default_factory=dict, repr=False)

    def pair(self, service_key_id: int) -> Pair:
        """Return the pair, or raise `NotGranted`."""
        try:
            return self.pairs[service_key_id]
        except KeyError as error:
            raise NotGranted("This needs a key that was not granted.") from error


def establish(session: Session, holders: Iterable[bytes]) -> None:
    """Make every key pair of the service and grant all of them to each holder's public key."""
    holders = tuple(holders)
    for purpose in (*CONTACTS, ANSWERS):
        pair = vault.new_pair()
        row = ServiceKey(purpose=purpose, public=pair.public)
        session.add(row)
        session.flush()
        for holder in holders:
            _grant(session, row.id, pair, holder)


def pass_on(session: Session, keys: Keys, purposes: Iterable[str], holder: bytes) -> None:
    """Grant `holder` the keys for `purposes`; raise `NotGranted` if `keys` lack one of them."""
    rows = session.scalars(select(ServiceKey).where(ServiceKey.purpose.in_(tuple(purposes))))
    for row in rows:
        _grant(session, row.id, keys.pair(row.id), holder)


def collect(session: Session, holder: Pair) -> Keys:
    """Return every key granted to the holder of `holder`."""
    rows = session.execute(
        select(ServiceKey, Grant.sealed).join(Grant).where(Grant.holder == holder.public)
    )
    return Keys(
        {
            row.id: Pair(row.public, vault.open_sealed(holder, sealed, f"grant:{row.id}"))
            for row, sealed in rows
        }
    )


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


def established(session: Session) -> bool:
    """Say whether anything can be sealed at all."""
    return session.scalar(select(ServiceKey.id).limit(1)) is not None


def _grant(session: Session, service_key_id: int, pair: Pair, holder: bytes) -> None:
    sealed = vault.seal(holder, pair.private, f"grant:{service_key_id}")
    session.add(Grant(service_key_id=service_key_id, holder=holder, sealed=sealed))
    session.flush()
