"""The devices of interviewers, and what came from them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("token", sa.LargeBinary(32), nullable=False),
        sa.Column("made", sa.Date(), nullable=False),
        sa.Column("ended", sa.Date()),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_app_user_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("token", name=op.f("uq_app_user_token")),
    )
    op.create_index(op.f("ix_app_user_person_id"), "app_user", ["person_id"])
    op.create_table(
        "arrival",
        sa.Column("response_id", sa.String(36), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("beside", sa.String(36)),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_arrival_response_id_response")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["app_user.id"], name=op.f("fk_arrival_device_id_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["beside"], ["response.id"], name=op.f("fk_arrival_beside_response")
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_arrival")),
    )
    op.create_index(op.f("ix_arrival_device_id"), "arrival", ["device_id"])
