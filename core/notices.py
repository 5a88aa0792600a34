"""Notices to staff by e-mail: that there is something, never what.

One row a person and kind is all that waits to be sent. It stays when it was sent, so that nobody
is told again before she has looked, nor within an hour.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, case, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import database, mail
from core.database import Base, Database
from core.mail import MailError
from core.people import COORDINATOR, COUNSELLOR, Person
from core.settings import Settings

NEWS, WAITING = "news", "waiting"
NOTIFIED = frozenset({COORDINATOR, COUNSELLOR})  # who is told anything
SUBJECT = "Neuigkeiten / News"
TEXTS = {
    NEWS: (
        "Es gibt etwas Neues. Bitte melden Sie sich an.\n\n"
        "There is something new. Please sign in.\n"
    ),
    WAITING: (
        "Etwas wartet seit mehr als zwei Werktagen. Bitte sprechen Sie mit Ihren Kolleginnen.\n\n"
        "Something has been waiting for more than two working days. Please talk to your team.\n"
    ),
}
_FIRST, _LONGEST = 60, 60 * 60  # seconds until the next try
_APART = 60 * 60  # seconds between two notices of a kind to the same person

log = logging.getLogger("zugang")


class Notice(Base):
    """Something that a person is to be told; moments in seconds since 1970.

    It is tried when it is `due`, and `sent` once it went out or there is no address to send it to;
    then `due` is from when on another one may follow. It is over when she has `seen` what is new.
    """

    __tablename__ = "notice"
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    made: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int]
    sent: Mapped[int | None] = mapped_column(BigInteger)
    seen: Mapped[int | None] = mapped_column(BigInteger)


_OPEN = (Notice.sent.is_(None), Notice.seen.is_(None))


def tell(session: Session, part: str, now: datetime) -> None:
    """Let every counsellor of a part know, with the next round, that there is something new."""
    _leave(session, _staff(session, COUNSELLOR, part), NEWS, now)


def remind(session: Session, now: datetime) -> None:
    """Let every coordinator know, with the next round, that something has waited too long."""
    _leave(session, _staff(session, COORDINATOR), WAITING, now)


def looked(session: Session, person_id: int, now: datetime) -> None:
    """Note that she looks at what is new: what comes in from now on is news to her.

    To be called before she is shown it. It waits for whoever is telling her something right now.
    """
    hers = (Notice.person_id == person_id, Notice.kind == NEWS, Notice.seen.is_(None))
    session.execute(update(Notice).where(*hers).values(seen=int(now.timestamp())))


def all_done(session: Session, kind: str) -> None:
    """Note that what nobody need be told any more is over."""
    session.execute(delete(Notice).where(Notice.kind == kind))


def is_told(session: Session, person_id: int, kind: str) -> bool:
    """Say whether there is something of this kind that she is to know."""
    return session.get(Notice, (person_id, kind)) is not None


def forget(session: Session, person: Person) -> None:
    """Delete where notices to somebody go, and those that wait."""
    person.mail = ""
    session.execute(delete(Notice).where(Notice.person_id == person.id))


def unsent(session: Session, now: datetime, seconds: int) -> int:
    """Return how many notices wait to be sent for longer than so many seconds."""
    late = Notice.made < int(now.timestamp()) - seconds
    rows = select(func.count()).select_from(Notice).where(*_OPEN, late)
    return session.scalar(rows) or 0


def deliver(opened: Database, settings: Settings, now: datetime) -> int:
    """Send what is due; return how many went out.

    Of several processes the one that moves `due` sends: if it dies on the way, another one tries
    again later, so a notice may come twice, but none is lost.
    """
    if settings.smtp is None:
        return 0
    done = 0
    for person_id, kind in _due(opened, now):
        claimed = _claim(opened, person_id, kind, now)
        if claimed is None:
            continue
        address, tries = claimed
        try:
            _send(settings, address, kind)
        except MailError as error:
            log.warning("mail: %s", error)
            continue
        _note_sent(opened, (person_id, kind), tries, now)
        done += bool(address)
    return done


def _note_sent(opened: Database, key: tuple[int, str], tries: int, now: datetime) -> None:
    # Not of something newer: she may have looked, and been told again, since the try began.
    at = int(now.timestamp())
    tried = (Notice.person_id == key[0], Notice.kind == key[1], Notice.tries == tries)
    with opened.transaction() as session:
        session.execute(update(Notice).where(*tried).values(sent=at, due=at + _APART))


def _send(settings: Settings, address: str, kind: str) -> None:
    link = f"\n{settings.url}/staff/\n" if settings.url else ""
    server = settings.smtp
    if server is not None and address:
        mail.send(server, settings.mail_from, address, SUBJECT, TEXTS[kind] + link)


def _due(opened: Database, now: datetime) -> list[tuple[int, str]]:
    due = (*_OPEN, Notice.due <= int(now.timestamp()))
    with Session(opened.durable) as session:
        rows = session.execute(select(Notice.person_id, Notice.kind).where(*due))
        return [(row.person_id, row.kind) for row in rows]


def _claim(opened: Database, person_id: int, kind: str, now: datetime) -> tuple[str, int] | None:
    """Return the address to write to, "" for none, and which try it is.

    None when another process has this one.
    """
    at = int(now.timestamp())
    hers = (Notice.person_id == person_id, Notice.kind == kind)
    open_ones = (*_OPEN, Notice.due <= at)
    counted = update(Notice).where(*hers, *open_ones).values(tries=Notice.tries + 1, due=at + 1)
    with opened.transaction() as session:
        tries = session.scalar(counted.returning(Notice.tries))
        if tries is None:
            return None
        pause = min(_FIRST << min(tries - 1, 10), _LONGEST)
        session.execute(update(Notice).where(*hers).values(due=at + pause))
        address = session.scalar(select(Person.mail).where(Person.id == person_id))
        return address or "", tries


def _staff(session: Session, role: str, part: str = "") -> list[int]:
    # In order: who tells several people waits for nobody who tells them the other way round.
    rows = session.scalars(select(Person).where(Person.role == role).order_by(Person.id)).all()
    return [one.id for one in rows if one.comes_in and (not part or part in one.parts)]


def _leave(session: Session, people: Iterable[int], kind: str, now: datetime) -> None:
    """Let a notice wait for each, a new one if she has seen what the last one was of.

    The row is taken even when it stays as it is: whoever looks at this moment waits for the commit,
    and sees what was told of, instead of clearing it away unseen.
    """
    at = int(now.timestamp())
    fresh = case((Notice.due > at, Notice.due), else_=at)
    again = {"made": fresh, "due": fresh, "tries": 0, "sent": None, "seen": None}
    new = database.inserting(session.get_bind().dialect.name, Notice)
    for person_id in people:
        row = new.values(person_id=person_id, kind=kind, made=at, due=at, tries=0)
        keys = [Notice.person_id, Notice.kind]
        renewed = row.on_conflict_do_update(
            index_elements=keys, set_=again, where=Notice.seen.is_not(None)
        )
        session.execute(renewed)
