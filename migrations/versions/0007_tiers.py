"""Tiers and growth."""

import sqlalchemy as sa
from alembic import op

revision = "0007_tiers"
down_revision = "0006_points"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tiers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("threshold", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("threshold >= 0", name=op.f("ck_tiers_threshold")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_tiers")),
        sa.UniqueConstraint("threshold", name=op.f("uq_tiers_threshold")),
    )
    op.create_table(
        "growth_accounts",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("growth", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_growth_accounts_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_growth_accounts")),
    )
    op.create_table(
        "growth_entries",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("growth", sa.BigInteger(), nullable=False),
        sa.Column("growth_after", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_growth_entries_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_growth_entries")),
        sa.UniqueConstraint("member_id", "fact", name=op.f("uq_growth_entries_member_id_fact")),
    )


def downgrade() -> None:
    op.drop_table("growth_entries")
    op.drop_table("growth_accounts")
    op.drop_table("tiers")
