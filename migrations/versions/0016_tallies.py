"""Counts as evaluators were told them, and who is counted in them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("questionnaire", sa.String(60), primary_key=True),
        sa.Column("service_key_id", sa.Integer(), sa.ForeignKey("service_key.id"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("tally")
