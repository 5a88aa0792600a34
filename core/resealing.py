"""Bringing what is sealed to older keys of the service to the newest ones.

How far it came is in the key ids that every row carries, so it can be interrupted anywhere and
goes on later; a row is changed in one transaction, whole or not at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, inspect, or_, select, update
from sqlalchemy.orm import Session

from core import audit, keyring, vault
from core.database import Base
from core.keyring import Keys, ServiceKey
from core.vault import Tampered

BATCH = 100  # rows a commit


@dataclass(frozen=True)
class Change:
    """From older keys to the newest: what `keys` open is sealed to the `newest` of its purpose."""

    keys: Keys
    newest: Mapping[int, ServiceKey]

    def moved(self, key_id: int, sealed: bytes, place: str, to: str = "") -> bytes:
        """Return what was sealed for `place`, sealed anew for the place `to` or the same one."""
        plain = vault.open_sealed(self.keys.pair(key_id), sealed, place)
        return vault.seal(self.newest[key_id].public, plain, to or place)


class Sealed:
    """Mixin of the models that hold something sealed to keys of the service.

    Their rows say by foreign keys which ones; `test_resealing` holds that no model is forgotten.
    """

    def reseal(self, session: Session, change: Change) -> None:
        """Seal what this row holds to the newest keys; raise `NotGranted` or `Tampered`."""
        raise NotImplementedError


class Rescuable:
    """Mixin of the models that hold work sealed to the person who does it (`person_id`)."""

    @property
    def thing(self) -> str:
        """What the audit calls it."""
        return _thing(self)

    @property
    def is_handed_in(self) -> bool:
        """Say whether it is only a copy of what she has handed in: it goes with her key."""
        return False

    def keep_for_later(self) -> None:
        """Delete what only her own key opens, if what can be rescued is there."""
        raise NotImplementedError

    def give_back(self, keys: Keys, public: bytes) -> None:
        """Seal what can be rescued to her new key; raise `NotGranted` or `Tampered`."""
        raise NotImplementedError


@dataclass
class Run:
    """One way through everything; `after` is the row of each kind that it came to.

    `refused` are the rows that did not open: they were changed by somebody, and stay as they are.
    """

    done: int = 0
    refused: int = 0
    after: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """How many rows are sealed to older keys: `mine` she can bring over, `others` she cannot.

    `done` are those that are sealed to the newest ones.
    """

    mine: int
    others: int
    done: int


def waiting(session: Session, keys: Keys) -> Waiting:
    """Return how much there is to do, for the holder of `keys` and for others."""
    mine = old = everything = 0
    for model in models(Sealed):
        sealed = [column.is_not(None) for column in key_columns(model)]
        count = select(func.count()).select_from(model).where(*sealed)
        everything += session.scalar(count) or 0
        count = count.where(_outdated(session, model))
        old += session.scalar(count) or 0
        mine += session.scalar(count.where(_opened_by(model, keys))) or 0
    return Waiting(mine, old - mine, everything - old)


def batch(session: Session, keys: Keys, person_id: int, run: Run, size: int = BATCH) -> bool:
    """Bring up to `size` rows to the newest keys; say whether there may be more."""
    _hold_others_off(session)
    for model in models(Sealed):
        rows = session.scalars(_next(session, model, keys, run).limit(size)).all()
        if rows:
            run.after[model] = _id_of(rows[-1])
            change = Change(keys, keyring.latest(session))
            moved = sum(_reseal(session, row, change, person_id) for row in rows)
            run.done += moved
            run.refused += len(rows) - moved
            audit.note(session, person_id, "resealed", f"{model.__tablename__}s:{moved}")
            session.flush()
            for row in rows:
                session.expunge(row)  # sealed parts are large, and there may be many
            return True
    return False


def models(kind: type[Any]) -> Iterator[Any]:
    """Yield every model that has this mixin, wherever it is written."""
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        if issubclass(mapper.class_, kind):
            yield mapper.class_


def key_columns(model: type[Any]) -> list[ColumnElement[int]]:
    """Return the columns of a model that name a key of the service."""
    return [
        column
        for column in inspect(model).columns
        if any(key.column.table is ServiceKey.__table__ for key in column.foreign_keys)
    ]


def _reseal(session: Session, row: Any, change: Change, person_id: int) -> bool:
    try:
        with session.begin_nested():
            row.reseal(session, change)
    except Tampered:
        audit.note(session, person_id, "refused", _thing(row))
        return False
    return True


def _next(session: Session, model: Any, keys: Keys, run: Run) -> Select[Any]:
    (key,) = inspect(model).primary_key
    query = select(model).where(_outdated(session, model), _opened_by(model, keys))
    if model in run.after:
        query = query.where(key > run.after[model])
    return query.order_by(key).with_for_update()


def _outdated(session: Session, model: type[Any]) -> ColumnElement[bool]:
    newest = {row.id for row in keyring.latest(session).values()}
    return or_(*(column.not_in(newest) for column in key_columns(model)))


def _opened_by(model: type[Any], keys: Keys) -> ColumnElement[bool]:
    return and_(*(column.in_(keys.held) for column in key_columns(model)))


def _thing(row: Any) -> str:
    return f"{row.__tablename__}:{_id_of(row)}"


def _id_of(row: Any) -> Any:
    return inspect(row).identity[0]


def _hold_others_off(session: Session) -> None:
    # SQLite knows no FOR UPDATE: a statement that writes, though nothing, takes its one lock, so
    # that nobody changes a row between our reading and our writing.
    session.execute(update(ServiceKey).where(false()).values(purpose=ServiceKey.purpose))
