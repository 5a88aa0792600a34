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
from core import records
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
        names = {name: records.current(session, name).number for name in ("referral", "client")}

    assert names == {"referral": 1, "client": 1}


def test_upgrade__takes_a_password_with_a_percent_sign_as_it_is(postgres_url: str) -> None:
    url = postgres_url.replace("zugang@", "zugang:100%25sicher@")

    migrations.upgrade(url)

    assert differences(url) == []


def test_versions__stand_in_one_line() -> None:
    script = ScriptDirectory.from_config(migrations.configuration("sqlite://"))

    assert len(script.get_heads()) == 1
    assert all(not isinstance(one.down_revision, tuple) for one in script.walk_revisions())
