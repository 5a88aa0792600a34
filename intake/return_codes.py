"""The number with which a woman comes back: it looks like a phone number and opens her messages.

The number is shown once and stored nowhere. Argon2id (RFC 9106) makes a secret of it, and that
gives two values: what her referral is found by, and the key pair that our replies are sealed to.
Two numbers cannot be told apart before that, so there is one salt for all, from the signing key:
a stolen database alone lets nobody try. Who steals the signing key too has 10^11 numbers to try,
0.08 s and 64 MB each: some 270 years on one core for all of them, so with 200 women who may come
back more than one year until the first is found.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import database, vault
from core.vault import Cost, Pair
from intake.messages import ReturnCode

COST = Cost(passes=3, memory=64 * 1024 * 1024)
# In Germany 0199 is for the networks themselves: no telephone has such a number, so who finds it
# and calls reaches nobody.
_PREFIX = "0199"
_COUNTRY = ("0049", "49")
_DIGITS = 11  # 15 together, the most that a telephone number may have (ITU-T E.164)
_GROUPS = (4, 4, 4, 3)


@dataclass(frozen=True)
class Key:
    """What a number gives: the id of its row, and the pair that opens what is sealed to it."""

    id: bytes
    pair: Pair


def new() -> str:
    """Return a new random number, digits only."""
    return _PREFIX + "".join(secrets.choice("0123456789") for _ in range(_DIGITS))


def grouped(code: str) -> str:
    """Return a number as one writes it down: 0199 1234 5678 901."""
    groups, at = [], 0
    for size in _GROUPS:
        groups.append(code[at : at + size])
        at += size
    return " ".join(groups)


def typed(text: str) -> str:
    """Return the digits of what she typed, in whatever script and grouping; "" if it is no code.

    A phone may have put the country in front.
    """
    digits = "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())
    for country in _COUNTRY:
        if digits.startswith(country + _PREFIX[1:]):
            digits = f"0{digits.removeprefix(country)}"
    right = digits.startswith(_PREFIX) and len(digits) == len(_PREFIX) + _DIGITS
    return digits if right else ""


def key_of(code: str, signing_key: bytes) -> Key:
    """Return what a number gives; this is slow on purpose."""
    salt = vault.derive(signing_key[:64], "return codes")
    secret = vault.stretch(code, salt, COST)
    seed = vault.derive(secret, "return code pair")
    return Key(vault.derive(secret, "return code id"), vault.pair_from(seed))


def keep(session: Session, response_id: str, key: Key, day: date) -> None:
    """Let a number open a referral from now on; the same one twice is kept once."""
    row = {"id": key.id, "response_id": response_id, "public": key.pair.public, "made": day}
    database.insert_once(session, ReturnCode, row)


def response_of(session: Session, key: Key) -> str | None:
    """Return the id of the referral that a number opens, None when there is none."""
    return session.scalar(select(ReturnCode.response_id).where(ReturnCode.id == key.id))


def code_of(session: Session, response_id: str) -> ReturnCode | None:
    """Return what is kept of the number of a referral, None when she has none."""
    return session.scalar(select(ReturnCode).where(ReturnCode.response_id == response_id))
