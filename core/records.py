"""Responses: record, open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    LargeBinary,
    String,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import database, keyring, vault, versions
from core.database import Base
from core.keyring import Keys
from core.resealing import Change, Sealed
from core.vault import Tampered
from core.versions import Version
from xlsform.filling import Filling, read_instance
from xlsform.form import Question

CONFLICT = "conflict"  # the status of what came second under an id that was taken
SECOND = "second"  # the status of what was entered once more, to compare
BESIDE = (CONFLICT, SECOND)  # kept beside the response that counts
SEALED_TO_CONTACT = frozenset({"identifying", "free"})


class NoAttachment(LookupError):
    """A response has no file of this name."""


class Response(Sealed, Base):
    """A submitted questionnaire: two sealed parts, and in the clear only what is listed here."""

    __tablename__ = "response"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id), index=True)
    part: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default="new")
    received: Mapped[date] = mapped_column(Date)
    closed: Mapped[date | None] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(default=0)  # counts what was sealed anew
    contact_key_id: Mapped[int] = mapped_column(ForeignKey(keyring.ServiceKey.id))
    answers_key_id: Mapped[int] = mapped_column(ForeignKey(keyring.ServiceKey.id))
    identity: Mapped[bytes] = mapped_column(LargeBinary)
    answers: Mapped[bytes] = mapped_column(LargeBinary)

    def reseal(self, session: Session, change: Change) -> None:
        """Seal both parts and the files anew as the next revision: older ones open no more."""
        old, new = _place_of(self), _place(self.id, self.version_id, self.revision + 1)
        for part, key_id in (("identity", self.contact_key_id), ("answers", self.answers_key_id)):
            if sealed := getattr(self, part):  # the identity may be deleted
                sealed = change.moved(key_id, sealed, f"{old}:{part}", f"{new}:{part}")
                setattr(self, part, sealed)
        files = select(Attachment.id).where(Attachment.response_id == self.id)
        for file_id in session.scalars(files).all():
            _reseal_file(session, self, file_id, change, (f"{old}:file:", f"{new}:file:"))
        self.contact_key_id = change.newest[self.contact_key_id].id
        self.answers_key_id = change.newest[self.answers_key_id].id
        self.revision += 1


class Attachment(Base):
    """A file that answers a question, sealed to the contact key of its response.

    `id` is made from the name, for whoever has read it in the record: the name says what kind of
    file it is.
    """

    __tablename__ = "attachment"
    response_id: Mapped[str] = mapped_column(ForeignKey(Response.id), primary_key=True)
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Submission:
    """A filled questionnaire on its way in. `id` is chosen when the form is first opened."""

    id: str
    version_id: int
    part: str
    received: date
    revision: int = 0


def is_stored(session: Session, submission_id: str) -> bool:
    """Return whether a submission has arrived."""
    return session.scalar(select(Response.id).where(Response.id == submission_id)) is not None


def submit(
    session: Session,
    submission: Submission,
    filling: Filling,
    files: Iterable[tuple[str, bytes]] = (),
) -> bool:
    """Seal and store a filled questionnaire; the same submission twice is stored once.

    `files` are the names that stand in it with their contents; they are read one after the other,
    and only if this is the first time: then it returns True. Raises `NoKeys` when nobody could
    open it.
    """
    if is_stored(session, submission.id):
        return False
    if not database.insert_once(session, Response, _sealed(session, submission, filling)):
        return False
    attach(session, session.get_one(Response, submission.id), files)
    return True


def attach(session: Session, response: Response, files: Iterable[tuple[str, bytes]]) -> None:
    """Seal and store files that a response names; one that is there already stays."""
    for name, content in files:
        contact = session.get_one(keyring.ServiceKey, response.contact_key_id)
        sealed = vault.seal(contact.public, content, f"{_place_of(response)}:file:{name}")
        file = {"response_id": response.id, "id": _file_id(name), "sealed": sealed}
        database.insert_once(session, Attachment, file)


def correct(session: Session, response: Response, filling: Filling) -> None:
    """Replace what a response without files says, as its next revision: nothing else changes."""
    revision = response.revision + 1
    now = Submission(response.id, response.version_id, response.part, response.received, revision)
    for name, value in _sealed(session, now, filling).items():
        setattr(response, name, value)
    session.flush()


def _sealed(session: Session, submission: Submission, filling: Filling) -> dict[str, Any]:
    contact = keyring.newest(session, f"contact-{submission.part}")
    answers = keyring.newest(session, keyring.ANSWERS)
    identity = filling.instance_xml(keep=_identity, instance_id=submission.id)
    coded = filling.instance_xml(keep=lambda one: not _identity(one), instance_id=submission.id)
    place = _place(submission.id, submission.version_id, submission.revision)
    return vars(submission) | {
        "contact_key_id": contact.id,
        "answers_key_id": answers.id,
        "identity": vault.seal(contact.public, identity.encode(), f"{place}:identity"),
        "answers": vault.seal(answers.public, coded.encode(), f"{place}:answers"),
    }


def responses(
    session: Session, questionnaire: str, parts: Iterable[str] | None = None
) -> list[Response]:
    """Return the responses to a questionnaire, newest day first, of these parts or of all.

    Without what is kept beside them: an interview counts once.
    """
    query = select(Response).join(Version).where(Version.questionnaire == questionnaire)
    query = query.where(Response.status.not_in(BESIDE))
    if parts is not None:
        query = query.where(Response.part.in_(tuple(parts)))
    return list(session.scalars(query.order_by(Response.received.desc(), Response.id)))


def open_identity(session: Session, response: Response, keys: Keys) -> Mapping[str, str]:
    """Return {path: text} of the identity part while it is kept; raise `NotGranted`, `Tampered`."""
    if not response.identity and response.closed is not None:
        return {}
    place = f"{_place_of(response)}:identity"
    xml = vault.open_sealed(keys.pair(response.contact_key_id), response.identity, place)
    return read_instance(versions.form_of(session, response.version_id), xml.decode())


def open_answers(session: Session, response: Response, keys: Keys) -> Mapping[str, str]:
    """Return {path: text} of the coded answers; raise `NotGranted` or `Tampered`."""
    place = f"{_place_of(response)}:answers"
    xml = vault.open_sealed(keys.pair(response.answers_key_id), response.answers, place)
    return read_instance(versions.form_of(session, response.version_id), xml.decode())


def open_file(session: Session, response: Response, name: str, keys: Keys) -> bytes:
    """Return a file by its name; raise `NoAttachment`, `NotGranted` or `Tampered`."""
    row = (Attachment.response_id == response.id, Attachment.id == _file_id(name))
    sealed = session.scalar(select(Attachment.sealed).where(*row))
    if sealed is None:
        raise NoAttachment
    place = f"{_place_of(response)}:file:{name}"
    return vault.open_sealed(keys.pair(response.contact_key_id), sealed, place)


def _reseal_file(
    session: Session, response: Response, file_id: bytes, change: Change, places: tuple[str, str]
) -> None:
    # Only who has read the record knows the name of a file; the sealed bytes say it.
    old, new = places
    row = (Attachment.response_id == response.id, Attachment.id == file_id)
    sealed = session.scalars(select(Attachment.sealed).where(*row)).one()
    pair = change.keys.pair(response.contact_key_id)
    name, content = vault.open_below(pair, sealed, old)
    if _file_id(name) != file_id:
        raise Tampered("A file belongs to another name.", old)
    public = change.newest[response.contact_key_id].public
    moved = vault.seal(public, content, f"{new}{name}")
    session.execute(update(Attachment).where(*row).values(sealed=moved))


def _file_id(name: str) -> bytes:
    return sha256(name.encode()).digest()


def _place_of(response: Response) -> str:
    return _place(response.id, response.version_id, response.revision)


def _place(response_id: str, version_id: int, revision: int) -> str:
    place = f"response:{response_id}:{version_id}"
    return f"{place}:{revision}" if revision else place


def _identity(question: Question) -> bool:
    return question.disclosure in SEALED_TO_CONTACT
