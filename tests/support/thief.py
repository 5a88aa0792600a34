"""A thief with a stolen copy: tries everything in it that could be a key, on everything sealed."""

import base64
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from nacl import bindings
from nacl.exceptions import CryptoError
from sqlalchemy import Engine, MetaData, select

from core import vault
from core.vault import Cost, Pair, Tampered, Wrapped

_KEY = vault.KEY_BYTES
_SMALL = 400  # bytes: a key hides in what is small, not in a sealed form


@dataclass
class Loot:
    """What was carried away: every row of the database, every file of the data folder."""

    tables: dict[str, list[dict[str, object]]]
    files: dict[str, bytes] = field(default_factory=dict)

    def column(self, table: str, name: str) -> list[bytes]:
        """Return the bytes in a column, without empty ones."""
        return [row[name] for row in self.tables[table] if row[name]]  # type: ignore[misc]

    def values(self) -> Iterator[bytes]:
        """Yield every value of every row, and every file, as bytes."""
        for rows in self.tables.values():
            for row in rows:
                for value in row.values():
                    yield value if isinstance(value, bytes) else str(value).encode()
        yield from self.files.values()


def steal(engine: Engine, *folders: Path) -> Loot:
    """Copy the database and the folders as whoever carries off the disk has them."""
    there = MetaData()
    there.reflect(engine)
    with engine.connect() as connection:
        tables = {
            name: [dict(row._mapping) for row in connection.execute(select(table))]
            for name, table in there.tables.items()
        }
    files = {
        str(file): file.read_bytes()
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file()
    }
    return Loot(tables, files)


class Thief:
    """Somebody who reads the source code, has all the time there is, and these copies."""

    def __init__(self, *loot: Loot, passphrases: Iterable[str] = ()) -> None:
        self.loot = loot
        self.passphrases = tuple(passphrases)
        self.pairs: dict[bytes, Pair] = {}  # by the public half
        self._search()

    def opens(self, sealed: bytes) -> bool:
        """Say whether one of the keys found opens a sealed part."""
        return any(self._opened(pair, sealed) is not None for pair in self.pairs.values())

    def _search(self) -> None:
        """Try every candidate; what opens gives further candidates, until there are no new ones."""
        tried: set[bytes] = set()
        publics = self._publics()
        waiting = [*self._candidates(), *self._under_passphrases()]
        while waiting:
            fresh = {one for one in waiting if len(one) == _KEY} - tried
            tried |= fresh
            found = [pair for pair in map(_pair, fresh) if pair.public in publics]
            self.pairs |= {pair.public: pair for pair in found}
            waiting = [inside for pair in found for inside in self._grants_of(pair)]
            waiting += self._unlocked(fresh)

    def _candidates(self) -> Iterator[bytes]:
        """Yield every stretch of 32 bytes, also of what is written in base64 or hexadecimal."""
        for value in {value for loot in self.loot for value in loot.values()}:
            if len(value) > _SMALL:
                continue
            for plain in (value, *_decoded(value)):
                yield from (plain[at : at + _KEY] for at in range(len(plain) - _KEY + 1))
                if 8 <= len(plain) <= 64:  # as a secret that keys are derived from
                    yield from (vault.derive(plain, purpose) for purpose in _PURPOSES)
                    yield vault.pair_from(vault.derive(plain, "recovery")).private

    def _under_passphrases(self) -> Iterator[bytes]:
        """Yield what the boxes of the staff hold, as far as a known passphrase opens them."""
        for loot in self.loot:
            for row in loot.tables["person"]:
                if not row["box"]:
                    continue
                cost = Cost(int(str(row["passes"])), int(str(row["memory"])))
                wrapped = Wrapped(row["salt"], cost, row["box"])  # type: ignore[arg-type]
                for passphrase in self.passphrases:
                    with suppress(Tampered):
                        yield vault.unwrap(wrapped, passphrase)

    def _publics(self) -> set[bytes]:
        tables = ("person", "service_key", "recovery_key")
        places = [(loot, table) for loot in self.loot for table in tables]
        return {key for loot, table in places for key in loot.column(table, "public")}

    def _grants_of(self, pair: Pair) -> Iterator[bytes]:
        for loot in self.loot:
            for sealed in loot.column("grant", "sealed"):
                inside = self._opened(pair, sealed)
                if inside is not None:
                    yield inside

    def _unlocked(self, keys: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what the links of the invited hold, if a key fits."""
        boxes = [box for loot in self.loot for box in loot.column("invitation", "box")]
        for box in boxes:
            for key in keys:
                with suppress(Tampered):
                    yield vault.unlock(key, box, "invitation")

    def _opened(self, pair: Pair, sealed: bytes) -> bytes | None:
        try:
            inside = bindings.crypto_box_seal_open(sealed, pair.public, pair.private)
        except CryptoError:
            return None
        return bindings.sodium_unpad(inside, vault._PADDING).partition(vault._SEPARATOR)[2]


_PURPOSES = ("open", "session key", "session id", "audit", "recovery", "passphrase")


def _pair(private: bytes) -> Pair:
    return Pair(bindings.crypto_scalarmult_base(private), private)


def _decoded(value: bytes) -> Iterator[bytes]:
    with suppress(ValueError):
        yield bytes.fromhex(value.decode())
    for alphabet in (b"+/", b"-_"):
        with suppress(ValueError):
            yield base64.b64decode(value, altchars=alphabet, validate=True)
