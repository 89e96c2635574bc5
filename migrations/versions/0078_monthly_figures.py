"""Figures of months that are counted at night and kept, and targets for moves between stages."""

import sqlalchemy as sa
from alembic import op

revision = "0078_monthly_figures"
down_revision = "0077_consents_moved"
branch_labels = None
depends_on = None

TABLES = ("measured_months", "month_measures", "cohort_months", "stage_targets")
TRANSITIONS = ("join", "first", "repeat", "high", "back")


def upgrade() -> None:
    op.create_table(
        "measured_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("night_day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_measured_months")),
    )
    op.create_table(
        "month_measures",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("hundredths", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("month", "home_mall_id", "code", name=op.f("pk_month_measures")),
        sa.CheckConstraint("reached BETWEEN 0 AND members", name=op.f("ck_month_measures_reached")),
    )
    op.create_table(
        "cohort_months",
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_month", sa.Date(), nullable=False),
        sa.Column("month_no", sa.BigInteger(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("visitors", sa.BigInteger(), nullable=False),
        sa.Column("buyers", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("home_mall_id", "joined_month", "month_no", name=op.f("pk_cohort_months")),
        sa.CheckConstraint("month_no BETWEEN 0 AND 12", name=op.f("ck_cohort_months_month_no")),
        sa.CheckConstraint(
            "visitors BETWEEN 0 AND members AND buyers BETWEEN 0 AND members", name=op.f("ck_cohort_months_shares")
        ),
    )
    _create_targets()


def _create_targets() -> None:
    columns = [
        column
        for name in TRANSITIONS
        for column in (
            sa.Column(f"{name}_days", sa.BigInteger(), nullable=False),
            sa.Column(f"{name}_bps", sa.BigInteger(), nullable=True),
        )
    ]
    op.create_table(
        "stage_targets",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_targets")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_stage_targets_effective_from")),
        *(
            sa.CheckConstraint(f"{name}_days BETWEEN 1 AND 365", name=op.f(f"ck_stage_targets_{name}_days"))
            for name in TRANSITIONS
        ),
        *(
            sa.CheckConstraint(f"{name}_bps BETWEEN 1 AND 10000", name=op.f(f"ck_stage_targets_{name}_bps"))
            for name in TRANSITIONS
        ),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
