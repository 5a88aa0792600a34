"""The recovery key: 32 random bytes, printed once, that open everything when all else is lost."""

import base64
from hashlib import blake2b

from nacl.utils import random

from core import vault
from core.vault import Pair

_GROUP = 4


class NotARecoveryKey(ValueError):
    """What was typed is not a recovery key: a sign is missing, wrong or in the wrong place."""


def new_code() -> str:
    """Return a fresh recovery key as groups of four letters and digits, checksum included."""
    seed = random(vault.KEY_BYTES)
    text = base64.b32encode(seed + _checksum(seed)).decode().rstrip("=")
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def pair_of(code: str) -> Pair:
    """Return the key pair that a printed recovery key stands for; raise `NotARecoveryKey`."""
    text = "".join(sign for sign in code.upper() if sign.isalnum())
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError as error:
        raise NotARecoveryKey("This is not a recovery key.") from error
    seed = raw[: vault.KEY_BYTES]
    if len(seed) != vault.KEY_BYTES or raw[vault.KEY_BYTES :] != _checksum(seed):
        raise NotARecoveryKey("A letter or digit of the recovery key is wrong.")
    return vault.pair_from(seed)


def _checksum(seed: bytes) -> bytes:
    return blake2b(seed, digest_size=3).digest()
