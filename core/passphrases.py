"""Passphrases: what one must be, choosing one, signing in with it."""

import secrets
import unicodedata
from functools import cache

from sqlalchemy.orm import Session

from core import people, vault
from core.people import Person, SignedIn
from core.vault import Cost, Wrapped

LENGTH = 12


class PassphraseTooShort(ValueError):
    """A passphrase must have at least `LENGTH` signs."""


def sign_in(session: Session, name: str, passphrase: str) -> SignedIn | None:
    """Return the person with her keys, or None; the time taken does not tell which was wrong."""
    person = people.named(session, name)
    wrapped = person.wrapped if person is not None and person.left is None else None
    try:
        private = vault.unwrap(wrapped or _nobody(), _normal(passphrase))
    except vault.Tampered:
        return None
    if person is None or wrapped is None:
        return None
    return people.reopen(session, person, private)


def choose(person: Person, private: bytes, passphrase: str, cost: Cost = vault.COST) -> None:
    """Wrap the private half under a new passphrase; raise `PassphraseTooShort`."""
    if not is_long_enough(passphrase):
        raise PassphraseTooShort
    person.wrapped = vault.wrap(private, _normal(passphrase), cost)


def is_long_enough(passphrase: str) -> bool:
    """Say whether a passphrase has the `LENGTH` signs it needs."""
    return len(_normal(passphrase)) >= LENGTH


@cache
def _nobody() -> Wrapped:
    # An unknown name costs the same derivation as a known one.
    return Wrapped(secrets.token_bytes(16), vault.COST, secrets.token_bytes(96))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)
