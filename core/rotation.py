"""New key pairs for the service: nobody's private key is needed to make one."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, granting, keyring, recovery
from core.granting import PAPER
from core.keyring import PURPOSES, Keys, RecoveryKey, ServiceKey


def rotate(session: Session, by: int, purposes: Iterable[str], day: date) -> None:
    """Make a new key for each purpose, granted to everybody entitled today.

    What comes in from now on is sealed to it; the keys before still open what they sealed.
    """
    for purpose in sorted(purposes):
        holders = granting.entitled(session, purpose)
        row = keyring.make(session, purpose, (public for _, public in holders), day)
        audit.note(session, by, "rotated", f"key:{row.id}")
        for name, _ in holders:
            granting.note(session, by, row.id, name)


def complete(session: Session, day: date) -> None:
    """Make the keys that a service set up before does not have yet."""
    if keyring.established(session):
        there = set(session.scalars(select(ServiceKey.purpose).distinct()))
        rotate(session, audit.SERVICE, set(PURPOSES) - there, day)


def establish(session: Session, by: int, day: date) -> str:
    """Make every key of the service for the first time; return the recovery key to print."""
    code = recovery.new_code()
    session.add(RecoveryKey(public=recovery.pair_of(code).public, made=day))
    session.flush()
    rotate(session, by, PURPOSES, day)
    return code


def reprint(session: Session, keys: Keys, by: int, day: date) -> str:
    """Return a new recovery key to print; the one before opens nothing any more.

    It could be in strange hands, and a copy of the database from before in the same: so every
    key is rotated. Raises `NotGranted` when `keys` lack one.
    """
    code = recovery.new_code()
    public = recovery.pair_of(code).public
    for paper in session.scalars(select(RecoveryKey)):
        keyring.take_back(session, paper.public)
        session.delete(paper)
    session.add(RecoveryKey(public=public, made=day))
    session.flush()
    for key_id in keyring.pass_on(session, keys, PURPOSES, public):
        granting.note(session, by, key_id, PAPER)
    rotate(session, by, PURPOSES, day)
    return code
