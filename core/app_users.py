"""App users, as ODK calls them: the devices with which staff interview in the field.

A device comes with a token of its own. It lets in whoever holds it for two things, getting
questionnaires and sending what was filled in; nothing that was sent can be read with it.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b

from sqlalchemy import Date, ForeignKey, LargeBinary, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit
from core.database import Base
from core.people import NotHers, Person, SignedIn

_TOKEN_BYTES = 20  # nobody guesses them, so a plain hash keeps them as well as a slow one


class NoAppUser(LookupError):
    """Nobody has this token, or it is ended."""


class AppUser(Base):
    """A device of somebody's. `token` is a hash of what it sends to be let in."""

    __tablename__ = "app_user"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    name: Mapped[str] = mapped_column(String(60))
    token: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made: Mapped[date] = mapped_column(Date)
    ended: Mapped[date | None] = mapped_column(Date)


@dataclass(frozen=True)
class Carrier:
    """A device that was let in, whose it is, and the token that it showed."""

    device: AppUser
    person: Person
    token: str = field(repr=False)


def add(session: Session, who: SignedIn, name: str, day: date) -> str:
    """Return the token of a new device of hers; nothing that is kept gives it again."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    device = AppUser(person_id=who.person.id, name=name.strip(), token=_hash(token), made=day)
    session.add(device)
    session.flush()
    audit.note(session, who.person.id, "invited", f"device:{device.id}")
    return token


def of(session: Session, person: Person) -> list[AppUser]:
    """Return somebody's devices, those that are ended at the end."""
    rows = session.scalars(select(AppUser).where(AppUser.person_id == person.id))
    return sorted(rows, key=lambda one: (one.ended is not None, one.name, one.id))


def end(session: Session, who: SignedIn, device_id: int, day: date) -> None:
    """Let in a device of hers no more; raise `NotHers` when it is none."""
    device = session.get(AppUser, device_id)
    if device is None or device.person_id != who.person.id:
        raise NotHers
    if device.ended is None:
        device.ended = day
        audit.note(session, who.person.id, "revoked", f"device:{device.id}")


def end_all(session: Session, person: Person, day: date) -> None:
    """Let in no device of a person any more."""
    hers = (AppUser.person_id == person.id, AppUser.ended.is_(None))
    session.execute(update(AppUser).where(*hers).values(ended=day))


def find(session: Session, token: str) -> Carrier:
    """Return which device shows this token; raise `NoAppUser`, also when its owner has left."""
    row = session.execute(
        select(AppUser, Person)
        .join(Person, Person.id == AppUser.person_id)
        .where(AppUser.token == _hash(token), AppUser.ended.is_(None))
    ).one_or_none()
    if row is None or not row.Person.comes_in:
        raise NoAppUser
    return Carrier(row.AppUser, row.Person, token)


def _hash(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=32, person=b"app user").digest()
