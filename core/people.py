"""Staff: who they are, what they may do, how they come in and sign in."""

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from types import MappingProxyType

from sqlalchemy import DateTime, ForeignKey, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, keyring, recovery, vault
from core.database import Base
from core.keyring import Keys
from core.vault import Cost, Pair, Wrapped

COORDINATOR, COUNSELLOR = "coordinator", "counsellor"
INTERVIEWER, EVALUATOR = "interviewer", "evaluator"

PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        COORDINATOR: frozenset({"people"}),
        COUNSELLOR: frozenset({"referrals", "entering", "case-documentation"}),
        INTERVIEWER: frozenset({"entering", "interviews"}),
        EVALUATOR: frozenset({"results"}),
    }
)

INVITATION_HOURS = 48
PASSPHRASE_LENGTH = 12


class PassphraseTooShort(ValueError):
    """A passphrase must have at least `PASSPHRASE_LENGTH` signs."""


class NameTaken(ValueError):
    """Somebody else signs in with this name."""


class InvitationGone(LookupError):
    """The one-time link was used, has run out or never existed."""


class NotHers(LookupError):
    """There is no such thing, or it is somebody else's: she is not told which."""


class Person(Base):
    """A member of staff. `salt` … `box` wrap the private half of her own key pair."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    part: Mapped[str] = mapped_column(String(20), default="")
    public: Mapped[bytes] = mapped_column(LargeBinary(32))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    passes: Mapped[int] = mapped_column(default=0)
    memory: Mapped[int] = mapped_column(default=0)
    box: Mapped[bytes | None] = mapped_column(LargeBinary)

    @property
    def parts(self) -> frozenset[str]:
        """The parts of the county whose referrals she takes up."""
        if self.role != COUNSELLOR:
            return frozenset()
        own = keyring.PARTS if self.part == "both" else (self.part,)
        return frozenset((*own, keyring.COUNTY))

    def may(self, permission: str) -> bool:
        """Say whether her role includes `permission`."""
        return permission in PERMISSIONS[self.role]


class Invitation(Base):
    """A one-time link; its token alone opens `box`, the invited person's private key."""

    __tablename__ = "invitation"
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    box: Mapped[bytes] = mapped_column(LargeBinary)
    expires: Mapped[datetime] = mapped_column(DateTime)


@dataclass(frozen=True)
class SignedIn:
    """A person whose passphrase was right, with the keys it opened."""

    person: Person
    pair: Pair
    keys: Keys


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
    return _invitation(session, person, pair, now)


def invite(session: Session, by: SignedIn, name: str, role: str, part: str, now: datetime) -> str:
    """Return a one-time token for a new person who gets the keys of her role from `by`.

    Raises `NameTaken`, and `NotGranted` when `by` lacks a key to pass on.
    """
    name = clean_name(name)
    if not is_free(session, name):
        raise NameTaken
    pair = vault.new_pair()
    person = Person(name=name, role=role, part=part, public=pair.public)
    session.add(person)
    session.flush()
    keyring.pass_on(session, by.keys, _purposes(person), pair.public)
    audit.note(session, by.person.id, "invited", f"person:{person.id}")
    return _invitation(session, person, pair, now)


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
    `InvitationGone`, `PassphraseTooShort`, `NameTaken`.
    """
    invitation = _find(session, token, now)
    person = invited(session, token, now)
    if not is_free(session, name, person):
        raise NameTaken
    person.name = clean_name(name)
    private = vault.unlock(vault.derive(token.encode(), "open"), invitation.box, "invitation")
    _set_passphrase(person, private, passphrase, cost)
    _use_up(session, invitation)
    audit.note(session, person.id, "accepted", f"person:{person.id}")
    if person.role != COORDINATOR or keyring.established(session):
        return None
    code = recovery.new_code()
    keyring.establish(session, (person.public, recovery.pair_of(code).public))
    return code


def sign_in(session: Session, name: str, passphrase: str) -> SignedIn | None:
    """Return the person with her keys, or None; the time taken does not tell which was wrong."""
    person = session.scalar(select(Person).where(Person.name == clean_name(name)))
    known = person is not None and person.box is not None
    wrapped = _wrapped(person) if person is not None and known else _nobody()
    try:
        private = vault.unwrap(wrapped, _normal(passphrase))
    except vault.Tampered:
        return None
    if person is None or not known:
        return None
    return reopen(session, person, private)


def everyone(session: Session) -> list[Person]:
    """Return all staff by name."""
    return list(session.scalars(select(Person).order_by(Person.name)))


def is_free(session: Session, name: str, person: Person | None = None) -> bool:
    """Say whether nobody but `person` signs in with this name."""
    taken = session.scalar(select(Person).where(Person.name == clean_name(name)))
    return bool(clean_name(name)) and (taken is None or taken is person)


def reopen(session: Session, person: Person, private: bytes) -> SignedIn:
    """Return the person with every key her private half opens."""
    pair = Pair(person.public, private)
    return SignedIn(person, pair, keyring.collect(session, pair))


def is_long_enough(passphrase: str) -> bool:
    """Say whether a passphrase has the `PASSPHRASE_LENGTH` signs it needs."""
    return len(_normal(passphrase)) >= PASSPHRASE_LENGTH


def clean_name(name: str) -> str:
    """Return a sign-in name as it is stored and compared."""
    return " ".join(_normal(name).split())[:100]


def _purposes(person: Person) -> tuple[str, ...]:
    contacts = tuple(f"contact-{part}" for part in sorted(person.parts))
    return {
        COORDINATOR: (*keyring.CONTACTS, keyring.ANSWERS),
        COUNSELLOR: (*contacts, keyring.ANSWERS),
        EVALUATOR: (keyring.ANSWERS,),
    }.get(person.role, ())


def _invitation(session: Session, person: Person, pair: Pair, now: datetime) -> str:
    token = secrets.token_urlsafe(24)
    box = vault.lock(vault.derive(token.encode(), "open"), pair.private, "invitation")
    session.add(
        Invitation(
            id=_fingerprint(token),
            person_id=person.id,
            box=box,
            expires=now.replace(tzinfo=None) + timedelta(hours=INVITATION_HOURS),
        )
    )
    session.flush()
    return token


def _find(session: Session, token: str, now: datetime) -> Invitation:
    invitation = session.get(Invitation, _fingerprint(token))
    if invitation is None or invitation.expires < now.replace(tzinfo=None):
        raise InvitationGone
    return invitation


def _use_up(session: Session, invitation: Invitation) -> None:
    # Of two who use one link at the same moment, the one who finds it gone stays outside.
    used = delete(Invitation).where(Invitation.id == invitation.id).returning(Invitation.id)
    if session.scalar(used) is None:
        raise InvitationGone


def _set_passphrase(person: Person, private: bytes, passphrase: str, cost: Cost) -> None:
    if not is_long_enough(passphrase):
        raise PassphraseTooShort
    wrapped = vault.wrap(private, _normal(passphrase), cost)
    person.salt, person.box = wrapped.salt, wrapped.box
    person.passes, person.memory = cost.passes, cost.memory


def _wrapped(person: Person) -> Wrapped:
    return Wrapped(person.salt or b"", Cost(person.passes, person.memory), person.box or b"")


@cache
def _nobody() -> Wrapped:
    # An unknown name costs the same derivation as a known one.
    return Wrapped(secrets.token_bytes(16), vault.COST, secrets.token_bytes(96))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _fingerprint(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=32, person=b"invitation").digest()
