"""Orders say what they are for by purpose and reference; orders and refunds take the columns of a queue.

Every order so far was for parking, its purpose written `parking:<payment>`. An order waits until it expires unpaid,
then until the platform knows that it is closed; `platform_closed_at` becomes that end.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026_payments_by_purpose"
down_revision = "0025_gate_message_queue"
branch_labels = None
depends_on = None

WAITING = "done_at IS NULL AND given_up_at IS NULL"


def upgrade() -> None:
    _split_purposes()
    _queue_orders()
    _queue_refunds()
    op.drop_index("ix_parking_payments_stale", table_name="parking_payments")


def _split_purposes() -> None:
    op.add_column("payment_orders", sa.Column("reference", sa.Text(), nullable=True))
    op.drop_constraint(op.f("uq_payment_orders_member_id_purpose"), "payment_orders", type_="unique")
    op.execute(
        "UPDATE payment_orders SET purpose = split_part(purpose, ':', 1), "
        "reference = substr(purpose, strpos(purpose, ':') + 1)"
    )
    op.alter_column("payment_orders", "reference", nullable=False)
    op.create_unique_constraint(
        op.f("uq_payment_orders_member_id_purpose_reference"), "payment_orders", ["member_id", "purpose", "reference"]
    )


def _queue_orders() -> None:
    op.add_column("payment_orders", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("payment_orders", sa.Column("attempts", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("payment_orders", sa.Column("last_error", sa.Text(), nullable=True))
    op.add_column("payment_orders", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("payment_orders", sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE payment_orders SET due_at = coalesce(closed_at, expires_at), "
        "done_at = coalesce(platform_closed_at, paid_at)"
    )
    op.alter_column("payment_orders", "due_at", nullable=False)
    op.alter_column("payment_orders", "attempts", server_default=None)
    op.drop_index("ix_payment_orders_unclosed", table_name="payment_orders")
    op.drop_column("payment_orders", "platform_closed_at")
    op.create_check_constraint(
        op.f("ck_payment_orders_done"),
        "payment_orders",
        "status NOT IN ('paid', 'late', 'refunded') OR done_at IS NOT NULL",
    )
    _add_rules("payment_orders")


def _queue_refunds() -> None:
    op.add_column("payment_refunds", sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_payment_refunds_due", table_name="payment_refunds")
    _add_rules("payment_refunds")


def _add_rules(table: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_attempts"), table, "attempts >= 0")
    op.create_check_constraint(op.f(f"ck_{table}_one_end"), table, "done_at IS NULL OR given_up_at IS NULL")
    op.create_index(f"ix_{table}_waiting", table, ["due_at"], postgresql_where=sa.text(WAITING))
    op.create_index(f"ix_{table}_dead", table, ["given_up_at"], postgresql_where=sa.text("given_up_at IS NOT NULL"))


def downgrade() -> None:
    op.create_index(
        "ix_parking_payments_stale",
        "parking_payments",
        ["close_after"],
        postgresql_where=sa.text("status = 'awaiting_cash'"),
    )
    _drop_rules("payment_refunds")
    op.create_index("ix_payment_refunds_due", "payment_refunds", ["due_at"], postgresql_where=sa.text("status = 'due'"))
    op.drop_column("payment_refunds", "given_up_at")
    _unqueue_orders()
    _join_purposes()


def _unqueue_orders() -> None:
    _drop_rules("payment_orders")
    op.drop_constraint(op.f("ck_payment_orders_done"), "payment_orders", type_="check")
    op.add_column("payment_orders", sa.Column("platform_closed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE payment_orders SET platform_closed_at = done_at WHERE status = 'closed'")
    op.create_index(
        "ix_payment_orders_unclosed",
        "payment_orders",
        ["closed_at"],
        postgresql_where=sa.text("status = 'closed' AND platform_closed_at IS NULL"),
    )
    for column in ("given_up_at", "done_at", "last_error", "attempts", "due_at"):
        op.drop_column("payment_orders", column)


def _join_purposes() -> None:
    op.drop_constraint(op.f("uq_payment_orders_member_id_purpose_reference"), "payment_orders", type_="unique")
    op.execute("UPDATE payment_orders SET purpose = purpose || ':' || reference")
    op.create_unique_constraint(op.f("uq_payment_orders_member_id_purpose"), "payment_orders", ["member_id", "purpose"])
    op.drop_column("payment_orders", "reference")


def _drop_rules(table: str) -> None:
    op.drop_index(f"ix_{table}_dead", table_name=table)
    op.drop_index(f"ix_{table}_waiting", table_name=table)
    op.drop_constraint(op.f(f"ck_{table}_one_end"), table, type_="check")
    op.drop_constraint(op.f(f"ck_{table}_attempts"), table, type_="check")
