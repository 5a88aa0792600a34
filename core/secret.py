"""The signing key of a deployment: made once, readable by the service alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

_BYTES = 32


def read_or_make(data: Path) -> bytes:
    """Return the key in the data folder, which is made when it is not there."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = data / "signing-key"
    if not file.exists():
        _make(file)
    return file.read_bytes()


def _make(file: Path) -> None:
    # Whole or not at all: another process, or a power cut, must never find half a key.
    draft = file.with_suffix(f".{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(secrets.token_bytes(_BYTES))
        stream.flush()
        os.fsync(stream.fileno())
    with suppress(FileExistsError):
        os.link(draft, file)  # the first one stays
    draft.unlink()
