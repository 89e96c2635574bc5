"""What tills say of a day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0105_till_totals"
down_revision = "0104_points_expiry"
branch_labels = None
depends_on = None

TABLE = "till_totals"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("till", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("receipt_count", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("receipts", JSONB(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=True),
        sa.CheckConstraint("receipt_count >= 0", name=op.f("ck_till_totals_receipt_count")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_till_totals_store_id")),
        sa.PrimaryKeyConstraint("source", "store_id", "business_day", "till", name=op.f("pk_till_totals")),
    )
    op.create_index("ix_till_totals_mall_id_business_day", TABLE, ["mall_id", "business_day"])
    op.create_index(
        "ix_till_totals_business_day", TABLE, ["business_day"], postgresql_where=sa.text("differs IS NOT FALSE")
    )


def downgrade() -> None:
    op.drop_table(TABLE)
