"""Open words: paraphrases of free texts while they are worked on, and the batches that went out."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paraphrase",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("questionnaire", sa.String(60), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("response_id", sa.String(36), sa.ForeignKey("response.id", ondelete="CASCADE")),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("writer_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("checker_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("service_key_id", sa.Integer(), sa.ForeignKey("service_key.id")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_paraphrase_response_id", "paraphrase", ["response_id"])
    op.create_table(
        "paraphrase_batch",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("questionnaire", sa.String(60), nullable=False),
        sa.Column("released", sa.Date(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("service_key_id", sa.Integer(), sa.ForeignKey("service_key.id"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("paraphrase_batch")
    op.drop_table("paraphrase")
