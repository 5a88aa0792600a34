"""Slowing down who guesses: failures counted under hashes whose key changes every day."""

from datetime import date

from sqlalchemy import BigInteger, Date, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class DayKey(Base):
    """The random key of one day; when it is gone, its hashes say nothing any more."""

    __tablename__ = "throttle_key"
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class Attempt(Base):
    """How often something was tried; `id` is a keyed hash of what or from where.

    Nothing is tried again before `until`, in seconds since 1970; the row counts until `expires`.
    """

    __tablename__ = "attempt"
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    count: Mapped[int]
    until: Mapped[int] = mapped_column(BigInteger)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)
