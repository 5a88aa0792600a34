"""Second factors: one-time passwords, passkeys, and recovery codes on paper."""

from datetime import date

from sqlalchemy import Date, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.people import Person

TOTP, PASSKEY, CODE = "totp", "passkey", "code"


class Factor(Base):
    """Something that a person has. `sealed` is its secret, sealed to her own key.

    So a second factor can only be checked once her passphrase was right. `step` is the last one
    that a one-time password or a passkey was used at: nothing is taken twice.
    """

    __tablename__ = "factor"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    step: Mapped[int] = mapped_column(default=0)
    made: Mapped[date] = mapped_column(Date)
