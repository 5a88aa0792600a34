"""Notices to staff by e-mail: that there is something, never what.

One row a person and kind is all that waits to be sent. It stays when it was sent, so that nobody
is told again before she has looked; whoever looks makes room for the next one.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, delete, func, select, update
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

log = logging.getLogger("zugang")


class Notice(Base):
    """Something that a person is to be told; moments in seconds since 1970.

    It is tried when it is `due`, and `sent` once it went out or there is no address to send it to.
    """

    __tablename__ = "notice"
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    made: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int]
    sent: Mapped[int | None] = mapped_column(BigInteger)


def tell(session: Session, part: str, now: datetime) -> None:
    """Let every counsellor of a part know, with the next round, that there is something new."""
    _leave(session, _staff(session, COUNSELLOR, part), NEWS, now)


def remind(session: Session, now: datetime) -> None:
    """Let every coordinator know, with the next round, that something has waited too long."""
    _leave(session, _staff(session, COORDINATOR), WAITING, now)


def looked(session: Session, person_id: int, kind: str = NEWS) -> None:
    """Note that she has looked: the next thing is news to her."""
    session.execute(delete(Notice).where(Notice.person_id == person_id, Notice.kind == kind))


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
    rows = select(func.count()).select_from(Notice).where(Notice.sent.is_(None), late)
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
        address = _claim(opened, person_id, kind, now)
        if address is None:
            continue
        try:
            _send(settings, address, kind)
        except MailError as error:
            log.warning("mail: %s", error)
            continue
        sent = update(Notice).where(Notice.person_id == person_id, Notice.kind == kind)
        with opened.transaction() as session:
            session.execute(sent.values(sent=int(now.timestamp())))
        done += bool(address)
    return done


def _send(settings: Settings, address: str, kind: str) -> None:
    link = f"\n{settings.url}/staff/\n" if settings.url else ""
    server = settings.smtp
    if server is not None and address:
        mail.send(server, settings.mail_from, address, SUBJECT, TEXTS[kind] + link)


def _due(opened: Database, now: datetime) -> list[tuple[int, str]]:
    due = (Notice.sent.is_(None), Notice.due <= int(now.timestamp()))
    with Session(opened.durable) as session:
        rows = session.execute(select(Notice.person_id, Notice.kind).where(*due))
        return [(row.person_id, row.kind) for row in rows]


def _claim(opened: Database, person_id: int, kind: str, now: datetime) -> str | None:
    """Return the address to write to, "" for none; None when another process has this one."""
    at = int(now.timestamp())
    hers = (Notice.person_id == person_id, Notice.kind == kind)
    open_ones = (Notice.sent.is_(None), Notice.due <= at)
    counted = update(Notice).where(*hers, *open_ones).values(tries=Notice.tries + 1, due=at + 1)
    with opened.transaction() as session:
        tries = session.scalar(counted.returning(Notice.tries))
        if tries is None:
            return None
        pause = min(_FIRST << min(tries - 1, 10), _LONGEST)
        session.execute(update(Notice).where(*hers).values(due=at + pause))
        return session.scalar(select(Person.mail).where(Person.id == person_id))


def _staff(session: Session, role: str, part: str = "") -> list[int]:
    rows = session.scalars(select(Person).where(Person.role == role)).all()
    return [one.id for one in rows if one.comes_in and (not part or part in one.parts)]


def _leave(session: Session, people: Iterable[int], kind: str, now: datetime) -> None:
    for person_id in people:
        at = int(now.timestamp())
        row = {"person_id": person_id, "kind": kind, "made": at, "due": at, "tries": 0}
        database.insert_once(session, Notice, row)
