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

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, database, keyring, vault
from core.people import NotHers, SignedIn
from core.records import Response
from core.vault import Pair
from intake import referrals, return_codes
from intake.messages import Message

TEXT, CONTACT = "text", "contact"
NOTHING: Mapping[str, str] = MappingProxyType({})


class Gone(LookupError):
    """The referral, or who wrote it, is deleted by now."""


@dataclass(frozen=True)
class Written:
    """What is about to be sent: a text, or answers that say how to reach her from now on."""

    text: str = ""
    answers: Mapping[str, str] = field(default_factory=lambda: NOTHING)


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

    Raises `Gone`.
    """
    response = _locked(session, response_id)
    code = return_codes.code_of(session, response_id)
    if response is None or code is None or code.public != pair.public:
        raise Gone
    _store(session, response, code.public, number, None, written, at)


def reply(
    session: Session, counsellor: SignedIn, response_id: str, text: str, at: datetime
) -> None:
    """Keep a counsellor's reply; raise `NotHers`, also when the woman has no number to read it."""
    referrals.find(session, counsellor, response_id)
    response = _locked(session, response_id)
    code = return_codes.code_of(session, response_id)
    if response is None or code is None:
        raise NotHers
    number, by = str(uuid.uuid4()), counsellor.person.id
    _store(session, response, code.public, number, by, Written(text), at)
    audit.note(session, by, "replied", f"response:{response_id}")


def read_by_her(session: Session, response_id: str, pair: Pair, day: date) -> list[Said]:
    """Return all messages, the oldest first, and note which replies she has seen.

    Raises `Gone` when nothing is here any more, and `Tampered`.
    """
    code = return_codes.code_of(session, response_id)
    if code is None or code.public != pair.public:
        raise Gone
    said = []
    for message in _of(session, [response_id]):
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
        for one in _of(session, [response_id])
    ]
    return sorted(said, key=lambda one: one.at)


def mark_seen(session: Session, response_id: str, day: date) -> None:
    """Note that a counsellor has read what the woman wrote."""
    for message in _of(session, [response_id]):
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


def _locked(session: Session, response_id: str) -> Response | None:
    """Return a referral that is here, and stays in its part until this transaction is over."""
    row = select(Response).where(Response.id == response_id).with_for_update()
    response = session.scalar(row.execution_options(populate_existing=True))
    return response if response is not None and response.identity else None


def _store(
    session: Session,
    response: Response,
    public: bytes,
    number: str,
    by: int | None,
    written: Written,
    at: datetime,
) -> None:
    key = keyring.newest(session, f"contact-{response.part}")
    message = Message(id=number, response_id=response.id)
    plain = json.dumps({"at": at.timestamp(), "text": written.text, "answers": {**written.answers}})
    row = {
        "id": number,
        "response_id": response.id,
        "written": at.date(),
        "sent_by": by,
        "contact_key_id": key.id,
        "sealed": vault.seal(key.public, plain.encode(), message.place),
        "to_code": vault.seal(public, plain.encode(), message.place),
    }
    database.insert_once(session, Message, row)


def _of(session: Session, response_ids: Iterable[str]) -> list[Message]:
    mine = select(Message).where(Message.response_id.in_(list(response_ids)))
    return list(session.scalars(mine))


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
