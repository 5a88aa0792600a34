"""One-time links: how staff come in, and how the service is set up."""

import secrets
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, granting, keyring, passphrases, people, rotation, vault
from core.database import Base
from core.people import COORDINATOR, NameTaken, Person, SignedIn
from core.vault import Cost, Pair

HOURS = 48


class InvitationGone(LookupError):
    """The one-time link was used, has run out or never existed."""


class Invitation(Base):
    """A one-time link; its token alone opens `box`, the invited person's private key.

    `expires` is in seconds since 1970.
    """

    __tablename__ = "invitation"
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    box: Mapped[bytes] = mapped_column(LargeBinary)
    expires: Mapped[int] = mapped_column(BigInteger)


def invite_coordinator(session: Session, now: datetime) -> str | None:
    """Return a set-up token for the first coordinator, or None when the service is set up.

    Asking again makes the earlier link void.
    """
    if keyring.established(session):
        return None
    for stale in session.scalars(select(Invitation)):
        session.delete(stale)
    person = session.scalar(select(Person).where(Person.role == COORDINATOR))
    pair = vault.new_pair()
    if person is None:
        person = Person(name="", role=COORDINATOR, public=pair.public)
        session.add(person)
    person.public = pair.public
    session.flush()
    return link(session, person, pair, now)


def invite(session: Session, by: SignedIn, name: str, role: str, part: str, now: datetime) -> str:
    """Return a one-time token for a new person who gets the keys of her role from `by`.

    Raises `NameTaken`, and `NotGranted` when `by` lacks a key to pass on.
    """
    name = people.clean_name(name)
    if not people.is_free(session, name):
        raise NameTaken
    pair = vault.new_pair()
    person = Person(name=name, role=role, part=part, public=pair.public)
    session.add(person)
    session.flush()
    audit.note(session, by.person.id, "invited", f"person:{person.id}")
    granting.hand_on(session, by.keys, by.person.id, person, person.purposes)
    return link(session, person, pair, now)


def link(session: Session, person: Person, pair: Pair, now: datetime) -> str:
    """Return a one-time token that hands a key pair to a person."""
    token = secrets.token_urlsafe(24)
    box = vault.lock(_key(token), pair.private, "invitation")
    expires = int((now + timedelta(hours=HOURS)).timestamp())
    session.add(Invitation(id=_id(token), person_id=person.id, box=box, expires=expires))
    session.flush()
    return token


def invited(session: Session, token: str, now: datetime) -> Person:
    """Return whom a token invites, or raise `InvitationGone`."""
    person = session.get(Person, _find(session, token, now).person_id)
    if person is None:
        raise InvitationGone
    return person


def accept(
    session: Session,
    token: str,
    name: str,
    passphrase: str,
    now: datetime,
    cost: Cost = vault.COST,
) -> str | None:
    """Let the invited person in: her passphrase takes the place of the link.

    Returns the recovery key to print when this sets up the service, else None. Raises
    `InvitationGone`, `PassphraseTooEasy`, `NameTaken`.
    """
    invitation = _find(session, token, now)
    person = invited(session, token, now)
    if not people.is_free(session, name, person):
        raise NameTaken
    person.name = people.clean_name(name)
    private = vault.unlock(_key(token), invitation.box, "invitation")
    passphrases.choose(person, private, passphrase, cost)
    _use_up(session, invitation)
    audit.note(session, person.id, "accepted", f"person:{person.id}")
    if person.role != COORDINATOR or keyring.established(session):
        return None
    return rotation.establish(session, person.id, now.date())


def _find(session: Session, token: str, now: datetime) -> Invitation:
    invitation = session.get(Invitation, _id(token))
    if invitation is None or invitation.expires < now.timestamp():
        raise InvitationGone
    return invitation


def _use_up(session: Session, invitation: Invitation) -> None:
    # Of two who use one link at the same moment, the one who finds it gone stays outside.
    used = delete(Invitation).where(Invitation.id == invitation.id).returning(Invitation.id)
    if session.scalar(used) is None:
        raise InvitationGone


def _key(token: str) -> bytes:
    return vault.derive(token.encode(), "open")


def _id(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=32, person=b"invitation").digest()
