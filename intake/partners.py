"""Partners who write for a woman: offices and services that have an address of their own."""

from datetime import date

from sqlalchemy import Date, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class PartnerLink(Base):
    """An address that nobody can guess; `id` is a hash of it. `way` is her way of access."""

    __tablename__ = "partner_link"
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    way: Mapped[str] = mapped_column(String(40))
    made: Mapped[date] = mapped_column(Date)
    ended: Mapped[date | None] = mapped_column(Date)
