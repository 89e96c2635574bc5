"""Malls say what each tier gives."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0054_tier_perks"
down_revision = "0053_parking_invoices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tier_perks",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("tier_code", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mall_id", "tier_code", name=op.f("pk_tier_perks")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_tier_perks_mall_id")),
        sa.ForeignKeyConstraint(["tier_code"], ["tiers.code"], name=op.f("fk_tier_perks_tier_code")),
    )


def downgrade() -> None:
    op.drop_table("tier_perks")
