"""Exchanges that are given back with their cash: paid orders, too, are refunded."""

import sqlalchemy as sa
from alembic import op

revision = "0115_exchange_refunds"
down_revision = "0114_campaign_tiers"
branch_labels = None
depends_on = None

EXCHANGES, ORDERS = "coupon_exchanges", "payment_orders"


def upgrade() -> None:
    op.add_column(EXCHANGES, sa.Column("refunded_at", sa.DateTime(timezone=True)))
    _check(EXCHANGES, "status", "status IN ('awaiting_cash', 'done', 'released', 'refunded')")
    _check(EXCHANGES, "done", "(status IN ('done', 'refunded')) = (done_at IS NOT NULL)")
    refunded = op.f("ck_coupon_exchanges_refunded")
    op.create_check_constraint(refunded, EXCHANGES, "(status = 'refunded') = (refunded_at IS NOT NULL)")
    _check(ORDERS, "closed", "status NOT IN ('closed', 'late') OR closed_at IS NOT NULL")
    op.create_index("ix_coupon_exchanges_coupon_id", EXCHANGES, ["member_id", "coupon_id"])


def downgrade() -> None:
    op.drop_index("ix_coupon_exchanges_coupon_id", EXCHANGES)
    # Whatever was given back stands as given up then, and its order as closed when it was refunded.
    op.execute("UPDATE payment_orders SET closed_at = refunded_at WHERE status = 'refunded' AND closed_at IS NULL")
    _check(ORDERS, "closed", "status NOT IN ('closed', 'late', 'refunded') OR closed_at IS NOT NULL")
    op.drop_constraint(op.f("ck_coupon_exchanges_refunded"), EXCHANGES)
    for name in ("status", "done"):
        op.drop_constraint(op.f(f"ck_coupon_exchanges_{name}"), EXCHANGES)
    op.execute(
        "UPDATE coupon_exchanges SET status = 'released', released_at = refunded_at, done_at = NULL, coupon_id = NULL"
        " WHERE status = 'refunded'"
    )
    op.create_check_constraint(
        op.f("ck_coupon_exchanges_status"), EXCHANGES, "status IN ('awaiting_cash', 'done', 'released')"
    )
    op.create_check_constraint(op.f("ck_coupon_exchanges_done"), EXCHANGES, "(status = 'done') = (done_at IS NOT NULL)")
    op.drop_column(EXCHANGES, "refunded_at")


def _check(table: str, name: str, sense: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, sense)
