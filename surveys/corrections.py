"""Correcting an interview after it was sent: what it said before stays, with who, when and why."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import approving, audit, keyring, records, vault
from core.database import Base
from core.keyring import Keys
from core.people import Person, SignedIn
from core.records import BESIDE, SEALED_TO_CONTACT, Response
from core.resealing import Change, Sealed
from core.versions import Version
from xlsform.filling import Filling
from xlsform.form import Form
from xlsform.questions import UPLOADS
from xlsform.slots import generic

REASONS = ("mistyped", "misheard", "wish", "added", "other")
IDENTITY, ANSWERS = "identity", "answers"


class Correction(Sealed, Base):
    """What a response said before somebody corrected it, in two parts sealed as those of responses.

    The coded part also says why.
    """

    __tablename__ = "correction"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey(Response.id), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    day: Mapped[date] = mapped_column(Date)
    contact_key_id: Mapped[int] = mapped_column(ForeignKey(keyring.ServiceKey.id))
    answers_key_id: Mapped[int] = mapped_column(ForeignKey(keyring.ServiceKey.id))
    identity: Mapped[bytes] = mapped_column(LargeBinary)
    answers: Mapped[bytes] = mapped_column(LargeBinary)

    def place(self, part: str) -> str:
        """What the sealed bytes of a part are bound to."""
        return f"correction:{self.id}:{self.response_id}:{part}"

    def reseal(self, session: Session, change: Change) -> None:  # noqa: ARG002
        """Seal both parts to the newest keys."""
        for part, key_id in ((IDENTITY, self.contact_key_id), (ANSWERS, self.answers_key_id)):
            setattr(self, part, change.moved(key_id, getattr(self, part), self.place(part)))
        self.contact_key_id = change.newest[self.contact_key_id].id
        self.answers_key_id = change.newest[self.answers_key_id].id


@dataclass(frozen=True)
class Corrected:
    """One correction, opened: of what, why, and what it said before, by path; "" for nothing."""

    response_id: str
    reason: str
    old: Mapping[str, str]


def is_possible(form: Form) -> bool:
    """Say whether a questionnaire can be corrected: its files are sealed with what it said."""
    return not any(question.type in UPLOADS for question in form.questions.values())


def store(
    session: Session,
    who: SignedIn,
    response: Response,
    filling: Filling,
    before: Mapping[str, str],
    reason: str,
    day: date,
) -> dict[str, str]:
    """Correct a response; return what was changed with what it said before, by path."""
    old = changed(before, filling)
    if not old:
        return old
    contact = keyring.newest(session, f"contact-{response.part}")
    answers = keyring.newest(session, keyring.ANSWERS)
    row = Correction(
        id=str(uuid.uuid4()),
        response_id=response.id,
        person_id=who.person.id,
        day=day,
        contact_key_id=contact.id,
        answers_key_id=answers.id,
    )
    hidden = {path: text for path, text in old.items() if _is_identity(filling.form, path)}
    coded = {path: text for path, text in old.items() if path not in hidden}
    row.identity = vault.seal(contact.public, _dumped({"old": hidden}), row.place(IDENTITY))
    said = _dumped({"why": reason, "old": coded})
    row.answers = vault.seal(answers.public, said, row.place(ANSWERS))
    session.add(row)
    records.correct(session, response, filling)
    audit.note(session, who.person.id, "changed", f"response:{response.id}")
    return old


def changed(before: Mapping[str, str], filling: Filling) -> dict[str, str]:
    """Return what an interview said before where it says something else now, by path."""
    now = filling.answers
    paths = [path for path in {**before, **now} if generic(path) in filling.form.questions]
    return {p: before.get(p, "") for p in paths if before.get(p, "") != now.get(p, "")}


def corrected(session: Session, questionnaire: str) -> list[str]:
    """Return the ids of the responses that somebody has corrected, to versions that count."""
    query = select(Correction.response_id).distinct()
    query = query.join(Response, Response.id == Correction.response_id).join(Version)
    query = query.where(Version.questionnaire == questionnaire, Response.status.not_in(BESIDE))
    query = query.where(approving.counts())
    return list(session.scalars(query))


def of(session: Session, keys: Keys, response_ids: Iterable[str]) -> list[Corrected]:
    """Return the corrections of responses, coded answers only, the oldest first.

    Raises `NotGranted` or `Tampered`.
    """
    query = select(Correction).where(Correction.response_id.in_(list(response_ids)))
    found = []
    for row in session.scalars(query.order_by(Correction.day, Correction.id)):
        pair = keys.pair(row.answers_key_id)
        said = json.loads(vault.open_sealed(pair, row.answers, row.place(ANSWERS)))
        found.append(Corrected(row.response_id, said["why"], said["old"]))
    return found


def words_of(session: Session, keys: Keys, response_id: str) -> list[Mapping[str, str]]:
    """Return what the words of a response were before each correction, the oldest first.

    Raises `NotGranted` or `Tampered`.
    """
    query = select(Correction).where(Correction.response_id == response_id)
    return [
        json.loads(
            vault.open_sealed(keys.pair(row.contact_key_id), row.identity, row.place(IDENTITY))
        )["old"]
        for row in session.scalars(query.order_by(Correction.day, Correction.id))
    ]


def _is_identity(form: Form, path: str) -> bool:
    return form.questions[generic(path)].disclosure in SEALED_TO_CONTACT


def _dumped(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
