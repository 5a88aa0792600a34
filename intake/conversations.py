"""What a woman and her counsellors write to each other once her referral is here.

A message is sealed twice: to the contact key of the part that her referral is in, and to the pair
that her number gives. Either side reads it, the server does not.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import audit, database, keyring, notices, vault
from core.people import NotHers, SignedIn
from core.records import Response
from core.vault import Pair
from intake import cases, referrals, return_codes
from intake.cases import Case, CaseResponse
from intake.messages import Message

NOTHING: Mapping[str, str] = MappingProxyType({})


class Gone(LookupError):
    """The referral, or who wrote it, is deleted by now."""


@dataclass(frozen=True)
class Written:
    """What is about to be sent: a text, or answers that say how to reach her from now on."""

    text: str = ""
    answers: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True)
class Place:
    """Where a message goes: the referral, the part it is in, the public half of her number."""

    response_id: str
    part: str
    public: bytes


@dataclass(frozen=True)
class Said:
    """A message opened. `by` is the person of the staff who wrote it, None for the woman.

    `seen` is when the other side first read it.
    """

    id: str
    day: date
    at: float  # seconds since 1970, inside the sealed bytes alone
    by: int | None
    seen: date | None
    text: str
    answers: Mapping[str, str]

    @property
    def is_contact(self) -> bool:
        """Say whether it tells how to reach her from now on."""
        return bool(self.answers)


def add(
    session: Session, response_id: str, pair: Pair, number: str, written: Written, at: datetime
) -> None:
    """Keep what the woman writes; `number` is the id it gets, and the same one is kept once.

    A closed case is open again then: she came back. Raises `Gone`.
    """
    part = hold(session, response_id)
    code = return_codes.code_of(session, response_id)
    if part is None or code is None or code.public != pair.public:
        raise Gone
    _store(session, Place(response_id, part, code.public), number, None, written, at)
    cases.came_back(session, response_id)
    notices.tell(session, part, at)


def reply(
    session: Session,
    counsellor: SignedIn,
    response_id: str,
    number: str,
    text: str,
    at: datetime,
) -> None:
    """Keep a counsellor's reply under the id `number`, the same one once.

    Raises `NotHers`, also when the woman has no number to read it with.
    """
    referrals.find(session, counsellor, response_id)
    part = hold(session, response_id)
    code = return_codes.code_of(session, response_id)
    if part is None or code is None:
        raise NotHers
    by, place = counsellor.person.id, Place(response_id, part, code.public)
    if _store(session, place, number, by, Written(text), at):
        audit.note(session, by, "replied", f"response:{response_id}")


def drafted(text: str) -> str:
    """Return the id that a form gives what it sends, a new one when that is none."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.uuid4())


def read_by_her(session: Session, response_id: str, pair: Pair, day: date) -> list[Said]:
    """Return all messages, the oldest first, and note which replies she has seen.

    Raises `Gone` when nothing is here any more, and `Tampered`.
    """
    code = return_codes.code_of(session, response_id)
    if code is None or code.public != pair.public:
        raise Gone
    said = []
    for message in _of(session, response_id):
        if message.sent_by is not None and message.seen is None:
            message.seen = day
        if message.to_code is not None:
            said.append(_said(message, vault.open_sealed(pair, message.to_code, message.place)))
    return sorted(said, key=lambda one: one.at)


def read(session: Session, counsellor: SignedIn, response_id: str) -> list[Said]:
    """Return all messages of a referral that she may open, the oldest first.

    Raises `NotGranted` or `Tampered`.
    """
    pairs = counsellor.keys
    said = [
        _said(one, vault.open_sealed(pairs.pair(one.contact_key_id), one.sealed, one.place))
        for one in _of(session, response_id)
    ]
    return sorted(said, key=lambda one: one.at)


def mark_seen(session: Session, response_id: str, day: date) -> None:
    """Note that a counsellor has read what the woman wrote."""
    for message in _of(session, response_id):
        if message.sent_by is None and message.seen is None:
            message.seen = day


def reached(answers: Mapping[str, str], said: Iterable[Said]) -> Mapping[str, str]:
    """Return the answers of a referral with the newest of those that say how to reach her."""
    changes = [one.answers for one in said if one.is_contact]
    if not changes:
        return answers
    pages = tuple(f"{page}/" for page in referrals.REACHING)
    kept = {path: text for path, text in answers.items() if not path.startswith(pages)}
    return kept | dict(changes[-1])


def hold(session: Session, response_id: str) -> str | None:
    """Return the part that a referral is in, None when it is deleted who wrote it.

    It stays there until this transaction is over. SQLite knows no FOR UPDATE, so statements that
    write, though nothing new, take the locks: the case first, as whoever hands it over does.
    """
    mine = select(CaseResponse.case_id).where(CaseResponse.response_id == response_id)
    session.execute(update(Case).where(Case.id.in_(mine)).values(part=Case.part))
    row = update(Response).where(Response.id == response_id, func.length(Response.identity) > 0)
    return session.scalar(row.values(part=Response.part).returning(Response.part))


def _store(
    session: Session, to: Place, number: str, by: int | None, written: Written, at: datetime
) -> bool:
    """Keep a message; return whether it was not there before."""
    key = keyring.newest(session, f"contact-{to.part}")
    message = Message(id=number, response_id=to.response_id)
    plain = json.dumps({"at": at.timestamp(), "text": written.text, "answers": {**written.answers}})
    row = {
        "id": number,
        "response_id": to.response_id,
        "written": at.date(),
        "sent_by": by,
        "contact_key_id": key.id,
        "sealed": vault.seal(key.public, plain.encode(), message.place),
        "to_code": vault.seal(to.public, plain.encode(), message.place),
    }
    return database.insert_once(session, Message, row)


def _of(session: Session, response_id: str) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.response_id == response_id)))


def _said(message: Message, plain: bytes) -> Said:
    kept: dict[str, Any] = json.loads(plain)
    return Said(
        id=message.id,
        day=message.written,
        at=kept["at"],
        by=message.sent_by,
        seen=message.seen,
        text=kept["text"],
        answers=kept["answers"],
    )
