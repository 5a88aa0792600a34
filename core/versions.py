"""Questionnaire versions: publishing them, finding them, compiling them once."""

from hashlib import sha256

from sqlalchemy import String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from core import audit
from core.database import Base
from xlsform.form import Form, compile_form

_compiled: dict[str, Form] = {}  # by content, so it is never stale; forms are immutable


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
        version = current(session, name)
        form_of(session, version.id, version.digest)


def _digest(session: Session, version_id: int) -> str:
    # Versions never change, so a session that opens many records asks once.
    known: dict[int, str] = session.info.setdefault("digests", {})
    if version_id not in known:
        known[version_id] = version_of(session, version_id).digest
    return known[version_id]


def _newest(session: Session, questionnaire: str) -> Version | None:
    versions = select(Version).where(Version.questionnaire == questionnaire)
    newest = versions.order_by(Version.number.desc()).limit(1)
    return session.scalar(newest.options(defer(Version.xform)))
