"""A backup put into an empty place: whole, and compared with the file, or not at all."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Column, Connection, Engine, Table, func, insert, select, text

from core import audit, backup, database, secret
from core.backup import BackupError, Contents
from core.settings import Settings

_USED = ("person", "response")  # with a row in one of these a place is somebody's
_READERS: Mapping[type, Callable[[Any], object]] = {
    bytes: b64decode,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


class Migrations(Protocol):
    """What is asked of the migrations, which live above."""

    def revisions(self) -> Sequence[str]:
        """Return every revision, the oldest first."""

    def upgrade(self, url: str, revision: str = "head") -> None:
        """Bring the database at `url` to the shape of a revision."""


def restore(settings: Settings, file: Path, migrations: Migrations) -> Contents:
    """Put a backup into the place that `settings` name; return what it held.

    Raises `BackupError` when the file is not whole or the place is not empty.
    """
    contents = backup.check(file)
    known = migrations.revisions()
    if contents.revision not in known:
        raise BackupError(f"{file} was written by a newer zugang. Install that one first.")
    with closing(database.connect(settings.database_url)) as opened:
        if database.is_there(settings.database_url):
            _refuse_used(opened.durable, known[known.index(contents.revision) + 1 :])
        with _undone_by_a_failure(settings, contents.signing_key):
            migrations.upgrade(settings.database_url, contents.revision)
            with opened.durable.begin() as connection:
                _fill(connection, file, contents)
    migrations.upgrade(settings.database_url)
    with closing(audit.connect(settings)) as opened, opened.transaction() as session:
        audit.note(session, audit.SERVICE, "recovered", "backup")
    return contents


def _refuse_used(engine: Engine, newer: Sequence[str]) -> None:
    with engine.connect() as connection:
        there = [name for name in _USED if engine.dialect.has_table(connection, name)]
        used = any(connection.scalar(text(f"SELECT 1 FROM {name} LIMIT 1")) for name in there)  # noqa: S608 - our own names
        if used or backup.revision_of(connection) in newer:
            raise BackupError("This place holds data. Restore into an empty one.")


@contextmanager
def _undone_by_a_failure(settings: Settings, signing_key: bytes) -> Iterator[None]:
    """Put the signing key in its place first: without it, what is restored would not be trusted.

    A failure leaves a new place as empty as it was; in one with tables, only their rows are undone.
    """
    is_new = not database.is_there(settings.database_url)
    try:
        key_is_new = secret.keep(settings.data, signing_key)
    except secret.OtherKey as error:
        raise BackupError(
            "The data folder has another signing key. Choose an empty one."
        ) from error
    try:
        yield
    except BaseException:
        if key_is_new:
            (settings.data / secret.NAME).unlink()
        if is_new:
            database.remove(settings.database_url)
        raise


def _fill(connection: Connection, file: Path, contents: Contents) -> None:
    tables = backup.tables(connection)
    if tables.keys() != contents.rows.keys():
        raise BackupError("The tables of this place are not those of the backup.")
    for table in reversed(tables.values()):
        if connection.scalar(select(func.count()).select_from(table)):
            connection.execute(table.delete())  # what the migrations put there
    given = _insert(connection, tables, file)
    stored = {name: _sum(connection, table) for name, table in tables.items()}
    if given != stored:
        raise BackupError("The database did not store what the backup holds.")
    if connection.dialect.name == "postgresql":
        _count_on(connection, tables.values())


def _insert(connection: Connection, tables: Mapping[str, Table], file: Path) -> Mapping[str, int]:
    """Insert the rows of a backup; return a sum over those of each table, in whatever order."""
    sums = dict.fromkeys(tables, 0)
    table, columns = "", [""]
    waiting: list[Mapping[str, object]] = []
    for line in backup.lines(file):
        is_row = isinstance(line, list)
        if waiting and (not is_row or len(waiting) == backup.AT_ONCE):
            connection.execute(insert(tables[table]), waiting)
            waiting.clear()
        if is_row:
            row = dict(zip(columns, line, strict=True))
            sums[table] += _weight(row)
            waiting.append(_values(tables[table], row))
        elif "table" in line:
            table, columns = line["table"], line["columns"]
    return sums


def _values(table: Table, row: Mapping[str, Any]) -> Mapping[str, object]:
    """Return a row of a backup as the database takes it."""
    return {name: _value(table.columns[name], value) for name, value in row.items()}


def _value(column: Column[Any], written: Any) -> object:
    read = _READERS.get(column.type.python_type)
    return written if written is None or read is None else read(written)


def _sum(connection: Connection, table: Table) -> int:
    rows = connection.execute(select(table).execution_options(yield_per=backup.AT_ONCE))
    names = [column.name for column in table.columns]
    return sum(_weight(dict(zip(names, backup.plain(row), strict=True))) for row in rows)


def _weight(row: Mapping[str, Any]) -> int:
    return int.from_bytes(sha256(json.dumps(row, sort_keys=True).encode()).digest(), "big")


def _count_on(connection: Connection, tables: Iterable[Table]) -> None:
    """Let the numbers that PostgreSQL gives go on behind those that were restored."""
    for table in tables:
        name = connection.dialect.identifier_preparer.format_table(table)
        for column in table.primary_key.columns:
            if column.type.python_type is int and column.server_default is not None:
                sequence = func.pg_get_serial_sequence(name, column.name)
                last = select(func.max(column)).scalar_subquery()
                connection.execute(select(func.setval(sequence, last)).where(last > 0))
