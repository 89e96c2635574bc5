"""Points by day, and what is still to be spent by the month it runs out in."""

import sqlalchemy as sa
from alembic import op

revision = "0092_points_days"
down_revision = "0091_receipt_tellings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "points_days",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mall_id", "day", "way", "source", "payer", name=op.f("pk_points_days")),
    )
    op.create_index("ix_points_days_day", "points_days", ["day"])
    op.create_table(
        "points_due",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_points_due_points")),
        sa.PrimaryKeyConstraint("day", "mall_id", "month", name=op.f("pk_points_due")),
    )


def downgrade() -> None:
    op.drop_table("points_due")
    op.drop_table("points_days")
