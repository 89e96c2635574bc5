"""The migration matrix of each month and how long its steps took, kept for the monthly review."""

import sqlalchemy as sa
from alembic import op

revision = "0085_month_moves"
down_revision = "0084_high_margin"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "month_moves",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False),
        sa.Column("old_stage", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("month", "home_mall_id", "old_stage", "stage", name=op.f("pk_month_moves")),
    )
    op.create_table(
        "month_steps",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("median_days", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("month", "home_mall_id", "stage", name=op.f("pk_month_steps")),
    )
    # Months that were counted before are counted once more.
    op.execute("UPDATE measured_months SET night_day = NULL")


def downgrade() -> None:
    op.drop_table("month_steps")
    op.drop_table("month_moves")
