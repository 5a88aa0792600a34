"""When somebody looked at what she was told of, so that she is told at most once an hour."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("seen", sa.BigInteger()))
