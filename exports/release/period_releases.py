"""The ledger of periods whose tables went out exactly: once each, and never two that overlap.

What went out is kept as it was: counted again later, the difference would show who came after it.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, keyring, periods, vault
from core.database import Base
from core.keyring import ServiceKey
from core.people import Person, SignedIn
from core.periods import Period, PeriodError
from core.resealing import Change, Sealed

Content = Mapping[str, Any]


class PeriodRelease(Sealed, Base):
    """The exact tables of a period, sealed to the answers key; who let them out, and when."""

    __tablename__ = "period_release"
    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(20), unique=True)
    released: Mapped[date] = mapped_column(Date)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    service_key_id: Mapped[int] = mapped_column(ForeignKey(ServiceKey.id))
    content: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def place(self) -> str:
        """What the sealed bytes are bound to."""
        return f"period-release:{self.period}"

    @property
    def of(self) -> Period:
        """The period as months."""
        return periods.read(self.period)

    def reseal(self, session: Session, change: Change) -> None:  # noqa: ARG002
        """Seal the tables to the newest key; they stay as they are."""
        self.content = change.moved(self.service_key_id, self.content, self.place)
        self.service_key_id = change.newest[self.service_key_id].id


def every(session: Session) -> list[PeriodRelease]:
    """Return all of them, by period."""
    return list(session.scalars(select(PeriodRelease).order_by(PeriodRelease.period)))


def refuse_overlap(session: Session, period: Period) -> None:
    """Raise PeriodError if a month of the period went out exactly before."""
    for one in every(session):
        if one.of.overlaps(period):
            raise PeriodError(
                f"{one.period} went out exactly on {one.released}, and that stays as it is. A "
                "second table over some of the same months would show the women between both."
            )


def add(
    session: Session, who: SignedIn, period: Period, content: Content, day: date
) -> PeriodRelease:
    """Enter the exact tables of a period; raise PeriodError as `refuse_overlap` does."""
    key = keyring.newest(session, keyring.ANSWERS)
    session.refresh(key, with_for_update=True)  # nobody releases another period meanwhile
    refuse_overlap(session, period)
    entry = PeriodRelease(
        period=str(period), released=day, person_id=who.person.id, service_key_id=key.id
    )
    entry.content = vault.seal(key.public, json.dumps(content).encode(), entry.place)
    session.add(entry)
    session.flush()
    audit.note(session, who.person.id, "released", f"period:{period}")
    return entry


def opened(who: SignedIn, entry: PeriodRelease) -> Content:
    """Return what went out; raise `NotGranted` or `Tampered`."""
    pair = who.keys.pair(entry.service_key_id)
    content: Content = json.loads(vault.open_sealed(pair, entry.content, entry.place))
    return content
