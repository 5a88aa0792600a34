"""Looking at what people published: before that no answer enters rows or tables.

Whoever evaluates publishes questionnaires, too, and no check of texts tells what a question really
asks. So a coordinator looks at each version of a questionnaire about women. Interviews go on
meanwhile; what they say waits.
"""

from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, defer

from core import audit
from core.sampling import MUNICIPALITY
from core.versions import Version


def counts() -> ColumnElement[bool]:
    """Return what a version must be whose answers may be evaluated; an office is no woman."""
    return or_(
        Version.questionnaire == MUNICIPALITY,
        Version.person_id.is_(None),
        Version.approved.is_not(None),
    )


def is_waiting(version: Version) -> bool:
    """Say whether a version waits for somebody to look at it."""
    return is_asked_for(version) and version.approved is None


def is_asked_for(version: Version) -> bool:
    """Say whether a version is one that somebody has to look at."""
    return version.questionnaire != MUNICIPALITY and version.person_id is not None


def waiting(session: Session) -> list[Version]:
    """Return the versions that wait, the oldest first."""
    found = select(Version).where(~counts()).options(defer(Version.xform))
    return list(session.scalars(found.order_by(Version.id)))


def before(session: Session, version: Version) -> Version | None:
    """Return the newest older version that counts, None when there is none."""
    older = (Version.questionnaire == version.questionnaire, Version.number < version.number)
    found = select(Version).where(*older, counts()).options(defer(Version.xform))
    return session.scalar(found.order_by(Version.number.desc()).limit(1))


def approve(session: Session, person_id: int, version: Version, day: date) -> None:
    """Let answers to a version be evaluated from this day on; who said so first stays."""
    if not is_waiting(version):
        return
    version.approved, version.approver_id = day, person_id
    audit.note(session, person_id, "released", f"version:{version.id}")
    session.flush()
