"""What tiers give in a mall, and what was given by the calendar."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0101_tier_benefits"
down_revision = "0100_points_act_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tier_benefits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_benefits")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_tier_benefits_mall_id")),
        sa.UniqueConstraint("mall_id", "effective_from", name=op.f("uq_tier_benefits_mall_id_effective_from")),
    )
    op.create_table(
        "tier_allowances",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("tier_code", sa.Text(), nullable=False),
        sa.Column("coupon_id", sa.BigInteger()),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("key <> ''", name=op.f("ck_tier_allowances_key")),
        sa.PrimaryKeyConstraint("member_id", "key", name=op.f("pk_tier_allowances")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_tier_allowances_member_id")),
    )
    op.create_table(
        "tier_allowance_days",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reached_id", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("mall_id", "day", name=op.f("pk_tier_allowance_days")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_tier_allowance_days_mall_id")),
    )


def downgrade() -> None:
    op.drop_table("tier_allowance_days")
    op.drop_table("tier_allowances")
    op.drop_table("tier_benefits")
