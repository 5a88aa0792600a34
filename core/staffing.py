"""What happens to people: they leave, forget their passphrase, take over another task, recover.

Whatever somebody held is rotated when she may not hold it any more, and her sessions end.
"""

from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core import (
    app_users,
    audit,
    granting,
    invitations,
    keyring,
    notices,
    passphrases,
    people,
    presence,
    recovery,
    resealing,
    rotation,
    vault,
)
from core.factors import Factor
from core.invitations import Invitation
from core.keyring import Keys, RecoveryKey
from core.people import COORDINATOR, NameTaken, NotHers, Person, SignedIn
from core.recovery import NotARecoveryKey
from core.resealing import Rescuable
from core.vault import Cost, Pair, Tampered


class LastCoordinator(ValueError):
    """Without her nobody could invite, renew or recover anybody any more."""


class DeadRecoveryKey(NotARecoveryKey):
    """The recovery key is well written, but it is not, or no longer, the one of this service."""


def revoke(session: Session, by: int, person: Person, day: date) -> None:
    """Let a person go: she holds nothing any more, and what she held seals nothing any more.

    Her unfinished work stays, sealed to a key of the service. Raises `LastCoordinator`.
    """
    _keep_a_coordinator(session, person)
    _lock_out(session, person)
    app_users.end_all(session, person, day)
    notices.forget(session, person)
    person.left = day
    for work in _work_of(session, person):
        work.keep_for_later()
    held = keyring.take_back(session, person.public)
    audit.note(session, by, "revoked", f"person:{person.id}")
    rotation.rotate(session, by, held, day)


def renew(session: Session, by: SignedIn, person: Person, now: datetime) -> str:
    """Return a one-time link with which a person begins anew, with the keys of her role.

    For who forgot her passphrase, lost her second factor, or comes back. Raises
    `LastCoordinator`, and `NotGranted` when `by` lacks a key to pass on.
    """
    _keep_a_coordinator(session, person)
    pair = _begin_anew(session, by.keys, by.person.id, person)
    audit.note(session, by.person.id, "renewed", f"person:{person.id}")
    return invitations.link(session, person, pair, now)


def assign(session: Session, by: SignedIn, person: Person, role: str, part: str, day: date) -> None:
    """Give a person another role or part of the county, with the keys for it and no others.

    Raises `LastCoordinator`, `NotHers` when she has left, and `NotGranted` when `by` lacks a key.
    """
    if person.left is not None:
        raise NotHers
    if role != COORDINATOR:
        _keep_a_coordinator(session, person)
    person.role, person.part = role, part
    presence.end_all(session, person.id)
    audit.note(session, by.person.id, "changed", f"person:{person.id}")
    granting.hand_on(session, by.keys, by.person.id, person, person.purposes)
    gone = keyring.take_back(session, person.public, but=person.purposes)
    rotation.rotate(session, by.person.id, gone, day)


def recover(
    session: Session,
    code: str,
    name: str,
    passphrase: str,
    now: datetime,
    cost: Cost = vault.COST,
) -> str:
    """Let in whoever has the printed recovery key as coordinator; return the key that follows it.

    Raises `NotARecoveryKey`, `PassphraseTooShort`, and `NameTaken` when somebody of another role
    has this name.
    """
    paper = recovery.pair_of(code)
    if session.get(RecoveryKey, paper.public) is None:
        raise DeadRecoveryKey("This recovery key does not belong to this service.")
    keys = keyring.collect(session, paper)
    person = _coordinator_named(session, name)
    pair = _begin_anew(session, keys, person.id, person)
    passphrases.choose(person, pair.private, passphrase, cost)
    audit.note(session, person.id, "recovered", f"person:{person.id}")
    return rotation.reprint(session, keys, person.id, now.date())


def is_indispensable(session: Session, person: Person) -> bool:
    """Say whether she is the only coordinator who can come in."""
    others = select(func.count()).where(
        Person.role == COORDINATOR,
        Person.left.is_(None),
        Person.box.is_not(None),
        Person.id != person.id,
    )
    return person.role == COORDINATOR and person.comes_in and not session.scalar(others)


def unfinished(session: Session, person: Person) -> int:
    """Return how many pieces of work somebody has begun and not handed in."""
    return len(_work_of(session, person))


def _keep_a_coordinator(session: Session, person: Person) -> None:
    # Two who send each other away at the same moment do so one after the other.
    session.execute(update(Person).where(Person.role == COORDINATOR).values(role=COORDINATOR))
    if is_indispensable(session, person):
        raise LastCoordinator


def _coordinator_named(session: Session, name: str) -> Person:
    person = people.named(session, name)
    if person is None:
        person = Person(name=people.clean_name(name), role=COORDINATOR, public=b"")
        session.add(person)
        session.flush()
    elif person.role != COORDINATOR:
        raise NameTaken
    return person


def _begin_anew(session: Session, keys: Keys, by: int, person: Person) -> Pair:
    """Return a new pair for a person in place of her old one, with what `keys` open for her."""
    _lock_out(session, person)
    keyring.take_back(session, person.public)
    pair = vault.new_pair()
    person.public, person.left = pair.public, None
    granting.hand_on(session, keys, by, person, person.purposes)
    for work in _work_of(session, person):
        try:
            work.give_back(keys, pair.public)
        except Tampered:  # what somebody changed keeps nobody outside
            audit.note(session, by, "refused", work.thing)
    return pair


def _lock_out(session: Session, person: Person) -> None:
    for copy in _rows_of(session, person):
        if copy.is_handed_in:
            session.delete(copy)
    for model in (Invitation, Factor):
        session.execute(delete(model).where(model.person_id == person.id))
    person.salt = person.box = None
    person.passes = person.memory = 0
    presence.end_all(session, person.id)


def _work_of(session: Session, person: Person) -> list[Rescuable]:
    return [row for row in _rows_of(session, person) if not row.is_handed_in]


def _rows_of(session: Session, person: Person) -> list[Rescuable]:
    return [
        row
        for model in resealing.models(Rescuable)
        for row in session.scalars(select(model).where(model.person_id == person.id))
    ]
