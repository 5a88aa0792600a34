"""Links with which a client answers alone: each is good once, and for some weeks.

A link says which questionnaire it opens, at most of which planned interview it is, and nothing of
the answers: it is deleted in the moment that they arrive.
"""

import secrets
from datetime import date, timedelta
from hashlib import blake2b

from sqlalchemy import Date, ForeignKey, LargeBinary, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit
from core.database import Base
from core.people import SignedIn
from core.sampling import SampleUnit

DAYS = 28
_TOKEN_BYTES = 15  # nobody guesses them, and twenty letters are still typed from paper


class NoLink(LookupError):
    """A link is used, has run out, or never was."""


class AnswerLink(Base):
    """A link that nobody has used yet. `token` is a hash of what stands in it."""

    __tablename__ = "answer_link"
    token: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(60))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey(SampleUnit.id, ondelete="CASCADE"))
    until: Mapped[date] = mapped_column(Date)


def add(
    session: Session, who: SignedIn, questionnaire: str, day: date, unit: SampleUnit | None = None
) -> str:
    """Return the token of a new link; nothing that is kept gives it again."""
    session.execute(delete(AnswerLink).where(AnswerLink.until < day))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    unit_id = unit.id if unit is not None else None
    link = AnswerLink(
        token=_hash(token), questionnaire=questionnaire, unit_id=unit_id, until=last_day(day)
    )
    session.add(link)
    audit.note(session, who.person.id, "invited", "link")
    session.flush()
    return token


def last_day(day: date) -> date:
    """Return the last day on which a link is good that is made on `day`."""
    return day + timedelta(days=DAYS)


def known(session: Session, token: str, day: date) -> AnswerLink | None:
    """Return the link with this token, None when it is good no more or never was."""
    link = session.get(AnswerLink, _hash(token))
    return link if link is not None and link.until >= day else None


def find(session: Session, token: str, day: date) -> AnswerLink:
    """Return the link with this token, or raise `NoLink`."""
    link = known(session, token, day)
    if link is None:
        raise NoLink
    return link


def use(session: Session, token: str, day: date) -> None:
    """Delete a link that is good; raise `NoLink`, also when it is used at the same moment."""
    this = (AnswerLink.token == _hash(token), AnswerLink.until >= day)
    using = delete(AnswerLink).where(*this).returning(AnswerLink.token)
    if session.scalar(using) is None:
        raise NoLink


def _hash(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=32, person=b"answer link").digest()
