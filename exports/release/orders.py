"""Files of released data that somebody asked for: how far each is, and what was handed out.

A file is made apart from the pages (`making`), so it goes on when the tab is closed. It is kept for
a day, locked in pieces; only their receipts open them, and these are sealed to the person who
asked. The row stays: who had which bytes, by their SHA-256.
"""

import json
import time
from dataclasses import asdict, dataclass
from hashlib import sha256

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import uploads, vault
from core.database import Base
from core.people import NotHers, Person, SignedIn
from core.uploads import Receipt

WORKBOOK, FILES = "workbook", "files"
ENDINGS = {WORKBOOK: "xlsx", FILES: "zip"}
KEPT = 24 * 60 * 60  # seconds
PIECE = 2**22  # bytes that are locked at once: whole, a large file would be in memory several times
SILENT = 60  # seconds without a sign of life until it counts as broken off
SHOWN = 10
WAITING, READY, FAILED = "waiting", "ready", "failed"
_OVER = (READY, FAILED)


class Order(Base):
    """A file that a person asked for. Times are in seconds since 1970."""

    __tablename__ = "file_order"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    what: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20))
    labels: Mapped[bool] = mapped_column(default=True)
    asked: Mapped[int] = mapped_column(BigInteger)
    seen: Mapped[int] = mapped_column(BigInteger)  # when it last gave a sign of life
    step: Mapped[str] = mapped_column(String(20), default=WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(20), default="")  # why it failed, or is not all
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes
    digest: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of the file
    receipt: Mapped[bytes] = mapped_column(LargeBinary, default=b"")

    @property
    def name(self) -> str:
        """The name of the file: it says nothing of what is in it."""
        return f"zugang.{ENDINGS[self.what]}"

    @property
    def is_broken_off(self) -> bool:
        """Whether it is not ready and nobody is at it any more."""
        return self.step not in _OVER and self.seen < now() - SILENT

    @property
    def is_under_way(self) -> bool:
        """Whether somebody is at it."""
        return self.step not in _OVER and not self.is_broken_off

    @property
    def until(self) -> int:
        """When a finished file goes."""
        return self.seen + KEPT

    @property
    def is_there(self) -> bool:
        """Whether it can be fetched."""
        return self.step == READY and now() < self.until


@dataclass(frozen=True)
class Wanted:
    """Which file: the workbook or all files, its language, with labels or with codes."""

    what: str
    language: str
    labels: bool


def place(session: Session, person: Person, wanted: Wanted) -> Order:
    """Return a new order, not begun."""
    order = Order(person_id=person.id, asked=now(), seen=now(), **asdict(wanted))
    session.add(order)
    session.flush()
    return order


def of(session: Session, person: Person, number: int) -> Order:
    """Return an order of hers; raise `NotHers` for any other number."""
    order = session.get(Order, number)
    if order is None or order.person_id != person.id:
        raise NotHers
    return order


def latest(session: Session, person: Person) -> list[Order]:
    """Return her last orders, the newest first."""
    query = select(Order).where(Order.person_id == person.id).order_by(Order.id.desc())
    return list(session.scalars(query.limit(SHOWN)))


def under_way(session: Session, person: Person) -> Order | None:
    """Return the order of hers that somebody is at, if there is one."""
    return next((order for order in latest(session, person) if order.is_under_way), None)


def sign(engine: Engine, number: int, step: str, done: int, total: int) -> None:
    """Say that an order is being worked on, and how far it is."""
    mine = update(Order).where(Order.id == number, Order.step.not_in(_OVER))
    with engine.connect() as connection:
        connection.execute(mine.values(seen=now(), step=step, done=done, total=total))


def hand_in(session: Session, order: Order, person: Person, file: bytes, problem: str = "") -> None:
    """Keep the finished file for her alone, in pieces, and for a day; and say what it lacks."""
    receipts = [
        asdict(uploads.keep(session, order.name, file[at : at + PIECE], KEPT))
        for at in range(0, len(file), PIECE)
    ]
    order.receipt = vault.seal(person.public, json.dumps(receipts).encode(), _place(order))
    order.problem = problem
    _finish(order, file, now())
    session.flush()


def give_up(session: Session, order: Order, problem: str) -> None:
    """Say that it cannot be made, and why."""
    order.step, order.problem, order.seen = FAILED, problem, now()
    session.flush()


def record(session: Session, person: Person, wanted: Wanted, file: bytes) -> Order:
    """Enter a file that was handed out at once, which is kept nowhere."""
    order = place(session, person, wanted)
    _finish(order, file, 0)
    session.flush()
    return order


def fetch(session: Session, who: SignedIn, order: Order) -> list[bytes]:
    """Return the pieces of a file; raise `uploads.Gone` when its day is over, or `Tampered`."""
    if not order.receipt:
        raise uploads.Gone
    plain = vault.open_sealed(who.pair, order.receipt, _place(order))
    return [uploads.read(session, Receipt(**one)) for one in json.loads(plain)]


def now() -> int:
    """Return the time in seconds since 1970."""
    return int(time.time())


def _finish(order: Order, file: bytes, at: int) -> None:
    order.size, order.digest = len(file), sha256(file).hexdigest()
    order.step, order.seen = READY, at


def _place(order: Order) -> str:
    return f"order:{order.id}"
