"""Recordings of questions, for reading aloud."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("says", sa.LargeBinary(32), nullable=False),
        sa.Column("made", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_recording")),
    )
    op.create_index(op.f("ix_recording_says"), "recording", ["says"])
