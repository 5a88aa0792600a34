"""What is done once a day, by one of the web processes, whichever comes first."""

from datetime import date

from sqlalchemy import Date, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import database
from core.database import Base


class Errand(Base):
    """The day on which something was last done."""

    __tablename__ = "errand"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(Date)


def take(session: Session, name: str, day: date) -> bool:
    """Return whether it falls to the caller to do something today.

    Another one who asks waits until this transaction has ended; when it fails, it falls to her.
    """
    if database.insert_once(session, Errand, {"name": name, "day": day}):
        return True
    mine = update(Errand).where(Errand.name == name, Errand.day < day).values(day=day)
    return session.scalar(mine.returning(Errand.name)) is not None
