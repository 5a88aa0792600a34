"""Questionnaire versions: publishing them, finding them, compiling them once."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import Date, ForeignKey, LargeBinary, Select, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from core import audit
from core.database import Base
from xlsform.form import Form, compile_form

_compiled: dict[str, Form] = {}  # by content, so it is never stale; forms are immutable


class NoQuestionnaire(LookupError):
    """No version of this questionnaire has been published."""


class Version(Base):
    """A published questionnaire: immutable and numbered.

    `person_id`, `published` and `workbook` tell who published it from which file (.xlsx); they are
    missing where it came with zugang. What is `retired` is begun by nobody any more, but what was
    begun stays on it. `approved` and `approver_id` tell who has looked at it since when: see
    core/approving.py.
    """

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("questionnaire", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    xform: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published: Mapped[date | None] = mapped_column(Date)
    retired: Mapped[date | None] = mapped_column(Date)
    approved: Mapped[date | None] = mapped_column(Date)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    workbook: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


@dataclass(frozen=True)
class Origin:
    """Who publishes a questionnaire, when, and the workbook (.xlsx) that it is made from."""

    person_id: int
    day: date
    workbook: bytes


def publish(
    session: Session, questionnaire: str, xform: str, origin: Origin | None = None
) -> Version:
    """Return the newest version with this content, a new one when the content changed."""
    digest = sha256(xform.encode()).hexdigest()
    newest = _newest(session, questionnaire)
    if newest is not None and newest.digest == digest:
        return newest
    compile_form(xform)
    number = newest.number + 1 if newest is not None else 1
    version = Version(questionnaire=questionnaire, number=number, digest=digest, xform=xform)
    if origin is not None:
        version.person_id, version.published = origin.person_id, origin.day
        version.workbook = origin.workbook
    session.add(version)
    session.flush()
    by = origin.person_id if origin is not None else audit.SERVICE
    audit.note(session, by, "published", f"version:{version.id}")
    return version


def is_taken_over(session: Session, questionnaire: str) -> bool:
    """Say whether people publish this questionnaire: then what comes with zugang stays behind."""
    newest = _newest(session, questionnaire)
    return newest is not None and newest.person_id is not None


def retire(session: Session, person_id: int, version: Version, day: date | None) -> None:
    """Let nobody begin a version from this day on; with None, let it be begun again."""
    version.retired = day
    audit.note(session, person_id, "revoked" if day else "restored", f"version:{version.id}")
    session.flush()


def current(session: Session, questionnaire: str) -> Version:
    """Return the version that new responses are filled in with; raise `NoQuestionnaire`."""
    version = session.scalar(_newest_first(questionnaire).where(Version.retired.is_(None)))
    if version is None:
        raise NoQuestionnaire(questionnaire)
    return version


def all_of(session: Session, questionnaire: str) -> list[Version]:
    """Return the versions of a questionnaire, newest first."""
    return list(session.scalars(_newest_first(questionnaire)))


def version_of(session: Session, version_id: int) -> Version:
    """Return a version by its id; raise `NoQuestionnaire`."""
    version = session.get(Version, version_id, options=[defer(Version.xform)])
    if version is None:
        raise NoQuestionnaire(str(version_id))
    return version


def numbered(session: Session, questionnaire: str, number: int) -> Version | None:
    """Return the version of a questionnaire with this number, None when there is none."""
    this = (Version.questionnaire == questionnaire, Version.number == number)
    return session.scalar(select(Version).where(*this).options(defer(Version.xform)))


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


def make_ready(session: Session) -> None:
    """Compile the newest version of every questionnaire, so that nobody has to wait for it.

    Web processes that are forked afterwards share the compiled forms.
    """
    for name in session.scalars(select(Version.questionnaire).distinct()).all():
        with suppress(NoQuestionnaire):  # all of it is retired
            version = current(session, name)
            form_of(session, version.id, version.digest)


def _digest(session: Session, version_id: int) -> str:
    # Versions never change, so a session that opens many records asks once.
    known: dict[int, str] = session.info.setdefault("digests", {})
    if version_id not in known:
        known[version_id] = version_of(session, version_id).digest
    return known[version_id]


def _newest(session: Session, questionnaire: str) -> Version | None:
    return session.scalar(_newest_first(questionnaire))


def _newest_first(questionnaire: str) -> Select[Version]:
    found = select(Version).where(Version.questionnaire == questionnaire)
    return found.order_by(Version.number.desc()).options(defer(Version.xform))
