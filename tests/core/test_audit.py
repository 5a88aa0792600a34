"""Who did what, and when: lines that are only ever added, in a chain that shows every change."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from threading import Barrier

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import migrations
from core import audit, database
from core.audit import Entry, Head, NoAuditKey
from core.chain import ADDED, CHANGED, END, MISSING, OTHER, Finding
from core.database import Database
from tests.support.house import House

KEY = b"k" * 32


@pytest.fixture
def opened(database_url: str) -> Iterator[Database]:
    """A database of either kind, whose audit has five lines."""
    migrations.upgrade(database_url)
    found = database.connect(database_url, KEY)
    for number in range(1, 6):
        with found.transaction() as session:
            audit.note(session, 7, "opened", f"response:{number}")
    yield found
    found.close()


def tamper(opened: Database, *statements: str) -> None:
    """Change the database as its owner can, who takes the triggers away first."""
    with opened.durable.begin() as connection:
        if connection.dialect.name == "sqlite":
            for trigger in ("audit_no_update", "audit_no_delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        else:
            connection.execute(text("DROP TRIGGER IF EXISTS audit_stays ON audit"))
        for statement in statements:
            connection.execute(text(statement))


def found(opened: Database) -> tuple[Finding, ...]:
    with Session(opened.durable) as session:
        return audit.verify(session)


def things(opened: Database) -> list[str]:
    with Session(opened.durable) as session:
        return list(session.scalars(select(Entry.thing).order_by(Entry.id)))


def test_note__is_kept_with_the_deed(either_house: House) -> None:
    with either_house.database.transaction() as session:
        audit.note(session, 7, "opened", "response:1")
    with Session(either_house.database.durable) as session:
        entry = session.scalars(select(Entry).order_by(Entry.id.desc())).first()
        assert entry is not None
        assert (entry.person_id, entry.deed, entry.thing) == (7, "opened", "response:1")
        age = datetime.now(UTC).replace(tzinfo=None) - entry.at
        assert -1 <= age.total_seconds() < 60
        assert audit.verify(session) == ()


def test_note__goes_with_a_deed_that_failed(opened: Database) -> None:
    with Session(opened.durable) as session:
        audit.note(session, 7, "opened", "response:6")
        session.rollback()
        audit.note(session, 7, "opened", "response:7")
        session.commit()
        session.commit()
    assert things(opened)[5:] == ["response:7"]
    assert found(opened) == ()


def test_note__within_a_savepoint_waits_for_the_end(opened: Database) -> None:
    with opened.transaction() as session:
        audit.note(session, 7, "opened", "response:6")
        with session.begin_nested():
            audit.note(session, 7, "opened", "response:7")
        audit.note(session, 7, "opened", "response:8")
    assert things(opened)[5:] == ["response:6", "response:7", "response:8"]
    assert found(opened) == ()


def test_note__many_at_the_same_moment_make_one_chain(opened: Database) -> None:
    everybody_is_here = Barrier(4)

    def work(person: int) -> None:
        everybody_is_here.wait()
        for number in range(10):
            with opened.transaction() as session:
                audit.note(session, person, "changed", f"draft:{number}")
                audit.note(session, person, "submitted", f"draft:{number}")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(1, 5))) == [None] * 4
    assert found(opened) == ()
    with Session(opened.durable) as session:
        assert audit.end(session).count == 85


def test_note__the_first_lines_of_all_at_the_same_moment_make_one_chain(database_url: str) -> None:
    migrations.upgrade(database_url)
    everybody_is_here = Barrier(4)
    with closing(database.connect(database_url, KEY)) as opened:

        def work(person: int) -> None:
            with opened.transaction() as session:
                session.execute(select(Head)).all()
                audit.note(session, person, "opened", "response:1")
                everybody_is_here.wait()

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(work, range(1, 5))) == [None] * 4
        assert found(opened) == ()
        assert len(things(opened)) == 4


def test_note__two_who_change_the_same_row_and_note_it_never_wait_in_a_circle(
    opened: Database,
) -> None:
    tamper(opened, "CREATE TABLE thing (id INTEGER)", "INSERT INTO thing VALUES (0)")

    def work(person: int) -> None:
        for number in range(10):
            with opened.transaction() as session:
                if person == 1:
                    audit.note(session, person, "changed", f"thing:{number}")
                session.execute(text("UPDATE thing SET id = id + 1"))
                if person == 2:
                    audit.note(session, person, "changed", f"thing:{number}")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, (1, 2))) == [None] * 2
    assert found(opened) == ()


def test_note__without_the_key_of_the_audit_nothing_is_written(
    opened: Database, database_url: str
) -> None:
    with closing(database.connect(database_url)) as other:
        with pytest.raises(NoAuditKey), other.transaction() as session:
            audit.note(session, 7, "opened", "response:6")
        with pytest.raises(NoAuditKey), Session(other.durable) as session:
            audit.verify(session)
    assert len(things(opened)) == 5


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET person_id = 8", "DELETE FROM audit", "DELETE FROM audit WHERE id = 3"],
)
def test_lines__the_database_lets_nobody_change_or_delete_one(
    opened: Database, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="stay as they are"), opened.transaction() as session:
        session.execute(text(statement))
    assert found(opened) == ()


def test_lines__postgresql_lets_nobody_empty_the_table(postgres_url: str) -> None:
    migrations.upgrade(postgres_url)
    with (
        closing(database.connect(postgres_url)) as opened,
        pytest.raises(DBAPIError, match="stay as they are"),
        opened.transaction() as session,
    ):
        session.execute(text("TRUNCATE audit"))


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE audit SET person_id = 8 WHERE id = 3", Finding(CHANGED, 3, 3)),
        ("UPDATE audit SET digest = NULL_DIGEST WHERE id = 3", Finding(CHANGED, 3, 3)),
        ("DELETE FROM audit WHERE id = 3", Finding(MISSING, 3, 3)),
        ("DELETE FROM audit WHERE id < 3", Finding(MISSING, 1, 2)),
        ("DELETE FROM audit WHERE id > 3", Finding(MISSING, 4, 5)),
        ("DELETE FROM audit", Finding(MISSING, 1, 5)),
        ("UPDATE audit_head SET count = 4", Finding(ADDED, 5, 5)),
        ("UPDATE audit_head SET digest = NULL_DIGEST", Finding(END, 5, 5)),
        ("DELETE FROM audit_head", Finding(ADDED, 1, 5)),
        (
            "INSERT INTO audit SELECT 6, at, person_id, deed, thing, digest FROM audit WHERE id=5",
            Finding(CHANGED, 6, 6),
        ),
        (
            "INSERT INTO audit SELECT 0, at, person_id, deed, thing, digest FROM audit WHERE id=5",
            Finding(CHANGED, 1, 1),
        ),
    ],
)
def test_verify__names_what_was_done(opened: Database, statement: str, finding: Finding) -> None:
    nothing = "x''" if opened.durable.dialect.name == "sqlite" else "''::bytea"
    tamper(opened, statement.replace("NULL_DIGEST", nothing))
    assert found(opened)[0] == finding


def test_verify__a_line_added_after_the_harm_hides_nothing(opened: Database) -> None:
    tamper(opened, "DELETE FROM audit WHERE id > 3")
    with opened.transaction() as session:
        audit.note(session, 7, "opened", "response:9")
    assert found(opened) == (Finding(MISSING, 4, 5),)


def test_verify__while_others_add_lines_finds_nothing(opened: Database) -> None:
    def add() -> None:
        for number in range(30):
            with opened.transaction() as session:
                audit.note(session, 7, "opened", f"response:{number}")

    with ThreadPoolExecutor(1) as pool:
        adding = pool.submit(add)
        looks = 0
        while not adding.done() or not looks:
            assert found(opened) == ()
            looks += 1


def test_verify__a_chain_made_anew_with_the_key_is_not_what_was_noted_down(
    opened: Database,
) -> None:
    with Session(opened.durable) as session:
        noted = audit.end(session)
        assert audit.verify(session, noted) == ()
    tamper(opened, "DELETE FROM audit", "DELETE FROM audit_head")
    for _ in range(6):
        with opened.transaction() as session:
            audit.note(session, 8, "opened", "response:1")
    with Session(opened.durable) as session:
        assert audit.verify(session) == ()
        assert audit.verify(session, noted) == (Finding(OTHER, 5, 5),)


def test_end__is_nothing_at_first(database_url: str) -> None:
    migrations.upgrade(database_url)
    with closing(database.connect(database_url, KEY)) as empty, Session(empty.durable) as session:
        assert (audit.end(session).count, str(audit.end(session))) == (0, "0:")
        assert audit.verify(session) == ()


def test_migration__lines_from_before_the_chain_stay_and_are_watched(database_url: str) -> None:
    command.upgrade(migrations.configuration(database_url), "0003")
    with closing(database.connect(database_url, KEY)) as opened:
        for number in (1, 2, 3):
            tamper(
                opened,
                "INSERT INTO audit (at, person_id, deed, thing, digest) VALUES "
                f"('2026-11-20 12:00:00', {number}, 'opened', 'response:{number}', '')",
            )
        migrations.upgrade(database_url)
        with opened.transaction() as session:
            audit.note(session, 7, "opened", "response:4")
        assert things(opened) == [f"response:{number}" for number in (1, 2, 3, 4)]
        assert found(opened) == ()
        tamper(opened, "UPDATE audit SET person_id = 9 WHERE thing = 'response:2'")
        assert found(opened) == (Finding(CHANGED, 1, 1),)
