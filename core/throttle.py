"""Slowing down who guesses: tries counted under hashes whose key changes every day.

No name and no address is stored. A row is found by a keyed hash; its key is random, made for one
day and deleted with its rows when the day is over. What nobody is called is counted like what
somebody is called, so a wait does not tell which names exist.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import BigInteger, Date, Engine, LargeBinary, case, delete, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, insert_once

FORGOTTEN = 60 * 60  # seconds after the last try; longer than the longest wait


class DayKey(Base):
    """The random key of one day; when it is gone, its hashes say nothing any more."""

    __tablename__ = "throttle_key"
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class Attempt(Base):
    """How often something was tried; `id` is a keyed hash of what or from where.

    Nothing is tried again before `until`, in seconds since 1970; the row counts until `expires`.
    """

    __tablename__ = "attempt"
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    count: Mapped[int]
    until: Mapped[int] = mapped_column(BigInteger)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)


@dataclass(frozen=True)
class Gate:
    """How often something may be tried: `free` times at once, then after 30 s, 60 s … 15 min.

    Who gets through is forgotten; at a `shared` gate she takes back her own try only, for the
    others were not hers.
    """

    kind: str
    free: int
    shared: bool = False


# Five slips are human. After them a guess every 15 minutes is about 100 a day, and a passphrase
# that stands 100 guesses a day stands them for centuries.
ACCOUNT = Gate("account", free=5)
# Who is here knows the passphrase already; of a million numbers three are right.
SECOND_STEP = Gate("second step", free=5)
# A whole office shares an address, and mornings are for slips.
NETWORK = Gate("network", free=30, shared=True)
_FIRST, _DOUBLINGS, _LONGEST = 30, 5, 15 * 60


class Tries:
    """Tries at one or more gates, each with what is tried there: an account, a network.

    `engine` commits every statement by itself: a try counts although the request then fails.
    """

    def __init__(self, engine: Engine, *gates: tuple[Gate, str]) -> None:
        self._engine = engine
        self._gates = gates

    def count(self, now: datetime) -> int:
        """Count a try before it is made; return 0, or for how many seconds it must wait.

        Of many at the same moment each is counted. One that must wait is not, at its own gate.
        """
        with Session(self._engine) as session:
            for gate, what in self._gates:
                wait = _count(session, gate, _id(session, gate, what, now), now)
                if wait:
                    return wait
        return 0

    def forget(self, now: datetime) -> None:
        """Take back what was counted: the last try was no guess."""
        with Session(self._engine) as session:
            for gate, what in self._gates:
                this = Attempt.id == _id(session, gate, what, now)
                if gate.shared:
                    values = {"count": Attempt.count - 1, "until": 0}
                    session.execute(update(Attempt).where(this).values(values))
                else:
                    session.execute(delete(Attempt).where(this))


def network_of(address: str) -> str:
    """Return the network of an IP address, as large as one line to the internet usually gets."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(ip_network((int(found), 56), strict=False))
        found = found.ipv4_mapped
    return str(ip_network((int(found), 24), strict=False))


def is_first(engine: Engine, what: str, seconds: int, now: datetime) -> bool:
    """Say whether this comes for the first time in so many seconds; midnight forgets it, too."""
    with Session(engine) as session:
        expires = min(int(now.timestamp()) + seconds, _midnight(now))
        key = _id(session, Gate("once", free=1), what, now)
        values = {"id": key, "count": 1, "until": 0, "expires": expires}
        return insert_once(session, Attempt, values)


def sweep(engine: Engine, now: datetime) -> None:
    """Delete the tries that are forgotten, and the keys of the days that are over."""
    with Session(engine) as session:
        session.execute(delete(Attempt).where(Attempt.expires <= int(now.timestamp())))
        session.execute(delete(DayKey).where(DayKey.day < _day(now)))


def _count(session: Session, gate: Gate, key: bytes, now: datetime) -> int:
    at = int(now.timestamp())
    count = case((Attempt.expires <= at, 1), else_=Attempt.count + 1)
    late = count - gate.free
    pause = case(
        (late < 0, 0),
        (late >= _DOUBLINGS, _LONGEST),
        else_=literal(_FIRST).bitwise_lshift(late),
    )
    expires = min(at + FORGOTTEN, _midnight(now))
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    # One statement, so that of many guesses at the same moment none slips by.
    counted = (
        insert(Attempt)
        .values(id=key, count=1, until=0 if gate.free > 1 else at + _FIRST, expires=expires)
        .on_conflict_do_update(
            index_elements=[Attempt.id],
            set_={"count": count, "until": at + pause, "expires": expires},
            where=Attempt.until <= at,
        )
        .returning(literal(1))
    )
    if session.scalar(counted) is not None:
        return 0
    until = session.scalar(select(Attempt.until).where(Attempt.id == key))
    return max(1, (until or 0) - at)


def _id(session: Session, gate: Gate, what: str, now: datetime) -> bytes:
    text = f"{gate.kind}\0{what}".encode()
    return blake2b(text, key=_key(session, _day(now)), digest_size=32).digest()


def _key(session: Session, day: date) -> bytes:
    find = select(DayKey.key).where(DayKey.day == day)
    key = session.scalar(find)
    if key is None:  # the first try of the day
        insert_once(session, DayKey, {"day": day, "key": secrets.token_bytes(32)})
        key = session.scalars(find).one()
    return key


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()


def _midnight(now: datetime) -> int:
    return int(datetime.combine(_day(now) + timedelta(days=1), clock(), UTC).timestamp())
