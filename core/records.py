"""Questionnaire versions and responses: publish, record, open."""

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
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from core import audit, database, keyring, vault
from core.database import Base
from core.keyring import Keys
from core.resealing import Change, Sealed
from core.vault import Tampered
from xlsform.filling import Filling, read_instance
from xlsform.form import Form, Question, compile_form

SEALED_TO_CONTACT = frozenset({"identifying", "free"})

_compiled: dict[str, Form] = {}  # by content, so it is never stale; forms are immutable


class NoAttachment(LookupError):
    """A response has no file of this name."""


class NoQuestionnaire(LookupError):
    """No version of this questionnaire has been published."""


class Version(Base):
    """A published questionnaire: immutable and numbered."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("questionnaire", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    xform: Mapped[str] = mapped_column(Text)


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


def publish(session: Session, questionnaire: str, xform: str) -> Version:
    """Return the newest version with this content, a new one when the content changed."""
    digest = sha256(xform.encode()).hexdigest()
    newest = _newest(session, questionnaire)
    if newest is not None and newest.digest == digest:
        return newest
    compile_form(xform)
    number = newest.number + 1 if newest is not None else 1
    version = Version(questionnaire=questionnaire, number=number, digest=digest, xform=xform)
    session.add(version)
    session.flush()
    audit.note(session, audit.SERVICE, "published", f"version:{version.id}")
    return version


def current(session: Session, questionnaire: str) -> Version:
    """Return the version that new responses are filled in with; raise `NoQuestionnaire`."""
    version = _newest(session, questionnaire)
    if version is None:
        raise NoQuestionnaire(questionnaire)
    return version


def version_of(session: Session, version_id: int) -> Version:
    """Return a version by its id; raise `NoQuestionnaire`."""
    version = session.get(Version, version_id, options=[defer(Version.xform)])
    if version is None:
        raise NoQuestionnaire(str(version_id))
    return version


def compiled(digest: str) -> Form | None:
    """Return the form with this content if this process has compiled it before."""
    return _compiled.get(digest)


def form_of(session: Session, version_id: int, digest: str | None = None) -> Form:
    """Return the compiled form of a version; with its `digest` no query is needed twice."""
    digest = digest or _digest(session, version_id)
    form = _compiled.get(digest)
    if form is None:
        xform = session.scalar(select(Version.xform).where(Version.id == version_id))
        if xform is None:
            raise NoQuestionnaire(str(version_id))
        form = _compiled.setdefault(digest, compile_form(xform))
    return form


def is_stored(session: Session, submission_id: str) -> bool:
    """Return whether a submission has arrived."""
    return session.scalar(select(Response.id).where(Response.id == submission_id)) is not None


def make_ready(session: Session) -> None:
    """Compile the newest version of every questionnaire, so that nobody has to wait for it.

    Web processes that are forked afterwards share the compiled forms.
    """
    for name in session.scalars(select(Version.questionnaire).distinct()).all():
        version = current(session, name)
        form_of(session, version.id, version.digest)


def submit(
    session: Session,
    submission: Submission,
    filling: Filling,
    files: Iterable[tuple[str, bytes]] = (),
) -> None:
    """Seal and store a filled questionnaire; the same submission twice is stored once.

    `files` are the names that stand in it with their contents; they are read one after the other,
    and only if this is the first time. Raises `NoKeys` when nobody could open it.
    """
    if is_stored(session, submission.id):
        return
    if database.insert_once(session, Response, _sealed(session, submission, filling)):
        contact = keyring.newest(session, f"contact-{submission.part}")
        place = _place(submission.id, submission.version_id, 0)
        for name, content in files:
            sealed = vault.seal(contact.public, content, f"{place}:file:{name}")
            file = {"response_id": submission.id, "id": _file_id(name), "sealed": sealed}
            session.execute(insert(Attachment).values(file))


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
    """Return the responses to a questionnaire, newest day first, of these parts or of all."""
    query = select(Response).join(Version).where(Version.questionnaire == questionnaire)
    if parts is not None:
        query = query.where(Response.part.in_(tuple(parts)))
    return list(session.scalars(query.order_by(Response.received.desc(), Response.id)))


def open_identity(session: Session, response: Response, keys: Keys) -> Mapping[str, str]:
    """Return {path: text} of the identity part while it is kept; raise `NotGranted`, `Tampered`."""
    if not response.identity and response.closed is not None:
        return {}
    place = f"{_place_of(response)}:identity"
    xml = vault.open_sealed(keys.pair(response.contact_key_id), response.identity, place)
    return read_instance(form_of(session, response.version_id), xml.decode())


def open_answers(session: Session, response: Response, keys: Keys) -> Mapping[str, str]:
    """Return {path: text} of the coded answers; raise `NotGranted` or `Tampered`."""
    place = f"{_place_of(response)}:answers"
    xml = vault.open_sealed(keys.pair(response.answers_key_id), response.answers, place)
    return read_instance(form_of(session, response.version_id), xml.decode())


def open_file(session: Session, response: Response, name: str, keys: Keys) -> bytes:
    """Return a file by its name; raise `NoAttachment`, `NotGranted` or `Tampered`."""
    row = (Attachment.response_id == response.id, Attachment.id == _file_id(name))
    sealed = session.scalar(select(Attachment.sealed).where(*row))
    if sealed is None:
        raise NoAttachment
    place = f"{_place_of(response)}:file:{name}"
    return vault.open_sealed(keys.pair(response.contact_key_id), sealed, place)


def _digest(session: Session, version_id: int) -> str:
    # Versions never change, so a session that opens many records asks once.
    known: dict[int, str] = session.info.setdefault("digests", {})
    if version_id not in known:
        known[version_id] = version_of(session, version_id).digest
    return known[version_id]


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


def _newest(session: Session, questionnaire: str) -> Version | None:
    versions = select(Version).where(Version.questionnaire == questionnaire)
    newest = versions.order_by(Version.number.desc()).limit(1)
    return session.scalar(newest.options(defer(Version.xform)))


def _place_of(response: Response) -> str:
    return _place(response.id, response.version_id, response.revision)


def _place(response_id: str, version_id: int, revision: int) -> str:
    place = f"response:{response_id}:{version_id}"
    return f"{place}:{revision}" if revision else place


def _identity(question: Question) -> bool:
    return question.disclosure in SEALED_TO_CONTACT
