"""Engine, session, naming convention: SQLite by default, PostgreSQL by URL."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Dialect, Engine, MetaData, create_engine, event, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Every statement stands alone, so a connection goes back to the pool with nothing to undo.
_AUTOCOMMIT: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}


class Base(DeclarativeBase):
    """Parent of every stored thing."""

    metadata = MetaData(naming_convention=NAMING)


@dataclass(frozen=True)
class Database:
    """Two ways into one database: commits that must survive a power cut, and commits that may not.

    `durable` is for everything that somebody was told is saved. `relaxed` is for half-finished
    pages only: it saves the wait for the disk, and a power cut may cost the last page typed.
    """

    durable: Engine
    relaxed: Engine

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a durable session, committed when the block ends without an error."""
        with Session(self.durable, expire_on_commit=False) as session, session.begin():
            yield session

    def scrub(self, tables: Iterable[str]) -> None:
        """Let no file keep what was deleted from these tables; raise DBAPIError if that must wait.

        SQLite has overwritten it, but for its write-ahead log; PostgreSQL writes the tables anew.
        """
        with self.relaxed.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                return
            connection.exec_driver_sql("SET lock_timeout = '5s'")  # a backup may be reading
            try:
                for table in tables:
                    connection.exec_driver_sql(f'VACUUM (FULL) "{table}"')
            finally:
                connection.exec_driver_sql("RESET lock_timeout")

    def close(self) -> None:
        """Close every connection that waits for its next use."""
        self.durable.dispose()
        self.relaxed.dispose()


def inserting(kind: str, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT for a kind of database that can say what to do with a key that is there."""
    return sqlite.insert(model) if kind == "sqlite" else postgresql.insert(model)


def insert_once(session: Session, model: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is there already, also when two do so at the same moment.

    Return whether this was the one that did.
    """
    kind = session.get_bind().dialect.name
    row = inserting(kind, model).values(**values).on_conflict_do_nothing()
    return session.scalar(row.returning(literal(1))) is not None


class Prepared:
    """A small statement run often: its SQL is made once for each kind of database.

    For a statement that takes the database a few microseconds, SQLAlchemy's own search for what it
    compiled before, and the book-keeping of its connections, cost more than running it.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._made: dict[str, tuple[str, Sequence[str] | None]] = {}

    def run(self, engine: Engine, **values: object) -> list[tuple[Any, ...]]:
        """Run it on its own with its parameters by name; return the rows it gives, if any.

        Raises DBAPIError, as every other way to the database does.
        """
        sql, names = self._sql(engine.dialect)
        given = values if names is None else tuple(values[name] for name in names)
        failure = cast("type[Exception]", engine.dialect.loaded_dbapi.Error)
        try:
            with closing(engine.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute(sql, given)
                return list(cursor.fetchall()) if cursor.description else []
        except failure as error:
            raise DBAPIError.instance(  # hidden: an error must never carry what somebody wrote
                sql, None, error, failure, hide_parameters=True, dialect=engine.dialect
            ) from error

    def _sql(self, dialect: Dialect) -> tuple[str, Sequence[str] | None]:
        """Return the statement for a kind of database, and its parameters if they go by place."""
        made = self._made.get(dialect.name)
        if made is None:
            compiled = cast("SQLCompiler", self._statement.compile(dialect=dialect))
            made = self._made[dialect.name] = (compiled.string, compiled.positiontup)
        return made


def connect(url: str, audit_key: bytes = b"") -> Database:
    """Return the database at `url`; nothing is opened before it is needed.

    Without the key of the audit nothing can be noted there: see `core.audit.connect`.
    """
    if make_url(url).get_backend_name() == "sqlite":
        durable = _sqlite(url, "FULL")
        relaxed = _sqlite(url, "NORMAL", autocommit=True)
    else:
        durable, relaxed = _postgresql(url)
    return Database(durable.execution_options(audit_key=audit_key), relaxed)


def _postgresql(url: str) -> tuple[Engine, Engine]:
    durable = create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": "-c synchronous_commit=on"},  # whatever the server's default
    )
    relaxed = create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": "-c synchronous_commit=off"},
        **_AUTOCOMMIT,
    )
    return durable, relaxed


def is_there(url: str) -> bool:
    """Say whether there is a database at `url`; a SQLite file would come about by opening it."""
    file = file_of(url)
    return file is None or file.exists()


def remove(url: str) -> None:
    """Remove a SQLite database and what belongs to it; another server's stays."""
    file = file_of(url)
    if file is not None:
        for ending in ("", "-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)


def file_of(url: str) -> Path | None:
    """Return the file that a SQLite database lives in, None for another kind."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database:
        return None
    return Path(parts.database)


def _sqlite(url: str, synchronous: str, *, autocommit: bool = False) -> Engine:
    # hide_parameters: an error text must never carry what somebody wrote.
    options: dict[str, Any] = _AUTOCOMMIT if autocommit else {}
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 10}, **options)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "secure_delete=ON",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
