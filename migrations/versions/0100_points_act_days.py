"""How far acts other than buying were credited, day by day."""

import sqlalchemy as sa
from alembic import op

revision = "0100_points_act_days"
down_revision = "0099_receipt_queue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "points_act_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reached_id", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_points_act_days")),
    )


def downgrade() -> None:
    op.drop_table("points_act_days")
