"""Who has looked at a version of a questionnaire, and since when its answers count."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("version") as table:
        table.add_column(sa.Column("approved", sa.Date()))
        table.add_column(sa.Column("approver_id", sa.Integer()))
        table.create_foreign_key(
            op.f("fk_version_approver_id_person"), "person", ["approver_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("version") as table:
        table.drop_constraint(op.f("fk_version_approver_id_person"), type_="foreignkey")
        table.drop_column("approver_id")
        table.drop_column("approved")
