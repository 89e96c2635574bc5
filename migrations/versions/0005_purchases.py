"""Receipts and refunds."""

import sqlalchemy as sa
from alembic import op

revision = "0005_purchases"
down_revision = "0004_timeline"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt_numbers",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("purchase_id", sa.BigInteger(), nullable=True),
        sa.Column("inbox_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("source", "receipt_no", name=op.f("pk_receipt_numbers")),
    )
    op.create_table(
        "purchases",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("refund_of_id", sa.BigInteger(), nullable=True),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "amount_fen >= 0 OR refund_of_id IS NOT NULL", name=op.f("ck_purchases_refund_names_purchase")
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "refund_of_id"],
            ["purchases.member_id", "purchases.id"],
            name=op.f("fk_purchases_member_id_refund_of_id"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_purchases_member_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_purchases_store_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_purchases")),
    )
    op.create_index("ix_purchases_member_id_occurred_at", "purchases", ["member_id", "occurred_at"], unique=False)
    op.create_index("ix_purchases_member_id_refund_of_id", "purchases", ["member_id", "refund_of_id"], unique=False)
    op.create_index("ix_purchases_store_id_occurred_at", "purchases", ["store_id", "occurred_at"], unique=False)
    op.create_index("uq_purchases_first", "purchases", ["member_id"], unique=True, postgresql_where="is_first")
    op.create_table(
        "receipt_inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("refund_of", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_receipt_inbox_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_inbox")),
    )
    op.create_table(
        "purchase_lines",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("purchase_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.BigInteger(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "purchase_id"],
            ["purchases.member_id", "purchases.id"],
            name=op.f("fk_purchase_lines_member_id_purchase_id"),
        ),
        sa.PrimaryKeyConstraint("member_id", "purchase_id", "line_no", name=op.f("pk_purchase_lines")),
    )


def downgrade() -> None:
    op.drop_table("purchase_lines")
    op.drop_table("receipt_inbox")
    op.drop_index("uq_purchases_first", table_name="purchases", postgresql_where="is_first")
    op.drop_index("ix_purchases_store_id_occurred_at", table_name="purchases")
    op.drop_index("ix_purchases_member_id_refund_of_id", table_name="purchases")
    op.drop_index("ix_purchases_member_id_occurred_at", table_name="purchases")
    op.drop_table("purchases")
    op.drop_table("receipt_numbers")
