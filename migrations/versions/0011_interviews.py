"""Planned interviews, links to answer alone, copies for corrections, second entries."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draft") as table:
        table.add_column(sa.Column("submitted", sa.Date()))
    op.create_table(
        "sample_unit",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("questionnaire", sa.String(60), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("refusal", sa.LargeBinary()),
        sa.Column("answers_key_id", sa.Integer(), sa.ForeignKey("service_key.id")),
        sa.UniqueConstraint("questionnaire", "wave", "code"),
    )
    op.create_table(
        "answer_link",
        sa.Column("token", sa.LargeBinary(32), primary_key=True),
        sa.Column("questionnaire", sa.String(60), nullable=False),
        sa.Column("unit_id", sa.String(36), sa.ForeignKey("sample_unit.id", ondelete="CASCADE")),
        sa.Column("until", sa.Date(), nullable=False),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("response_id", sa.String(36), sa.ForeignKey("response.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("contact_key_id", sa.Integer(), sa.ForeignKey("service_key.id"), nullable=False),
        sa.Column("answers_key_id", sa.Integer(), sa.ForeignKey("service_key.id"), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_correction_response_id", "correction", ["response_id"])
    op.create_table(
        "second_entry",
        sa.Column("first_id", sa.String(36), sa.ForeignKey("response.id"), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("taken_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("second_id", sa.String(36), sa.ForeignKey("response.id")),
    )
