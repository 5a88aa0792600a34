"""Keys that change, second factors, staff sessions, throttling, a chained audit."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _new_tables()
    _new_columns()
    # The recovery key is the one holder who is no person.
    op.execute(
        "INSERT INTO recovery_key (public, made) SELECT DISTINCT holder, CURRENT_DATE "
        'FROM "grant" WHERE holder NOT IN (SELECT public FROM person)'
    )
    op.execute("DELETE FROM invitation")  # their time was local; a new link is quickly made
    with op.batch_alter_table("invitation") as table:
        table.drop_column("expires")
        table.add_column(sa.Column("expires", sa.BigInteger(), nullable=False))


def _new_tables() -> None:
    op.create_table(
        "recovery_key",
        sa.Column("public", sa.LargeBinary(32), nullable=False),
        sa.Column("made", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("public", name=op.f("pk_recovery_key")),
    )
    op.create_table(
        "factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("made", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_factor_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor")),
    )
    op.create_index(op.f("ix_factor_person_id"), "factor", ["person_id"])
    op.create_table(
        "presence",
        sa.Column("id", sa.LargeBinary(32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("begun", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.String(100), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_presence_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
    )
    op.create_index(op.f("ix_presence_person_id"), "presence", ["person_id"])
    op.create_table(
        "throttle_key",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_throttle_key")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.LargeBinary(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_expires"), "attempt", ["expires"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "errand",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_errand")),
    )


def _new_columns() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("seen", sa.Date()))
        table.add_column(sa.Column("left", sa.Date()))
    op.execute("UPDATE person SET seen = CURRENT_DATE WHERE box IS NOT NULL")
    _add("service_key", sa.Column("made", sa.Date(), nullable=False), "'2026-11-01'")
    with op.batch_alter_table("response") as table:
        table.add_column(sa.Column("closed", sa.Date()))
    _add("response", sa.Column("revision", sa.Integer(), nullable=False), "0")
    with op.batch_alter_table("draft") as table:
        table.add_column(sa.Column("rescue", sa.LargeBinary()))
        table.add_column(sa.Column("rescue_key_id", sa.Integer()))
        table.create_foreign_key(
            op.f("fk_draft_rescue_key_id_service_key"),
            "service_key",
            ["rescue_key_id"],
            ["id"],
        )
    _add("draft", sa.Column("changed", sa.Date(), nullable=False), "'2026-11-01'")
    with op.batch_alter_table("audit") as table:
        table.alter_column("thing", type_=sa.String(100))
    # The lines from before are no part of the chain.
    _add("audit", sa.Column("digest", sa.LargeBinary(32), nullable=False), "''")
    op.create_index(op.f("ix_audit_thing"), "audit", ["thing"])


def _add(name: str, column: sa.Column[Any], value: str) -> None:
    """Add a column that the rows from before have a value in; later ones bring their own."""
    column.server_default = sa.DefaultClause(sa.text(value))
    with op.batch_alter_table(name) as table:
        table.add_column(column)
    with op.batch_alter_table(name) as table:
        table.alter_column(column.name, server_default=None)
