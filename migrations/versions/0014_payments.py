"""WeChat Pay orders, their numbers and refunds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_payments"
down_revision = "0013_consent_stock"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_orders",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("out_trade_no", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("appid", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("pay_params", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("transaction_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepaid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'refunded') = (refunded_at IS NOT NULL)", name=op.f("ck_payment_orders_refunded")
        ),
        sa.CheckConstraint(
            "(status IN ('paid', 'late', 'refunded')) = (transaction_id IS NOT NULL AND paid_at IS NOT NULL)",
            name=op.f("ck_payment_orders_paid"),
        ),
        sa.CheckConstraint("status <> 'prepaid' OR pay_params IS NOT NULL", name=op.f("ck_payment_orders_prepaid")),
        sa.CheckConstraint(
            "status IN ('created', 'prepaid', 'paid', 'closed', 'late', 'refunded')",
            name=op.f("ck_payment_orders_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('closed', 'late', 'refunded') OR closed_at IS NOT NULL",
            name=op.f("ck_payment_orders_closed"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_orders_amount")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_payment_orders_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_payment_orders")),
        sa.UniqueConstraint("member_id", "out_trade_no", name=op.f("uq_payment_orders_member_id_out_trade_no")),
        sa.UniqueConstraint("member_id", "purpose", name=op.f("uq_payment_orders_member_id_purpose")),
    )
    op.create_table(
        "payment_numbers",
        sa.Column("out_trade_no", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "order_id"],
            ["payment_orders.member_id", "payment_orders.id"],
            name=op.f("fk_payment_numbers_member_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("out_trade_no", name=op.f("pk_payment_numbers")),
    )
    op.create_table(
        "payment_refunds",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("out_refund_no", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name=op.f("ck_payment_refunds_done")),
        sa.CheckConstraint("status IN ('due', 'done')", name=op.f("ck_payment_refunds_status")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_refunds_amount")),
        sa.ForeignKeyConstraint(
            ["member_id", "order_id"],
            ["payment_orders.member_id", "payment_orders.id"],
            name=op.f("fk_payment_refunds_member_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_payment_refunds")),
        sa.UniqueConstraint("member_id", "order_id", name=op.f("uq_payment_refunds_member_id_order_id")),
        sa.UniqueConstraint("member_id", "out_refund_no", name=op.f("uq_payment_refunds_member_id_out_refund_no")),
    )
    op.create_index(
        "ix_payment_refunds_due", "payment_refunds", ["due_at"], unique=False, postgresql_where="status = 'due'"
    )


def downgrade() -> None:
    op.drop_index("ix_payment_refunds_due", table_name="payment_refunds", postgresql_where="status = 'due'")
    op.drop_table("payment_refunds")
    op.drop_table("payment_numbers")
    op.drop_table("payment_orders")
