"""How long an interview that nobody goes on with is kept."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import audit, retention
from core.retention import Rule
from core.settings import Settings
from core.uploads import Upload
from surveys.interviews import Draft


def drafts(session: Session, settings: Settings, day: date) -> Sequence[date]:
    """Delete the drafts that nobody has changed for long; their files run out by themselves."""
    long_ago = retention.before(day, settings.keep_drafts_months)
    over = delete(Draft).where(Draft.changed <= long_ago).returning(Draft.id, Draft.changed)
    gone = session.execute(over).all()
    for number, _ in gone:
        audit.note(session, audit.SERVICE, "deleted", f"draft:{number}")
    return sorted(changed for _, changed in gone)


DRAFTS = Rule(
    "interviews that nobody went on with", drafts, (Draft.__tablename__, Upload.__tablename__)
)


def files_seconds(settings: Settings) -> int:
    """Return how long the files of a draft wait for its next change: until it is deleted."""
    return (settings.keep_drafts_months * 31 + 2) * 24 * 60 * 60
