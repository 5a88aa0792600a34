"""The recovery key: 18 words, printed once, that open everything when all else is lost.

Sixteen of the words are 16 random bytes, a word for each; two are a checksum. It finds every
single wrong word and every two neighbours that changed places.
"""

import base64
import re
from binascii import crc_hqx
from functools import cache
from hashlib import blake2b
from pathlib import Path

from nacl.utils import random

from core import vault
from core.vault import Pair

WORDS = 18
_SEED_BYTES = 16
_TELLING = 4  # letters; no two words of the list begin with the same four
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_OLD_SIGNS = 56  # keys printed before were 32 bytes and a checksum in base32


class NotARecoveryKey(ValueError):
    """What was typed is no recovery key: the number of its words is wrong, or one of them."""


class UnknownWord(NotARecoveryKey):
    """The word at `position`, counted from one, is not in the list."""

    def __init__(self, position: int) -> None:
        super().__init__(f"Word {position} is not in the list.")
        self.position = position


class WrongLength(NotARecoveryKey):
    """A recovery key has `WORDS` words, not `count`."""

    def __init__(self, count: int) -> None:
        super().__init__(f"These are {count} words, not {WORDS}.")
        self.count = count


def new_code() -> str:
    """Return a fresh recovery key as words with blanks between them."""
    seed = random(_SEED_BYTES)
    return " ".join(_words()[byte] for byte in seed + _checksum(seed))


def pair_of(code: str) -> Pair:
    """Return the key pair that a printed recovery key stands for; raise `NotARecoveryKey`.

    Small letters, numbers and signs between the words do no harm; of each word the first four
    letters are enough.
    """
    old = _old_seed(code)
    if old is not None:
        return vault.pair_from(old)
    raw = bytes(_bytes_of(re.findall(r"[^\W\d_]+", code)))
    if len(raw) != WORDS:
        raise WrongLength(len(raw))
    seed, checksum = raw[:_SEED_BYTES], raw[_SEED_BYTES:]
    if checksum != _checksum(seed):
        raise NotARecoveryKey("A word of the recovery key is another one, or in another place.")
    return vault.pair_from(vault.derive(seed, "recovery"))


def _bytes_of(typed: list[str]) -> list[int]:
    known = {word[:_TELLING].lower(): byte for byte, word in enumerate(_words())}
    found = []
    for position, word in enumerate(typed, 1):
        byte = known.get(word.casefold().translate(_FOLDED)[:_TELLING])
        if byte is None:
            raise UnknownWord(position)
        found.append(byte)
    return found


@cache
def _words() -> tuple[str, ...]:
    file = Path(__file__).with_name("recovery_words.txt")
    return tuple(file.read_text(encoding="utf-8").split())


def _checksum(seed: bytes) -> bytes:
    return crc_hqx(seed, 0xFFFF).to_bytes(2, "big")


def _old_seed(code: str) -> bytes | None:
    text = "".join(sign for sign in code.upper() if sign.isalnum())
    if len(text) != _OLD_SIGNS:
        return None
    try:
        raw = base64.b32decode(text)
    except ValueError:  # 18 words can have as many letters, and some of these are no base32
        return None
    seed, checksum = raw[: vault.KEY_BYTES], raw[vault.KEY_BYTES :]
    return seed if blake2b(seed, digest_size=3).digest() == checksum else None
