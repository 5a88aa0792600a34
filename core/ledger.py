"""Which responses went out to evaluators: those that cannot be deleted as if they never came."""

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base
from core.records import Response


class Member(Base):
    """Which response went out in which batch of the ledger of releases."""

    __tablename__ = "batch_member"
    response_id: Mapped[str] = mapped_column(ForeignKey(Response.id), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)


def is_out(session: Session, response_id: str) -> bool:
    """Say whether a response is part of a release."""
    mine = select(Member.batch_id).where(Member.response_id == response_id)
    return session.scalar(mine) is not None
