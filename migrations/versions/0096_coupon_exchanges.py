"""Coupons for points, or points and cash: what campaigns ask, what a coupon was had for, and members' exchanges."""

import sqlalchemy as sa
from alembic import op

revision = "0096_coupon_exchanges"
down_revision = "0095_points_payments"
branch_labels = None
depends_on = None

PRICED = ("campaigns", "campaign_versions", "campaign_revisions")
EXCHANGES = "coupon_exchanges"
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in PRICED:
        op.add_column(table, sa.Column("exchange_points", sa.BigInteger()))
        op.add_column(table, sa.Column("exchange_fen", sa.BigInteger(), nullable=False, server_default="0"))
        op.alter_column(table, "exchange_fen", server_default=None)
    op.create_check_constraint(
        op.f("ck_campaigns_exchange"),
        "campaigns",
        "exchange_points > 0 AND exchange_fen >= 0 AND (exchange_fen = 0 OR mall_share_bps = 10000)"
        " OR exchange_points IS NULL AND exchange_fen = 0",
    )
    op.create_index(
        "ix_campaigns_exchange",
        "campaigns",
        ["mall_id", "exchange_points"],
        postgresql_where="exchange_points IS NOT NULL",
    )
    op.add_column("coupons", sa.Column("paid_points", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column("coupons", "paid_points", server_default=None)
    op.create_check_constraint(op.f("ck_coupons_paid_points"), "coupons", "paid_points >= 0")
    _create_exchanges()


def _create_exchanges() -> None:
    op.create_table(
        EXCHANGES,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("coupon_id", sa.BigInteger()),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("cash_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("close_after", _TIME, nullable=False),
        sa.Column("done_at", _TIME),
        sa.Column("released_at", _TIME),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_coupon_exchanges")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_coupon_exchanges_member_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_coupon_exchanges_campaign_id")),
        sa.ForeignKeyConstraint(
            ["member_id", "coupon_id"],
            ["coupons.member_id", "coupons.id"],
            name=op.f("fk_coupon_exchanges_member_id_coupon_id"),
        ),
        sa.UniqueConstraint("member_id", "public_id", name=op.f("uq_coupon_exchanges_member_id_public_id")),
        *(
            sa.CheckConstraint(check, name=op.f(f"ck_coupon_exchanges_{name}"))
            for name, check in {
                "amounts": "points > 0 AND cash_fen >= 0",
                "status": "status IN ('awaiting_cash', 'done', 'released')",
                "done": "(status = 'done') = (done_at IS NOT NULL)",
                "released": "(status = 'released') = (released_at IS NOT NULL)",
                "coupon": "(status = 'released') = (coupon_id IS NULL)",
            }.items()
        ),
    )
    op.create_index("ix_coupon_exchanges_mall_id_created_at", EXCHANGES, ["mall_id", "created_at", "member_id", "id"])
    op.create_index(
        "uq_coupon_exchanges_awaiting",
        EXCHANGES,
        ["member_id", "campaign_id"],
        unique=True,
        postgresql_where="status = 'awaiting_cash'",
    )


def downgrade() -> None:
    op.drop_table(EXCHANGES)
    op.drop_constraint(op.f("ck_coupons_paid_points"), "coupons")
    op.drop_column("coupons", "paid_points")
    op.drop_index("ix_campaigns_exchange", "campaigns")
    op.drop_constraint(op.f("ck_campaigns_exchange"), "campaigns")
    for table in PRICED:
        op.drop_column(table, "exchange_fen")
        op.drop_column(table, "exchange_points")
