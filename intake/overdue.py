"""What nobody has read for two working days: the coordinators are told that there is something."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import notices, workdays
from core.records import Response
from core.versions import Version
from intake.messages import Message
from intake.referrals import NEW, QUESTIONNAIRE

PATIENCE = 2  # working days


def look(session: Session, now: datetime) -> None:
    """Tell the coordinators once that something waits, and take it back when it is read."""
    if _waits(session, now):
        notices.remind(session, now)
    else:
        notices.all_done(session, notices.WAITING)


def _waits(session: Session, now: datetime) -> bool:
    long_ago = workdays.before(now.date(), PATIENCE)
    referral = (
        select(Response.id)
        .join(Version)
        .where(Version.questionnaire == QUESTIONNAIRE)
        .where(Response.status == NEW, Response.received <= long_ago)
    )
    message = select(Message.id).where(
        Message.sent_by.is_(None), Message.seen.is_(None), Message.written <= long_ago
    )
    return bool(session.scalar(select(or_(referral.exists(), message.exists()))))
