"""Minutes of parking that a tier gives: on quotes, on what covers a payment, and once on a stay."""

import sqlalchemy as sa
from alembic import op

revision = "0113_free_parking"
down_revision = "0112_circle_parkings"
branch_labels = None
depends_on = None

SESSIONS, QUOTES, WAIVERS = "parking_sessions", "parking_quotes", "parking_waivers"
KINDS, SETTLED = "ck_parking_waivers_kind", "ck_parking_sessions_settled"


def upgrade() -> None:
    op.add_column(SESSIONS, sa.Column("tier_minutes", sa.BigInteger(), nullable=False, server_default="0"))
    _check(SESSIONS, SETTLED, "settled_fen >= 0 AND tier_minutes >= 0")
    op.add_column(QUOTES, sa.Column("tier_code", sa.Text(), nullable=True))
    op.add_column(QUOTES, sa.Column("tier_minutes", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column(QUOTES, "tier_minutes", server_default=None)
    sense = "tier_minutes >= 0 AND (tier_minutes > 0) = (tier_code IS NOT NULL)"
    op.create_check_constraint(op.f("ck_parking_quotes_tier"), QUOTES, sense)
    op.add_column(WAIVERS, sa.Column("tier_code", sa.Text(), nullable=True))
    _check(WAIVERS, KINDS, "kind IN ('coupon', 'points', 'tier')")
    op.create_check_constraint(op.f("ck_parking_waivers_tier"), WAIVERS, "(kind = 'tier') = (tier_code IS NOT NULL)")
    op.create_index(
        "uq_parking_waivers_tier",
        WAIVERS,
        ["member_id", "payment_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'tier'"),
    )


def downgrade() -> None:
    # What a tier covered of a payment is lost; the payment keeps its sums.
    op.drop_index("uq_parking_waivers_tier", WAIVERS)
    op.drop_constraint(op.f("ck_parking_waivers_tier"), WAIVERS)
    op.execute("DELETE FROM parking_waivers WHERE kind = 'tier'")
    op.drop_column(WAIVERS, "tier_code")
    _check(WAIVERS, KINDS, "kind IN ('coupon', 'points')")
    op.drop_constraint(op.f("ck_parking_quotes_tier"), QUOTES)
    op.drop_column(QUOTES, "tier_minutes")
    op.drop_column(QUOTES, "tier_code")
    _check(SESSIONS, SETTLED, "settled_fen >= 0")
    op.drop_column(SESSIONS, "tier_minutes")


def _check(table: str, name: str, sense: str) -> None:
    op.drop_constraint(op.f(name), table)
    op.create_check_constraint(op.f(name), table, sense)
