"""Who published a version of a questionnaire, from which workbook, and since when it is retired."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("version") as table:
        table.add_column(sa.Column("person_id", sa.Integer()))
        table.add_column(sa.Column("published", sa.Date()))
        table.add_column(sa.Column("retired", sa.Date()))
        table.add_column(sa.Column("workbook", sa.LargeBinary()))
        table.create_foreign_key(
            op.f("fk_version_person_id_person"), "person", ["person_id"], ["id"]
        )
