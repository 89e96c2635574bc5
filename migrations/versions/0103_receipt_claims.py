"""Members claim receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0103_receipt_claims"
down_revision = "0102_tier_rehearsals"
branch_labels = None
depends_on = None

TABLE = "receipt_claims"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("fact", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'approved', 'rejected')", name=op.f("ck_receipt_claims_state")),
        sa.CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name=op.f("ck_receipt_claims_decided")),
        sa.CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name=op.f("ck_receipt_claims_rejected_for")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_receipt_claims_amount")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_receipt_claims_member_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_receipt_claims_store_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_receipt_claims")),
    )
    op.create_index(
        "uq_receipt_claims_standing",
        TABLE,
        ["member_id", "store_id", "receipt_no"],
        unique=True,
        postgresql_where=sa.text("state <> 'rejected'"),
    )
    op.create_index("ix_receipt_claims_member_id_created_at", TABLE, ["member_id", "created_at"])
    op.create_index("ix_receipt_claims_mall_id_created_at", TABLE, ["mall_id", "created_at", "member_id", "id"])
    op.create_index("ix_receipt_claims_public_id", TABLE, ["public_id"])
    op.create_index("ix_receipt_claims_pending", TABLE, ["created_at"], postgresql_where=sa.text("state = 'pending'"))


def downgrade() -> None:
    op.drop_table(TABLE)
