"""One payment told by several sources is one purchase; what cannot be recorded yet waits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0091_receipt_tellings"
down_revision = "0090_points_holds"
branch_labels = None
depends_on = None

NUMBERS, INBOX = "receipt_numbers", "receipt_inbox"


def upgrade() -> None:
    op.add_column(NUMBERS, sa.Column("waiting_id", sa.BigInteger(), nullable=True))
    op.add_column(NUMBERS, sa.Column("same_source", sa.Text(), nullable=True))
    op.add_column(NUMBERS, sa.Column("same_receipt_no", sa.Text(), nullable=True))
    op.add_column(NUMBERS, sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_receipt_numbers_telling_whole"), NUMBERS, "num_nulls(same_source, same_receipt_no, told_at) IN (0, 3)"
    )
    op.create_check_constraint(
        op.f("ck_receipt_numbers_became_one_thing"),
        NUMBERS,
        "num_nonnulls(purchase_id, inbox_id, waiting_id, same_source) <= 1",
    )
    op.create_index(
        "ix_receipt_numbers_same",
        NUMBERS,
        ["same_source", "same_receipt_no"],
        postgresql_where=sa.text("same_source IS NOT NULL"),
    )
    op.add_column("purchases", sa.Column("commission_base_fen", sa.BigInteger(), nullable=True))
    _create_payments()
    _name_sources_of_refunds()
    op.add_column(INBOX, sa.Column("details", JSONB(), nullable=True))
    _create_waiting()
    op.create_table(
        "receipt_settings",
        sa.Column("mall_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("refund_days", sa.BigInteger(), nullable=False),
        sa.Column("claim_days", sa.BigInteger(), nullable=False),
        sa.Column("claims_per_day", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("refund_days BETWEEN 1 AND 90", name=op.f("ck_receipt_settings_refund_days")),
        sa.CheckConstraint("claim_days BETWEEN 0 AND 90", name=op.f("ck_receipt_settings_claim_days")),
        sa.CheckConstraint("claims_per_day BETWEEN 0 AND 100", name=op.f("ck_receipt_settings_claims_per_day")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_receipt_settings_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", name=op.f("pk_receipt_settings")),
    )


def _create_payments() -> None:
    op.create_table(
        "payment_transactions",
        sa.Column("transaction_id", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("transaction_id", "method", name=op.f("pk_payment_transactions")),
    )
    op.create_table(
        "purchase_payments",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("purchase_id", sa.BigInteger(), nullable=False),
        sa.Column("part_no", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("transaction_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id", "purchase_id"],
            ["purchases.member_id", "purchases.id"],
            name=op.f("fk_purchase_payments_member_id_purchase_id"),
        ),
        sa.PrimaryKeyConstraint("member_id", "purchase_id", "part_no", name=op.f("pk_purchase_payments")),
    )


def _name_sources_of_refunds() -> None:
    op.add_column(INBOX, sa.Column("refund_source", sa.Text(), nullable=True))
    op.execute("UPDATE receipt_inbox SET refund_source = source WHERE refund_of IS NOT NULL")
    op.drop_index("ix_receipt_inbox_refunds", table_name=INBOX)
    op.create_index(
        "ix_receipt_inbox_refunds",
        INBOX,
        ["refund_source", "refund_of"],
        postgresql_where=sa.text("refund_of IS NOT NULL"),
    )


def _create_waiting() -> None:
    op.create_table(
        "waiting_receipts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("store_code", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("refund_of", sa.Text(), nullable=True),
        sa.Column("details", JSONB(), nullable=True),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("effects", sa.Text(), nullable=False),
        sa.Column("obstacle", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_by", sa.Text(), nullable=True),
        sa.Column("dismissed_for", sa.Text(), nullable=True),
        sa.CheckConstraint("why IN ('purchase', 'decision', 'store')", name=op.f("ck_waiting_receipts_why")),
        sa.CheckConstraint("(why = 'store') = (store_id IS NULL)", name=op.f("ck_waiting_receipts_store_known")),
        sa.CheckConstraint(
            "num_nulls(dismissed_at, dismissed_by, dismissed_for) IN (0, 3)",
            name=op.f("ck_waiting_receipts_dismissed_whole"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_waiting_receipts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_receipts")),
        sa.UniqueConstraint("source", "receipt_no", name=op.f("uq_waiting_receipts_source_receipt_no")),
    )
    for name, columns, where in (
        ("refunds", ["source", "refund_of"], "refund_of IS NOT NULL"),
        ("codes", ["mall_id", "source", "store_code"], "why = 'store'"),
        ("mall_id_occurred_at", ["mall_id", "occurred_at", "id"], None),
        ("why_recorded_at", ["why", "recorded_at"], "dismissed_at IS NULL"),
        ("member_id", ["member_id"], "member_id IS NOT NULL"),
    ):
        op.create_index(
            f"ix_waiting_receipts_{name}",
            "waiting_receipts",
            columns,
            postgresql_where=None if where is None else sa.text(where),
        )


def downgrade() -> None:
    """What waits is lost, and another telling of a purchase is a number that became nothing."""
    op.drop_table("receipt_settings")
    op.drop_table("waiting_receipts")
    op.drop_column(INBOX, "details")
    op.drop_index("ix_receipt_inbox_refunds", table_name=INBOX)
    op.create_index(
        "ix_receipt_inbox_refunds",
        INBOX,
        ["source", "refund_of"],
        postgresql_where=sa.text("refund_of IS NOT NULL"),
    )
    op.drop_column(INBOX, "refund_source")
    op.drop_table("purchase_payments")
    op.drop_table("payment_transactions")
    op.drop_column("purchases", "commission_base_fen")
    op.drop_index("ix_receipt_numbers_same", table_name=NUMBERS)
    op.drop_constraint(op.f("ck_receipt_numbers_became_one_thing"), NUMBERS)
    op.drop_constraint(op.f("ck_receipt_numbers_telling_whole"), NUMBERS)
    for column in ("told_at", "same_receipt_no", "same_source", "waiting_id"):
        op.drop_column(NUMBERS, column)
