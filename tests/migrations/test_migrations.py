"""An upgraded database has the shape of the models, however often it is upgraded."""

from contextlib import closing
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import app
import migrations
from core import records, versions
from core.database import connect
from migrations.models import Base
from tests.support import house
from tests.support.house import House

CASE = {"/data/client/gender": "female"}


def differences(url: str) -> list[Any]:
    with closing(connect(url)) as database, database.durable.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))


def shape(engine: Engine) -> dict[str, Any]:
    """What the database itself says of its tables; Alembic compares no primary keys."""
    there = inspect(engine)
    return {
        name: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in there.get_columns(name)),
            there.get_pk_constraint(name),
            sorted(there.get_foreign_keys(name), key=str),
            sorted(there.get_indexes(name), key=str),
            sorted(there.get_unique_constraints(name), key=str),
        )
        for name in there.get_table_names()
        if name != "alembic_version"
    }


def test_upgrade__gives_an_empty_database_the_shape_of_the_models(database_url: str) -> None:
    migrations.upgrade(database_url)

    assert differences(database_url) == []


def test_upgrade__builds_what_the_models_themselves_would_build(database_url: str) -> None:
    migrations.upgrade(database_url)
    with closing(connect(database_url)) as database:
        migrated = shape(database.durable)
        Base.metadata.drop_all(database.durable)
        Base.metadata.create_all(database.durable)
        modelled = shape(database.durable)

    assert set(migrated) == set(Base.metadata.tables)
    assert migrated == modelled


@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE "draft" DROP COLUMN begun',
        "DROP INDEX ix_batch_member_batch_id",
        'ALTER TABLE "batch" ADD COLUMN forgotten INTEGER',
    ],
)
def test_comparison__notices_what_a_migration_forgot(database_url: str, statement: str) -> None:
    migrations.upgrade(database_url)
    with closing(connect(database_url)) as database, database.durable.begin() as connection:
        connection.execute(text(statement))

    assert differences(database_url) != []


def test_upgrade__twice_changes_nothing_and_keeps_what_is_stored(either_house: House) -> None:
    with either_house.database.transaction() as session:
        house.submit(session, "case", "kept", CASE, part="county")
    before = shape(either_house.database.durable)

    migrations.upgrade(either_house.settings.database_url)

    assert shape(either_house.database.durable) == before
    with either_house.database.transaction() as session:
        (response,) = records.responses(session, "case")
        answers = records.open_answers(session, response, either_house.staff["Karin"].keys)
    assert answers == CASE


def test_prepare__publishes_an_unchanged_questionnaire_once(either_house: House) -> None:
    with closing(app.prepare(either_house.settings)) as prepared, prepared.transaction() as session:
        names = {name: versions.current(session, name).number for name in ("referral", "client")}

    assert names == {"referral": 1, "client": 1}


def test_upgrade__takes_a_password_with_a_percent_sign_as_it_is(postgres_url: str) -> None:
    url = postgres_url.replace("zugang@", "zugang:100%25sicher@")

    migrations.upgrade(url)

    assert differences(url) == []


BEFORE_0003 = """
INSERT INTO person (id, name, role, part, public, passes, memory, box)
    VALUES (1, 'Ines', 'interviewer', '', 'public', 0, 0, 'box');
INSERT INTO person (id, name, role, part, public, passes, memory)
    VALUES (2, 'Eva', 'evaluator', '', 'invited', 0, 0);
INSERT INTO service_key (id, purpose, public) VALUES (1, 'answers', 'p');
INSERT INTO "grant" (service_key_id, holder, sealed) VALUES (1, 'public', 's');
INSERT INTO "grant" (service_key_id, holder, sealed) VALUES (1, 'recovery', 's');
INSERT INTO version (id, questionnaire, number, digest, xform) VALUES (1, 'q', 1, 'd', 'x');
INSERT INTO response
    (id, version_id, part, status, received, contact_key_id, answers_key_id, identity, answers)
    VALUES ('r', 1, 'north', 'new', '2026-10-01', 1, 1, 'i', 'a');
INSERT INTO attachment (response_id, id, sealed) VALUES ('r', 'i', 's');
INSERT INTO draft (id, person_id, version_id, begun, box) VALUES ('d', 1, 1, '2026-10-01', 'b');
INSERT INTO audit (id, at, person_id, deed, thing)
    VALUES (1, '2026-10-01 10:00', 1, 'opened', 'response:r')
"""
AFTER_0003 = {
    "SELECT name FROM person WHERE seen IS NOT NULL": "Ines",
    "SELECT count(*) FROM person": 2,
    'SELECT count(*) FROM "grant"': 2,
    "SELECT count(*) FROM recovery_key": 1,
    "SELECT count(*) FROM service_key": 1,
    "SELECT revision FROM response": 0,
    "SELECT count(*) FROM attachment": 1,
    "SELECT count(*) FROM draft WHERE rescue IS NULL": 1,
    "SELECT thing FROM audit WHERE length(digest) = 0": "response:r",
}


def test_upgrade__a_service_from_before_keeps_every_row(database_url: str) -> None:
    migrations.upgrade(database_url, "0002")
    with closing(connect(database_url)) as database, database.durable.begin() as connection:
        for statement in BEFORE_0003.split(";"):
            connection.execute(text(statement))

    migrations.upgrade(database_url)

    with closing(connect(database_url)) as database, database.durable.connect() as connection:
        assert {one: connection.scalar(text(one)) for one in AFTER_0003} == AFTER_0003
    assert differences(database_url) == []


def test_versions__stand_in_one_line() -> None:
    script = ScriptDirectory.from_config(migrations.configuration("sqlite://"))

    assert len(script.get_heads()) == 1
    assert all(not isinstance(one.down_revision, tuple) for one in script.walk_revisions())
