"""Payments with points at tills, and what malls ask of them."""

import sqlalchemy as sa
from alembic import op

revision = "0095_points_payments"
down_revision = "0094_growth_rules"
branch_labels = None
depends_on = None

PAYMENTS, RULES = "points_payments", "points_till_rules"
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        PAYMENTS,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger()),
        sa.Column("machine_id", sa.BigInteger()),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("worth_fen", sa.BigInteger(), nullable=False),
        sa.Column("factor_bps", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("confirm_by", _TIME, nullable=False),
        sa.Column("consented_at", _TIME),
        sa.Column("paid_at", _TIME),
        sa.Column("released_at", _TIME),
        sa.Column("released_why", sa.Text()),
        sa.Column("reversed_at", _TIME),
        sa.Column("reversed_by", sa.BigInteger()),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_points_payments")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_points_payments_member_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_points_payments_store_id")),
        sa.UniqueConstraint("member_id", "public_id", name=op.f("uq_points_payments_member_id_public_id")),
        *(
            sa.CheckConstraint(check, name=op.f(f"ck_points_payments_{name}"))
            for name, check in {
                "amounts": "points > 0 AND worth_fen > 0 AND factor_bps > 0",
                "status": "status IN ('awaiting', 'paid', 'released', 'reversed')",
                "taker": "num_nonnulls(staff_id, machine_id) = 1",
                "paid": "(status IN ('paid', 'reversed')) = (paid_at IS NOT NULL)",
                "consented": "paid_at IS NULL OR consented_at IS NOT NULL",
                "released": "(status = 'released') = (released_at IS NOT NULL AND released_why IS NOT NULL)",
                "released_why": "released_why IN ('declined', 'withdrawn', 'timed_out')",
                "reversed": "(status = 'reversed') = (reversed_at IS NOT NULL)",
            }.items()
        ),
    )
    op.create_index(
        "uq_points_payments_consent",
        PAYMENTS,
        ["member_id", "consent"],
        unique=True,
        postgresql_where="status <> 'released'",
    )
    op.create_index(
        "uq_points_payments_awaiting",
        PAYMENTS,
        ["member_id", "store_id"],
        unique=True,
        postgresql_where="status = 'awaiting'",
    )
    op.create_index("ix_points_payments_public_id", PAYMENTS, ["public_id"])
    for column in ("store_id", "mall_id"):
        op.create_index(f"ix_points_payments_{column}_created_at", PAYMENTS, [column, "created_at", "member_id", "id"])
    op.create_index("ix_points_payments_confirm_by", PAYMENTS, ["confirm_by"], postgresql_where="status = 'awaiting'")
    op.create_table(
        RULES,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("code_limit_points", sa.BigInteger(), nullable=False),
        sa.Column("wait_minutes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_till_rules")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_points_till_rules_mall_id")),
        sa.UniqueConstraint("mall_id", "effective_from", name=op.f("uq_points_till_rules_mall_id_effective_from")),
        sa.CheckConstraint("code_limit_points BETWEEN 0 AND 1000000", name=op.f("ck_points_till_rules_code_limit")),
        sa.CheckConstraint("wait_minutes BETWEEN 1 AND 30", name=op.f("ck_points_till_rules_wait")),
    )


def downgrade() -> None:
    op.drop_table(RULES)
    op.drop_table(PAYMENTS)
