"""Backups: everything in the database as one file of lines, as it is at one moment.

The first line says what the file is and carries the signing key, which belongs to the audit. Then
come the tables, each a line with its columns and a line a row: JSON, bytes as Base64, days and
times as ISO 8601. The last line holds the SHA-256 of all bytes before it. What is sealed stays so.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, MetaData, Table, select, text

FORMAT = "zugang-backup-1"
SHAPE = "alembic_version"
# What belongs to browsers and to today: nobody stays signed in through a restore.
LEFT_OUT = frozenset({SHAPE, "web_session", "presence", "attempt", "throttle_key"})
AT_ONCE = 8  # rows; one may have 12 MB
_SITTING = 24 * 60 * 60  # seconds; a file that runs out sooner belongs to an unfinished referral
_HEAD = 1000  # bytes that the first line has at most


class BackupError(ValueError):
    """A backup cannot be made or used; the message says why and what to do."""


@dataclass(frozen=True)
class Contents:
    """What a backup holds: when it was made, which shape the tables have, how many rows each."""

    made: datetime
    revision: str
    signing_key: bytes
    rows: Mapping[str, int]


def write(engine: Engine, signing_key: bytes, file: Path, now: datetime) -> Contents:
    """Write the whole database to a new file; it appears once it is whole and on the disk.

    Raises `BackupError` when the file is there already or there is nothing to back up.
    """
    if file.exists():
        raise BackupError(f"{file} is there already. Choose another name.")
    with _snapshot(engine) as connection:
        revision = revision_of(connection)
        if revision is None:
            raise BackupError("There is nothing to back up in this place.")
        with _appearing(file) as stream:
            rows = _write(connection, stream, revision, signing_key, now.astimezone(UTC))
    return Contents(now, revision, signing_key, rows)


def check(file: Path) -> Contents:
    """Return what a backup holds once every byte of it was found right; raise `BackupError`."""
    _verify(file)
    head: dict[str, str] = {}
    rows: dict[str, int] = {}
    for line in lines(file):
        if isinstance(line, list):
            rows[next(reversed(rows))] += 1
        elif "table" in line:
            rows[line["table"]] = 0
        elif "format" in line:
            head = line
    made, key = datetime.fromisoformat(head["made"]), b64decode(head["signing_key"])
    return Contents(made, head["revision"], key, rows)


def lines(file: Path) -> Iterator[Any]:
    """Yield what stands in a backup: its head, each table followed by its rows, its end."""
    with file.open("rb") as stream:
        yield from map(json.loads, stream)


def tables(connection: Connection) -> dict[str, Table]:
    """Return the tables that a backup holds, those that others refer to first."""
    shape = MetaData()
    shape.reflect(connection)
    return {table.name: table for table in shape.sorted_tables if table.name not in LEFT_OUT}


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the migrations that the tables have, None before there are any."""
    if not connection.dialect.has_table(connection, SHAPE):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def plain(row: Any) -> list[Any]:
    """Return a row as it is written."""
    return [_plain(value) for value in row]


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _write(
    connection: Connection, stream: BinaryIO, revision: str, signing_key: bytes, made: datetime
) -> Mapping[str, int]:
    digest, rows = sha256(), {}

    def put(line: object) -> None:
        written = _line(line)
        digest.update(written)
        stream.write(written)

    head = {"format": FORMAT, "made": made.isoformat(), "revision": revision}
    put(head | {"signing_key": _plain(signing_key)})
    for name, table in tables(connection).items():
        put({"table": name, "columns": [column.name for column in table.columns]})
        rows[name] = 0
        for row in _rows(connection, table, made):
            put(plain(row))
            rows[name] += 1
    stream.write(_end(digest.hexdigest()))
    return rows


def _rows(connection: Connection, table: Table, made: datetime) -> Iterator[Any]:
    query = select(table).execution_options(yield_per=AT_ONCE)
    if table.name == "upload":
        query = query.where(table.c.expires > made.timestamp() + _SITTING)
    return iter(connection.execute(query))


def _line(line: object) -> bytes:
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def _end(digest: str) -> bytes:
    return _line({"sha256": digest})


def _verify(file: Path) -> None:
    digest = sha256()
    with file.open("rb") as stream:
        _refuse_foreign(file, stream.peek(_HEAD)[:_HEAD])
        for line in stream:
            if line == _end(digest.hexdigest()) and not stream.peek(1):
                return
            digest.update(line)
    raise BackupError(f"{file} is damaged or not whole. Take another backup.")


def _refuse_foreign(file: Path, start: bytes) -> None:
    if start.startswith(_line({"format": FORMAT})[:-2]):
        return
    if start.startswith(b'{"format":"zugang-backup-'):
        raise BackupError(f"{file} was written by a newer zugang. Install that one first.")
    raise BackupError(f"{file} is no backup of zugang, or its beginning is damaged.")


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees the database as it is now, whatever others write meanwhile."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # of itself it would begin with the first write
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        yield connection


@contextmanager
def _appearing(file: Path) -> Iterator[BinaryIO]:
    """Yield a stream whose bytes stand in `file` once all of them are on the disk."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)  # of one that was interrupted
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(file.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # so that the name survives a power cut too
    finally:
        os.close(folder)
