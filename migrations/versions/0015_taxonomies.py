"""Taxonomies of quasi-identifiers, as coordinators declare them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taxonomy",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("questionnaire", sa.String(60), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("declared", sa.Date(), nullable=False),
    )
    op.create_index("ix_taxonomy_questionnaire", "taxonomy", ["questionnaire"])


def downgrade() -> None:
    op.drop_table("taxonomy")
