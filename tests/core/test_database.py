"""Two ways into one database, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, bindparam, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import migrations
from core import database
from core.audit import Entry
from core.database import Database, Prepared
from core.keyring import Grant, ServiceKey
from migrations.models import Base

DAY = date(2026, 11, 23)


@pytest.fixture
def opened(database_url: str) -> Iterator[Database]:
    migrations.upgrade(database_url)
    found = database.connect(database_url)
    yield found
    found.close()


def said(engine: Engine, question: str) -> object:
    with engine.connect() as connection:
        return connection.scalar(text(question))


def key(number: int, purpose: str = "answers") -> dict[str, object]:
    return {"id": number, "purpose": purpose, "public": b"p", "made": DAY}


def test_migrations__make_exactly_the_tables_of_the_models(opened: Database) -> None:
    with opened.durable.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_migrations__running_them_again_changes_nothing(
    opened: Database, database_url: str
) -> None:
    with opened.transaction() as session:
        session.add(ServiceKey(purpose="answers", public=b"p", made=DAY))
    migrations.upgrade(database_url)
    with Session(opened.durable) as session:
        assert session.scalar(select(func.count(ServiceKey.id))) == 1


def test_transaction__is_kept_when_the_block_ends(opened: Database) -> None:
    with opened.transaction() as session:
        session.add(ServiceKey(purpose="answers", public=b"p", made=DAY))
    with Session(opened.durable) as session:
        assert session.scalar(select(ServiceKey.purpose)) == "answers"


def test_transaction__leaves_nothing_when_the_block_fails(opened: Database) -> None:
    def fail() -> None:
        with opened.transaction() as session:
            session.add(ServiceKey(purpose="answers", public=b"p", made=DAY))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with Session(opened.durable) as session:
        assert session.scalar(select(ServiceKey.id)) is None


def test_connect__what_is_said_to_be_saved_survives_a_power_cut(sqlite_url: str) -> None:
    found = database.connect(sqlite_url)
    assert said(found.durable, "PRAGMA synchronous") == 2  # FULL
    assert said(found.relaxed, "PRAGMA synchronous") == 1  # NORMAL
    for engine in (found.durable, found.relaxed):
        assert said(engine, "PRAGMA journal_mode") == "wal"
        assert said(engine, "PRAGMA secure_delete") == 1
        assert said(engine, "PRAGMA temp_store") == 2  # nothing in the temporary folder
    found.close()


def test_connect__postgresql_waits_for_the_disk_where_it_must(postgres_url: str) -> None:
    found = database.connect(postgres_url)
    assert said(found.durable, "SHOW synchronous_commit") == "on"
    assert said(found.relaxed, "SHOW synchronous_commit") == "off"
    found.close()


def test_connect__a_row_without_its_parent_is_refused(opened: Database) -> None:
    with pytest.raises(IntegrityError), opened.transaction() as session:
        session.add(Grant(service_key_id=99, holder=b"h", sealed=b"s"))


def test_connect__the_text_of_an_error_holds_no_value(opened: Database) -> None:
    with pytest.raises(IntegrityError) as error, opened.transaction() as session:
        session.add(Grant(service_key_id=99, holder=b"h", sealed=b"zaunkoenig"))
    assert "zaunkoenig" not in str(error.value)


def test_connect__a_relaxed_write_is_seen_at_once(opened: Database) -> None:
    with opened.relaxed.connect() as writer:
        writer.execute(ServiceKey.__table__.insert().values(key(1)))
        assert said(opened.durable, "SELECT count(*) FROM service_key") == 1


def test_prepared__gives_its_rows_and_writes_at_once(opened: Database) -> None:
    keys = ServiceKey.__table__
    add = Prepared(insert(keys))
    find = Prepared(select(keys.c.purpose).where(keys.c.id == bindparam("wanted")))
    assert find.run(opened.relaxed, wanted=1) == []
    assert add.run(opened.relaxed, **key(1, "answers")) == []
    assert find.run(opened.relaxed, wanted=1) == [("answers",)]
    assert said(opened.durable, "SELECT count(*) FROM service_key") == 1


def test_prepared__an_error_is_one_of_sqlalchemy_and_holds_no_value(opened: Database) -> None:
    add = Prepared(insert(ServiceKey.__table__))
    with pytest.raises(IntegrityError) as error:
        add.run(opened.relaxed, id=1, purpose=None, public=b"zaunkoenig", made=DAY)
    assert "zaunkoenig" not in str(error.value)
    assert add.run(opened.relaxed, **key(1)) == []  # the connection is as good as new


def test_insert_once__the_first_one_stays(opened: Database) -> None:
    for purpose in ("first", "second"):
        with opened.transaction() as session:
            was_new = database.insert_once(session, ServiceKey, key(1, purpose))
            assert was_new is (purpose == "first")
    with Session(opened.durable) as session:
        assert session.scalars(select(ServiceKey.purpose)).all() == ["first"]


def test_insert_once__a_row_that_is_no_row_is_refused(opened: Database) -> None:
    with pytest.raises(IntegrityError), opened.transaction() as session:
        database.insert_once(session, ServiceKey, {"id": 1, "purpose": None, "public": b"p"})


def test_insert_once__two_at_the_same_moment_are_both_content(opened: Database) -> None:
    both_are_here = Barrier(2)

    def insert(number: int) -> None:
        with opened.transaction() as session:
            session.scalar(select(ServiceKey.id))
            both_are_here.wait()
            database.insert_once(session, ServiceKey, key(1, f"from {number}"))
            session.add(
                Entry(
                    at=text("CURRENT_TIMESTAMP"), person_id=number, deed="x", thing="y", digest=b""
                )
            )

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(insert, range(2))) == [None, None]
    assert said(opened.durable, "SELECT count(*) FROM service_key") == 1
    assert said(opened.durable, "SELECT count(*) FROM audit") == 2
