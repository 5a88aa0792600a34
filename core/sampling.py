"""Whom to interview: the planned interviews of a survey, and how far each has come.

A client stands here by the pseudonym of her case once she has agreed to be asked; an office by its
code, once in every wave. Which response came of it is nowhere written.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, database, keyring, vault
from core.database import Base
from core.people import NotHers, Person, SignedIn
from core.resealing import Change, Sealed

CLIENT, MUNICIPALITY = "client", "municipality"  # the questionnaires that are planned for
PLANNED, BEGUN, DONE, REFUSED = "planned", "begun", "done", "refused"
REASONS = ("no_time", "no_wish", "not_reached", "language", "other")


class Taken(RuntimeError):
    """Somebody else has begun this interview, or it is over."""


class SampleUnit(Sealed, Base):
    """A planned interview. `person_id` is who has begun it; `refusal` why there was none, sealed.

    `wave` counts the rounds of a survey that asks the same offices again; it is 0 for clients.
    """

    __tablename__ = "sample_unit"
    __table_args__ = (UniqueConstraint("questionnaire", "wave", "code"),)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(60))
    wave: Mapped[int]
    code: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    refusal: Mapped[bytes | None] = mapped_column(LargeBinary)
    answers_key_id: Mapped[int | None] = mapped_column(ForeignKey(keyring.ServiceKey.id))

    @property
    def place(self) -> str:
        """What the sealed reason is bound to."""
        return f"sample-unit:{self.id}"

    def reseal(self, session: Session, change: Change) -> None:  # noqa: ARG002
        """Seal the reason to the newest key."""
        if self.refusal is not None and self.answers_key_id is not None:
            self.refusal = change.moved(self.answers_key_id, self.refusal, self.place)
            self.answers_key_id = change.newest[self.answers_key_id].id


def plan(session: Session, who: SignedIn, questionnaire: str, code: str, wave: int = 0) -> None:
    """Plan an interview; what is planned already stays as it is."""
    if number := _add(session, questionnaire, code, wave, PLANNED):
        audit.note(session, who.person.id, "noted", f"sample-unit:{number}")


def cancel(session: Session, questionnaire: str, code: str) -> None:
    """Forget everything about a planned interview."""
    session.execute(delete(SampleUnit).where(*_is(questionnaire, code, 0)))


def state(session: Session, questionnaire: str, code: str) -> str:
    """Return how far the interview with a client has come, "" when none is planned."""
    return session.scalar(select(SampleUnit.status).where(*_is(questionnaire, code, 0))) or ""


def due(session: Session, questionnaire: str) -> list[SampleUnit]:
    """Return the planned interviews that are not over, by their codes."""
    query = select(SampleUnit).where(SampleUnit.questionnaire == questionnaire)
    query = query.where(SampleUnit.status.in_((PLANNED, BEGUN)))
    return list(session.scalars(query.order_by(SampleUnit.code)))


def wave_of(session: Session, questionnaire: str, wave: int) -> list[SampleUnit]:
    """Return all interviews of a wave, by their codes."""
    query = select(SampleUnit).where(
        SampleUnit.questionnaire == questionnaire, SampleUnit.wave == wave
    )
    return list(session.scalars(query.order_by(SampleUnit.code)))


def over(session: Session, questionnaire: str) -> dict[str, str]:
    """Return what became of the planned interviews that are over, by their ids."""
    query = select(SampleUnit.id, SampleUnit.status).where(SampleUnit.status.in_((DONE, REFUSED)))
    rows = session.execute(query.where(SampleUnit.questionnaire == questionnaire))
    return {row.id: row.status for row in rows}


def newest_wave(session: Session, questionnaire: str) -> int:
    """Return the number of the latest wave, 0 before there is one."""
    query = select(func.max(SampleUnit.wave)).where(SampleUnit.questionnaire == questionnaire)
    return session.scalar(query) or 0


def find(session: Session, unit_id: str) -> SampleUnit:
    """Return a planned interview by its id, or raise `NotHers`."""
    unit = session.get(SampleUnit, unit_id)
    if unit is None:
        raise NotHers
    return unit


def of_code(session: Session, questionnaire: str, code: str) -> SampleUnit:
    """Return the planned interview with a client, or raise `NotHers`."""
    unit = session.scalar(select(SampleUnit).where(*_is(questionnaire, code, 0)))
    if unit is None:
        raise NotHers
    return unit


def codes(session: Session, unit_ids: Iterable[str]) -> dict[str, str]:
    """Return by id whom planned interviews are with; those that are forgotten are left out."""
    query = select(SampleUnit.id, SampleUnit.code).where(SampleUnit.id.in_(list(unit_ids)))
    return {row.id: row.code for row in session.execute(query)}


def take(session: Session, who: SignedIn, unit: SampleUnit) -> None:
    """Let her be the one who holds this interview; raise `Taken` when she comes too late."""
    taking = update(SampleUnit).where(SampleUnit.id == unit.id, SampleUnit.status == PLANNED)
    taking = taking.values(status=BEGUN, person_id=who.person.id)
    if session.scalar(taking.returning(SampleUnit.id)) is None:
        raise Taken
    session.refresh(unit)


def give_back(session: Session, who: SignedIn, unit_id: str) -> None:
    """Plan an interview again that she has begun and does not go on with."""
    hers = (SampleUnit.id == unit_id, SampleUnit.person_id == who.person.id)
    session.execute(
        update(SampleUnit).where(*hers, SampleUnit.status == BEGUN).values(**_over(PLANNED))
    )


def done(session: Session, unit_id: str) -> None:
    """Note that a planned interview was held, by whomever."""
    session.execute(update(SampleUnit).where(SampleUnit.id == unit_id).values(**_over(DONE)))


def covered(session: Session, questionnaire: str, code: str, wave: int) -> None:
    """Note that an office was interviewed in a wave, planned or not."""
    if not _add(session, questionnaire, code, wave, DONE):
        this = update(SampleUnit).where(*_is(questionnaire, code, wave))
        session.execute(this.values(**_over(DONE)))


def uncovered(session: Session, questionnaire: str, code: str, wave: int) -> None:
    """Plan an office again that turned out not to have been asked in a wave after all."""
    this = _is(questionnaire, code, wave)
    session.execute(
        update(SampleUnit).where(*this, SampleUnit.status == DONE).values(**_over(PLANNED))
    )


def refuse(session: Session, who: SignedIn, unit: SampleUnit, reason: str) -> None:
    """Note that there will be no interview and why, for evaluators alone.

    `reason` is one of `REASONS`. Raises `Taken` when somebody else is at it or it is over.
    """
    key = keyring.newest(session, keyring.ANSWERS)
    sealed = vault.seal(key.public, reason.encode(), unit.place)
    free = (SampleUnit.status == PLANNED) | (
        (SampleUnit.status == BEGUN) & (SampleUnit.person_id == who.person.id)
    )
    values = _over(REFUSED) | {"refusal": sealed, "answers_key_id": key.id}
    refusing = update(SampleUnit).where(SampleUnit.id == unit.id, free).values(**values)
    if session.scalar(refusing.returning(SampleUnit.id)) is None:
        raise Taken
    audit.note(session, who.person.id, "noted", f"sample-unit:{unit.id}")


def refusals(session: Session, who: SignedIn, unit_ids: Iterable[str]) -> list[str]:
    """Return why these interviews were refused, one reason each.

    Raises `NotGranted` or `Tampered`.
    """
    query = select(SampleUnit).where(SampleUnit.id.in_(list(unit_ids)))
    return [
        vault.open_sealed(who.keys.pair(unit.answers_key_id), unit.refusal, unit.place).decode()
        for unit in session.scalars(query.where(SampleUnit.status == REFUSED))
        if unit.refusal is not None and unit.answers_key_id is not None
    ]


def _add(session: Session, questionnaire: str, code: str, wave: int, status: str) -> str:
    """Return the id of a new planned interview, "" when it is planned already."""
    row: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "questionnaire": questionnaire,
        "wave": wave,
        "code": code,
    }
    is_new = database.insert_once(session, SampleUnit, row | {"status": status})
    return str(row["id"]) if is_new else ""


def _is(questionnaire: str, code: str, wave: int) -> tuple[ColumnElement[bool], ...]:
    return (
        SampleUnit.questionnaire == questionnaire,
        SampleUnit.code == code,
        SampleUnit.wave == wave,
    )


def _over(status: str) -> dict[str, Any]:
    return {"status": status, "person_id": None, "refusal": None, "answers_key_id": None}
