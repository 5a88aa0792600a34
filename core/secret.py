"""The signing key of a deployment: made once, readable by the service alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

NAME = "signing-key"
_BYTES = 32


class OtherKey(ValueError):
    """The data folder has a signing key already, and it is another one."""


def read_or_make(data: Path) -> bytes:
    """Return the key in the data folder, which is made when it is not there."""
    file = data / NAME
    if not file.exists():
        _write(file, secrets.token_bytes(_BYTES))
    return file.read_bytes()


def keep(data: Path, key: bytes) -> bool:
    """Put a key into a data folder that has none; return whether it was not there before.

    Raises `OtherKey`.
    """
    file = data / NAME
    if not file.exists():
        _write(file, key)
        return True
    if file.read_bytes() != key:
        raise OtherKey
    return False


def _write(file: Path, key: bytes) -> None:
    # Whole or not at all: another process, or a power cut, must never find half a key.
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_suffix(f".{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(key)
        stream.flush()
        os.fsync(stream.fileno())
    with suppress(FileExistsError):
        os.link(draft, file)  # the first one stays
    draft.unlink()
