"""Points that are held: set aside for a spending that can still be given back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0090_points_holds"
down_revision = "0089_points_proofs"
branch_labels = None
depends_on = None

ACCOUNTS, HOLDS, USES = "points_accounts", "points_holds", "points_hold_uses"
PROOFS, DIFFERENCES = "points_proofs", "points_differences"
SIDE = "ck_points_differences_side"
SIDES = "side IN ('account', 'entries', 'lots', 'running', 'whole')"
SIDES_WITH_HOLDS = "side IN ('account', 'entries', 'lots', 'holds', 'running', 'whole')"
IS_OPEN = "status = 'open'"
# What is held is the member's again, in the lots that it came from.
_PARTS_AGAIN = """
UPDATE points_lots l SET remaining_points = l.remaining_points + u.points
FROM (
    SELECT u.member_id, u.lot_id, sum(u.points) AS points FROM points_hold_uses u
    JOIN points_holds h ON h.member_id = u.member_id AND h.id = u.hold_id AND h.status = 'open'
    GROUP BY u.member_id, u.lot_id
) u WHERE u.member_id = l.member_id AND u.lot_id = l.id
"""
_POINTS_AGAIN = "UPDATE points_accounts SET available_points = available_points + held_points WHERE held_points > 0"


def upgrade() -> None:
    op.add_column(ACCOUNTS, sa.Column("held_points", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column(ACCOUNTS, "held_points", server_default=None)
    op.create_check_constraint(op.f("ck_points_accounts_held"), ACCOUNTS, "held_points >= 0")
    _create_holds()
    op.create_table(
        USES,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("hold_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_points_hold_uses_points")),
        sa.ForeignKeyConstraint(
            ["member_id", "hold_id"],
            ["points_holds.member_id", "points_holds.id"],
            name=op.f("fk_points_hold_uses_member_id_hold_id"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "lot_id"],
            ["points_lots.member_id", "points_lots.id"],
            name=op.f("fk_points_hold_uses_member_id_lot_id"),
        ),
        sa.PrimaryKeyConstraint("member_id", "hold_id", "lot_id", name=op.f("pk_points_hold_uses")),
    )

    op.add_column(PROOFS, sa.Column("held_points", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column(PROOFS, "held_points", server_default=None)
    op.drop_constraint(op.f(SIDE), DIFFERENCES)
    op.create_check_constraint(op.f(SIDE), DIFFERENCES, SIDES_WITH_HOLDS)


def _create_holds() -> None:
    op.create_table(
        HOLDS,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("points", "captured_points", "returned_points", "repaid_points")
        ),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("reason_facts", postgresql.JSONB(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=True),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('open', 'captured', 'released', 'lapsed')", name=op.f("ck_points_holds_status")),
        sa.CheckConstraint("points > 0", name=op.f("ck_points_holds_points")),
        sa.CheckConstraint(
            "captured_points >= 0 AND returned_points >= 0 AND repaid_points >= 0", name=op.f("ck_points_holds_parts")
        ),
        sa.CheckConstraint(
            "captured_points + returned_points + repaid_points = CASE status WHEN 'open' THEN 0 ELSE points END",
            name=op.f("ck_points_holds_whole"),
        ),
        sa.CheckConstraint("(status = 'captured') = (captured_points > 0)", name=op.f("ck_points_holds_captured")),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name=op.f("ck_points_holds_closed")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_points_holds_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_points_holds")),
        sa.UniqueConstraint("member_id", "fact", name=op.f("uq_points_holds_member_id_fact")),
    )
    op.create_index("ix_points_holds_open", HOLDS, ["member_id", "id"], postgresql_where=IS_OPEN)
    op.create_index("ix_points_holds_until", HOLDS, ["until", "member_id"], postgresql_where=IS_OPEN)
    op.create_index("ix_points_holds_mall_id_held_at", HOLDS, ["mall_id", "held_at", "member_id", "id"])


def downgrade() -> None:
    op.execute("DELETE FROM points_differences WHERE side = 'holds'")
    op.drop_constraint(op.f(SIDE), DIFFERENCES)
    op.create_check_constraint(op.f(SIDE), DIFFERENCES, SIDES)
    op.drop_column(PROOFS, "held_points")
    op.execute(_PARTS_AGAIN)
    op.execute(_POINTS_AGAIN)
    op.drop_table(USES)
    op.drop_table(HOLDS)
    op.drop_column(ACCOUNTS, "held_points")
