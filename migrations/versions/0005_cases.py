"""Cases and their entries, messages and return codes, partners, overviews, where notices go."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.String(36)


def upgrade() -> None:
    _cases()
    _messages()
    op.create_table(
        "partner_link",
        sa.Column("id", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("made", sa.Date(), nullable=False),
        sa.Column("ended", sa.Date()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_link")),
    )
    op.create_table(
        "overview",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        _to("overview", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_overview")),
    )
    with op.batch_alter_table("person") as table:
        table.add_column(
            sa.Column("mail", sa.String(200), nullable=False, server_default=sa.text("''"))
        )
    with op.batch_alter_table("person") as table:
        table.alter_column("mail", server_default=None)


def _cases() -> None:
    op.create_table(
        "case",
        sa.Column("id", ID, nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("opened", sa.Date(), nullable=False),
        sa.Column("closed", sa.Date()),
        sa.Column("holder_id", sa.Integer()),
        _to("case", "holder_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
    )
    op.create_table(
        "case_response",
        sa.Column("response_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        _to("case_response", "response_id", "response"),
        _to("case_response", "case_id", "case"),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_case_response")),
    )
    op.create_index(op.f("ix_case_response_case_id"), "case_response", ["case_id"])
    op.create_table(
        "case_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("written", sa.Date(), nullable=False),
        sa.Column("contact_key_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _to("case_entry", "case_id", "case"),
        _to("case_entry", "contact_key_id", "service_key"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entry")),
    )
    op.create_index(op.f("ix_case_entry_case_id"), "case_entry", ["case_id"])


def _messages() -> None:
    op.create_table(
        "return_code",
        sa.Column("id", sa.LargeBinary(32), nullable=False),
        sa.Column("response_id", ID, nullable=False),
        sa.Column("public", sa.LargeBinary(32), nullable=False),
        sa.Column("made", sa.Date(), nullable=False),
        _to("return_code", "response_id", "response"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_code")),
        sa.UniqueConstraint("response_id", name=op.f("uq_return_code_response_id")),
    )
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column("response_id", ID, nullable=False),
        sa.Column("written", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.Integer()),
        sa.Column("seen", sa.Date()),
        sa.Column("contact_key_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("to_code", sa.LargeBinary()),
        _to("message", "response_id", "response"),
        _to("message", "sent_by", "person"),
        _to("message", "contact_key_id", "service_key"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_response_id"), "message", ["response_id"])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
