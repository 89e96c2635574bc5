"""What members bring and take by day, and what messages cost."""

import sqlalchemy as sa
from alembic import op

revision = "0074_member_values"
down_revision = "0073_lifecycle_restatements"
branch_labels = None
depends_on = None

SUMS = ("commission_fen", "benefits_fen", "message_cost_fen", "margin_fen", "discount_fen", "stay_minutes")
PRICES = ("subscribe_fen", "official_fen", "wecom_fen", "sms_fen")


def upgrade() -> None:
    op.create_table(
        "member_values",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in SUMS),
        sa.CheckConstraint(
            "margin_fen = commission_fen - benefits_fen - message_cost_fen", name=op.f("ck_member_values_margin")
        ),
        sa.CheckConstraint("message_cost_fen >= 0 AND stay_minutes >= 0", name=op.f("ck_member_values_amounts")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_values_member_id")),
        sa.PrimaryKeyConstraint("member_id", "day", name=op.f("pk_member_values")),
    )
    op.create_index("ix_member_values_day", "member_values", ["day", "member_id"])
    op.create_table(
        "member_value_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_member_value_days")),
    )
    op.create_index(
        "ix_member_value_days_due", "member_value_days", ["day"], postgresql_where=sa.text("counted_at IS NULL")
    )
    op.create_table(
        "message_prices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in PRICES),
        sa.CheckConstraint(
            "subscribe_fen >= 0 AND official_fen >= 0 AND wecom_fen >= 0 AND sms_fen >= 0",
            name=op.f("ck_message_prices_prices"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_prices")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_message_prices_effective_from")),
    )
    op.create_index(
        "ix_parking_sessions_ended",
        "parking_sessions",
        ["exited_at", "member_id"],
        postgresql_where=sa.text("member_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_parking_sessions_ended", table_name="parking_sessions")
    for table in ("message_prices", "member_value_days", "member_values"):
        op.drop_table(table)
