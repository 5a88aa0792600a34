"""Sealing and opening with libsodium. Knows keys and bytes, no database and no people.

Sealed boxes are X25519 + XSalsa20-Poly1305 (libsodium `crypto_box_seal`), locked boxes are
XChaCha20-Poly1305 (IETF), passphrases go through Argon2id (RFC 9106).
"""

import hmac
from dataclasses import dataclass, field
from hashlib import blake2b

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id
from nacl.utils import random

KEY_BYTES = 32
_PADDING = 256  # bytes; hides how much somebody wrote, but for its rough size
_SEPARATOR = b"\x00"


class Tampered(ValueError):
    """The bytes were not sealed by this key for this place, or were changed since.

    `thing` is whose bytes they were, such as "response:ID"; nothing of their content.
    """

    def __init__(self, message: str, place: str = "") -> None:
        """Say what does not fit, of what was to be opened for `place`."""
        super().__init__(message)
        self.thing = ":".join(place.split(":")[:2])


@dataclass(frozen=True)
class Pair:
    """An X25519 key pair, 32 bytes each."""

    public: bytes
    private: bytes = field(repr=False)


@dataclass(frozen=True)
class Cost:
    """What one Argon2id derivation costs: passes over `memory` bytes."""

    passes: int
    memory: int


COST = Cost(passes=5, memory=128 * 1024 * 1024)


@dataclass(frozen=True)
class Wrapped:
    """A secret locked under a passphrase, with all that is needed to try one."""

    salt: bytes
    cost: Cost
    box: bytes


def new_pair() -> Pair:
    """Return a fresh random key pair."""
    return Pair(*bindings.crypto_box_keypair())


def pair_from(seed: bytes) -> Pair:
    """Return the key pair that belongs to a seed of 32 bytes."""
    return Pair(*bindings.crypto_box_seed_keypair(seed))


def public_of(private: bytes) -> bytes:
    """Return the public half that belongs to a private one."""
    return bindings.crypto_scalarmult_base(private)


def seal(public: bytes, payload: bytes, place: str) -> bytes:
    """Return `payload` sealed to `public`, bound to `place` (record, part, version).

    Who holds only the public half can seal, never open. The place travels inside the sealed
    bytes, so that a sealed part moved to another row does not open there.
    """
    inside = bindings.sodium_pad(place.encode() + _SEPARATOR + payload, _PADDING)
    return bindings.crypto_box_seal(inside, public)


def open_sealed(pair: Pair, sealed: bytes, place: str) -> bytes:
    """Return what was sealed for `place`, or raise `Tampered`."""
    bound, payload = _open(pair, sealed, place)
    if not hmac.compare_digest(bound, place.encode()):
        raise Tampered("A sealed part belongs to another record.", place)
    return payload


def open_below(pair: Pair, sealed: bytes, place: str) -> tuple[str, bytes]:
    """Return what was sealed for some place that begins with `place`: the rest of it, the payload.

    Raises `Tampered`. Who asks holds the rest against what it should be.
    """
    bound, payload = _open(pair, sealed, place)
    if not bound.startswith(place.encode()):
        raise Tampered("A sealed part belongs to another record.", place)
    return bound.decode().removeprefix(place), payload


def _open(pair: Pair, sealed: bytes, place: str) -> tuple[bytes, bytes]:
    try:
        inside = bindings.crypto_box_seal_open(sealed, pair.public, pair.private)
        bound, _, payload = bindings.sodium_unpad(inside, _PADDING).partition(_SEPARATOR)
    except (CryptoError, ValueError) as error:
        raise Tampered("A sealed part does not open with this key.", place) from error
    return bound, payload


def lock(key: bytes, payload: bytes, place: str) -> bytes:
    """Return `payload` locked under a key of 32 bytes, bound to `place`."""
    nonce = random(bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
        payload, place.encode(), nonce, key
    )


def unlock(key: bytes, locked: bytes, place: str) -> bytes:
    """Return what was locked for `place`, or raise `Tampered`."""
    size = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            locked[size:], place.encode(), locked[:size], key
        )
    except (CryptoError, ValueError) as error:  # ValueError: too short to be a box
        raise Tampered("A locked box does not open with this key.", place) from error


def derive(secret: bytes, purpose: str) -> bytes:
    """Return a key of 32 bytes that `secret` (random, not a passphrase) gives for `purpose`."""
    return blake2b(purpose.encode(), key=secret, digest_size=KEY_BYTES).digest()


def wrap(secret: bytes, passphrase: str, cost: Cost = COST) -> Wrapped:
    """Return `secret` locked under `passphrase`."""
    salt = random(argon2id.SALTBYTES)
    return Wrapped(salt, cost, lock(stretch(passphrase, salt, cost), secret, "passphrase"))


def unwrap(wrapped: Wrapped, passphrase: str) -> bytes:
    """Return the secret, or raise `Tampered` when the passphrase is another one."""
    return unlock(stretch(passphrase, wrapped.salt, wrapped.cost), wrapped.box, "passphrase")


def stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """Return the key of 32 bytes that `passphrase` gives, slowly; of `salt`, 16 bytes count."""
    salt = salt[: argon2id.SALTBYTES]
    return argon2id.kdf(
        KEY_BYTES, passphrase.encode(), salt, opslimit=cost.passes, memlimit=cost.memory
    )
