"""Of points that are due, those of members who have done nothing for long: the forecast lets nobody spend them."""

import sqlalchemy as sa
from alembic import op

revision = "0126_idle_points"
down_revision = "0125_totals_apart"
branch_labels = None
depends_on = None

TABLE = "points_due"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("idle_points", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_check_constraint(op.f("ck_points_due_idle"), TABLE, "idle_points BETWEEN 0 AND points")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_points_due_idle"), TABLE)
    op.drop_column(TABLE, "idle_points")
