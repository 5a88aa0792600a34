"""A chain of lines under a key: each digest covers the line and the digest before it.

Pure: knows neither the database nor what the lines are about. Digests are BLAKE2b with a key,
32 bytes each.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Self

_BYTES = 32
START = bytes(_BYTES)  # before the first line
_DIGITS = 20  # of a digest in hexadecimal: nobody finds another chain that begins like this
_FEWEST = 16
CHANGED, MISSING, ADDED, END, OTHER = "changed", "missing", "added", "end", "other"


@dataclass(frozen=True)
class Line:
    """What a line says. `number` counts from 1."""

    number: int
    at: datetime
    person_id: int
    deed: str
    thing: str


@dataclass(frozen=True)
class End:
    """How many lines a chain has and how the last digest begins: worth writing down elsewhere."""

    count: int
    digest: str

    def __str__(self) -> str:
        """Return it as it is written down."""
        return f"{self.count}:{self.digest}"

    @classmethod
    def of(cls, count: int, digest: bytes) -> Self:
        """Return the end of a chain with this last digest."""
        return cls(count, digest.hex()[:_DIGITS])

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what was written down; raise `ValueError`."""
        count, _, digest = text.strip().lower().partition(":")
        if not count.isdecimal() or not int(count) or len(digest) < _FEWEST:
            raise ValueError("An end looks like 57:0123456789abcdef0123.")
        return cls(int(count), digest)

    def is_other(self, number: int, digest: bytes) -> bool:
        """Say whether the line of this number is the last one, but not as it was."""
        return number == self.count and not digest.hex().startswith(self.digest)


@dataclass(frozen=True)
class Finding:
    """What is wrong with the lines from `first` to `last`."""

    kind: str
    first: int
    last: int


def link(key: bytes, before: bytes, line: Line) -> bytes:
    """Return the digest of a line that follows on the digest `before`."""
    plain = [line.number, line.at.isoformat(), line.person_id, line.deed, line.thing]
    content = before + json.dumps(plain).encode()
    return blake2b(content, key=key, digest_size=_BYTES, person=b"line").digest()


def seal(key: bytes, count: int, digest: bytes) -> bytes:
    """Return a digest over the end of a chain.

    Not the last line's own: any line could then pass for the last once those behind it are gone.
    """
    content = digest + str(count).encode()
    return blake2b(content, key=key, digest_size=_BYTES, person=b"head").digest()


class Check:
    """One way along a chain; what is wrong is in `findings`."""

    def __init__(self, key: bytes, beginning: bytes, noted: End | None = None) -> None:
        """Begin at the digest `beginning`; pass the end that somebody `noted` down."""
        self._key = key
        self._before: tuple[bytes, ...] = (beginning,)
        self._noted = noted
        self._number = 0
        self._found: list[Finding] = []

    def take(self, line: Line, digest: bytes) -> None:
        """Take the next line as it is stored."""
        due = [link(self._key, before, line) for before in self._before]
        self._before = (digest,)
        if line.number > self._number + 1:
            self._find(MISSING, self._number + 1, line.number - 1)
        elif digest not in due:
            self._find(CHANGED, line.number)
            # The line or its digest may be the changed one: the next is right by either.
            self._before = (digest, due[-1])
        self._number = line.number
        if self._noted is not None and self._noted.is_other(line.number, digest):
            self._find(OTHER, line.number)

    def close(self, count: int, sealed: bytes) -> tuple[Finding, ...]:
        """Return what is wrong, given how many lines the head counts and its digest."""
        number = self._number
        if number < count:
            self._find(MISSING, number + 1, count)
        elif number > count:
            self._find(ADDED, count + 1, number)
        elif count and sealed not in [seal(self._key, count, before) for before in self._before]:
            self._find(END, count)
        if self._noted is not None and self._noted.count > number:
            self._find(OTHER, number + 1, self._noted.count)
        return tuple(_joined(self._found))

    def _find(self, kind: str, first: int, last: int = 0) -> None:
        self._found.append(Finding(kind, first, last or first))


def _joined(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings of one kind on neighbouring lines as one."""
    held: Finding | None = None
    for one in findings:
        if held is not None and (held.kind, held.last + 1) == (one.kind, one.first):
            held = Finding(held.kind, held.first, one.last)
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held
