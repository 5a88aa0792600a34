"""What field clients send: taken in once, whatever the line did; what differs is kept beside it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import blake2b

from sqlalchemy import ForeignKey, LargeBinary, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, keyring, records, versions
from core.app_users import AppUser, Carrier
from core.database import Base
from core.records import CONFLICT, Response, Submission
from core.versions import Version
from surveys import interviews, openrosa
from surveys.openrosa import Head
from xlsform.filling import Filling, InstanceError, TooMany, read_instance
from xlsform.form import Form
from xlsform.questions import SELECTS, UPLOADS
from xlsform.slots import generic

_NUMBERS = uuid.UUID("7a756761-6e67-4000-8000-617272697665")


class Outcome(Enum):
    """What became of a submission."""

    STORED = "stored"
    AGAIN = "again"  # the same bytes were there already
    CONFLICT = "conflict"  # something else was sent under its instanceID: both are kept


class NotOffered(LookupError):
    """There is no such form, or it is not for her: she is not told which."""


class UnknownVersion(LookupError):
    """The form has no such version."""


class Arrival(Base):
    """That a response came from a device.

    `digest` tells whether the same bytes come again. It is keyed with the token of the device,
    which nobody keeps here: with the database alone, no answers can be tried out against it.
    `beside` is the response that came first under the same instanceID, if this one differs from it.
    """

    __tablename__ = "arrival"
    response_id: Mapped[str] = mapped_column(ForeignKey(Response.id), primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey(AppUser.id), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    beside: Mapped[str | None] = mapped_column(ForeignKey(Response.id))


@dataclass(frozen=True)
class Counted:
    """How many interviews came from a device, and how many others under a number that was taken."""

    arrived: int
    differing: int


@dataclass(frozen=True)
class Sent:
    """A submission as it came: the record, and files by name, not always all of them at once."""

    xml: bytes
    files: Mapping[str, bytes]


def take(session: Session, by: Carrier, sent: Sent, now: datetime) -> Outcome:
    """Store what a device sends, once; `now` is in the zone of the service.

    Files that the record names may come with it or in a later part. Raises `NotOffered`,
    `UnknownVersion`, and `InstanceError` for what is no record of that form; then nothing is
    stored.
    """
    xml = _text(sent.xml)
    head = openrosa.head(xml)
    version = _version(session, by, head)
    filling = _filling(versions.form_of(session, version.id, version.digest), xml, by, now)
    files = [(name, sent.files[name]) for name in _named_files(filling) if name in sent.files]
    if len(files) != len(sent.files):
        raise InstanceError("A file came with it that the record does not name.")
    digest = blake2b(sent.xml, key=by.token.encode(), digest_size=32).digest()
    submission = Submission(head.instance_id, version.id, keyring.COUNTY, now.date())
    if records.submit(session, submission, filling, files):
        interviews.cover(session, version.questionnaire, filling)
        _note(session, by, submission.id, digest)
        return Outcome.STORED
    return _taken_before(session, by, submission, filling, files, digest)


def counted(session: Session, devices: Iterable[AppUser]) -> dict[int, Counted]:
    """Return what has come from each device, by its id; only those from which something has."""
    ids = [device.id for device in devices]
    rows = session.execute(
        select(Arrival.device_id, func.count(), func.count(Arrival.beside))
        .where(Arrival.device_id.in_(ids))
        .group_by(Arrival.device_id)
    )
    return {row[0]: Counted(row[1] - row[2], row[2]) for row in rows}


def _taken_before(
    session: Session,
    by: Carrier,
    submission: Submission,
    filling: Filling,
    files: list[tuple[str, bytes]],
    digest: bytes,
) -> Outcome:
    first = session.get(Arrival, submission.id)
    if first is not None and first.digest == digest:
        _attach(session, submission.id, files)  # a further part, or a try after a cut line
        return Outcome.AGAIN
    number = str(uuid.uuid5(_NUMBERS, f"{submission.id} {digest.hex()}"))
    other = Submission(number, submission.version_id, submission.part, submission.received)
    if records.submit(session, other, filling, files):
        session.get_one(Response, number).status = CONFLICT
        _note(session, by, number, digest, beside=submission.id)
    else:
        _attach(session, number, files)
    return Outcome.CONFLICT


def _attach(session: Session, response_id: str, files: list[tuple[str, bytes]]) -> None:
    records.attach(session, session.get_one(Response, response_id), files)


def _note(
    session: Session, by: Carrier, response_id: str, digest: bytes, beside: str | None = None
) -> None:
    place = {"response_id": response_id, "device_id": by.device.id}
    session.add(Arrival(**place, digest=digest, beside=beside))
    audit.note(session, by.person.id, "submitted", f"response:{response_id}")
    session.flush()


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise InstanceError("The instance is not in UTF-8.") from None


def _version(session: Session, by: Carrier, head: Head) -> Version:
    if head.form_id not in interviews.offered(by.person):
        raise NotOffered
    number = int(head.version) if head.version.isascii() and head.version.isdecimal() else 0
    version = versions.numbered(session, head.form_id, number)
    if version is None:
        raise UnknownVersion
    return version


def _filling(form: Form, xml: str, by: Carrier, now: datetime) -> Filling:
    """Return what was filled in, worked out once more; raise `InstanceError`."""
    try:
        answers = read_instance(form, xml)
        filling = Filling(form, answers, now=now, zone=now.tzinfo or UTC, username=by.person.name)
    except (KeyError, TooMany):
        raise InstanceError("The instance has parts that the form has not.") from None
    unfit = any(one.kind == "type" for one in filling.problems().values())
    if unfit or not all(_is_listed(form, path, text) for path, text in answers.items()):
        # what is no answer of its type is no answer of a client that knows the form
        raise InstanceError("An answer is none of its question's type.")
    return filling


def _is_listed(form: Form, path: str, text: str) -> bool:
    """Say whether an answer is among all that its question may ever offer.

    A choice that is not offered now is taken back silently while the record is worked out.
    """
    question = form.questions.get(generic(path))
    if question is None or question.type not in SELECTS or not question.static_choices:
        return True
    return set(question.chosen(text)) <= set(question.static_choices)


def _named_files(filling: Filling) -> list[str]:
    return [
        name
        for path, name in filling.answers.items()
        if name and _is_file(filling.form, path) and filling.is_relevant(path)
    ]


def _is_file(form: Form, path: str) -> bool:
    question = form.questions.get(generic(path))
    return question is not None and question.type in UPLOADS
