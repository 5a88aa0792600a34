"""What a counsellor's inbox shows, kept so that not everything is opened anew each time."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.people import Person


class Overview(Base):
    """One person's overview, locked under a key that comes from her own private half."""

    __tablename__ = "overview"
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)
