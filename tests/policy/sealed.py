"""Builders: one of everything that is sealed, where it is stored and how it is opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import drafts, keyring, records, vault, versions
from core.audit import Entry
from core.drafts import Draft
from core.keyring import Grant
from core.people import Person
from core.records import Attachment, Response, Submission
from core.web.remembered import Journey
from exports.release import releases
from exports.release.releases import Batch
from intake import conversations, return_codes
from intake.conversations import Written
from intake.messages import Message
from surveys import interviews
from tests.exports.ledger import referral
from tests.support.house import NOW, House, filled

DAY = date(2026, 11, 23)
FIRST, SECOND = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
FILE = "photo.png"
HERS = vault.pair_from(b"7" * 32)  # what the number of the first woman gives


@dataclass(frozen=True)
class Sealed:
    """Where sealed bytes are stored, and how they are opened."""

    row: Callable[[Session], Any]
    column: str
    read: Callable[[Session, House], object]
    thing: str

    def bytes_of(self, session: Session) -> bytes:
        return bytes(getattr(self.row(session), self.column))

    def put(self, session: Session, content: bytes) -> None:
        setattr(self.row(session), self.column, content)
        session.flush()
        session.expire_all()


def response(session: Session, number: str = FIRST) -> Response:
    return session.get_one(Response, number)


def attachment(session: Session, number: str = FIRST) -> Attachment:
    return session.scalars(select(Attachment).where(Attachment.response_id == number)).one()


def eva_grant(session: Session) -> Grant:
    eva = session.scalars(select(Person).where(Person.name == "Eva")).one()
    return session.scalars(select(Grant).where(Grant.holder == eva.public)).one()


def the_only(model: type[Any]) -> Callable[[Session], Any]:
    return lambda session: session.scalars(select(model)).one()


def open_grant(session: Session, house: House) -> object:
    keys = keyring.collect(session, house.staff["Eva"].pair)
    return keys.pair(eva_grant(session).service_key_id)


SEALED: Mapping[str, Sealed] = {
    "identity": Sealed(
        response,
        "identity",
        lambda s, h: records.open_identity(s, response(s), h.staff["Nora"].keys),
        f"response:{FIRST}",
    ),
    "answers": Sealed(
        response,
        "answers",
        lambda s, h: records.open_answers(s, response(s), h.staff["Eva"].keys),
        f"response:{FIRST}",
    ),
    "attachment": Sealed(
        attachment,
        "sealed",
        lambda s, h: records.open_file(s, response(s), FILE, h.staff["Nora"].keys),
        f"response:{FIRST}",
    ),
    "message": Sealed(
        the_only(Message),
        "sealed",
        lambda s, h: conversations.read(s, h.staff["Nora"], FIRST),
        "message:",
    ),
    "message to her": Sealed(
        the_only(Message),
        "to_code",
        lambda s, _: conversations.read_by_her(s, FIRST, HERS, DAY),
        "message:",
    ),
    "batch": Sealed(
        the_only(Batch),
        "content",
        lambda s, h: releases.content(h.staff["Eva"], the_only(Batch)(s)),
        "batch:1",
    ),
    "grant": Sealed(eva_grant, "sealed", open_grant, "grant:"),
    "draft": Sealed(
        the_only(Draft),
        "box",
        lambda s, h: drafts.read(h.staff["Ines"], the_only(Draft)(s)),
        "draft:",
    ),
}


def store(house: House) -> None:
    """Store two referrals of the north with a file each, a message, a batch, a draft."""
    with house.database.transaction() as session:
        version = versions.current(session, "referral")
        for number, submission in enumerate((FIRST, SECOND)):
            records.submit(
                session,
                Submission(submission, version.id, "north", DAY),
                filled(session, version, referral(number)),
                [(FILE, b"picture")],
            )
        return_codes.keep(session, FIRST, return_codes.Key(b"1" * 32, HERS), DAY)
        conversations.add(session, FIRST, HERS, SECOND, Written("Amsel"), NOW)
        eva, ines = house.staff["Eva"], house.staff["Ines"]
        content = {"rows": [], "wave": "1", "lines": []}
        second = [response(session, SECOND)]
        releases.freeze(session, eva, version.id, second, content, DAY)
        client = versions.current(session, "client")
        first = Journey(client.id, client.digest).dump_bytes()
        interviews.begin(session, ines, client, first, DAY)


def flipped(sealed: bytes, place: int) -> bytes:
    changed = bytearray(sealed)
    changed[place] ^= 1
    return bytes(changed)


def refused(house: House) -> list[tuple[int, str]]:
    """Who was refused what, as the audit says."""
    with Session(house.database.durable) as session:
        query = select(Entry.person_id, Entry.thing).where(Entry.deed == "refused")
        return [(person, thing) for person, thing in session.execute(query.order_by(Entry.id))]


def change(house: House, kind: str, content: Callable[[bytes], bytes]) -> None:
    with house.database.transaction() as session:
        SEALED[kind].put(session, content(SEALED[kind].bytes_of(session)))
