"""Merges of members that can be undone: what went along, what came back, coupons that stand for others."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0071_merges_undone"
down_revision = "0070_footfall"
branch_labels = None
depends_on = None

MERGES, ENTRIES, CARRIED = "member_merges", "points_entries", "carried_coupons"
KINDS_BEFORE = "kind IN ('accrue', 'redeem', 'reverse', 'expire', 'adjust', 'forfeit')"
KINDS_NOW = "kind IN ('accrue', 'redeem', 'reverse', 'expire', 'adjust', 'forfeit', 'move')"


def upgrade() -> None:
    _set_kinds(KINDS_NOW)
    op.add_column(MERGES, sa.Column("carried", postgresql.JSONB(), nullable=False, server_default="{}"))
    op.alter_column(MERGES, "carried", server_default=None)
    op.add_column(MERGES, sa.Column("undone_at", sa.DateTime(timezone=True)))
    op.add_column(MERGES, sa.Column("returned", postgresql.JSONB()))
    op.create_check_constraint(op.f("ck_member_merges_returned"), MERGES, "(undone_at IS NULL) = (returned IS NULL)")
    op.drop_constraint(op.f("uq_member_merges_from_member_id"), MERGES)
    op.create_index(
        "uq_member_merges_standing",
        MERGES,
        ["from_member_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        CARRIED,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("merge_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("grant_key", sa.Text(), nullable=False),
        sa.Column("from_member_id", sa.BigInteger(), nullable=False),
        sa.Column("from_coupon_id", sa.BigInteger(), nullable=False),
        sa.Column("coupon_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_carried_coupons")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_carried_coupons_member_id")),
    )
    origin = ["member_id", "merge_id", "from_member_id", "from_coupon_id"]
    op.create_index("uq_carried_coupons_origin", CARRIED, origin, unique=True)
    op.create_index("ix_carried_coupons_campaign_id", CARRIED, ["member_id", "campaign_id"])


def downgrade() -> None:
    op.drop_table(CARRIED)
    op.drop_index("uq_member_merges_standing", table_name=MERGES)
    op.execute("DELETE FROM member_merges WHERE undone_at IS NOT NULL")
    op.create_unique_constraint(op.f("uq_member_merges_from_member_id"), MERGES, ["from_member_id"])
    op.drop_constraint(op.f("ck_member_merges_returned"), MERGES)
    for column in ("returned", "undone_at", "carried"):
        op.drop_column(MERGES, column)
    _set_kinds(KINDS_BEFORE)


def _set_kinds(kinds: str) -> None:
    """Entries of moves stay when the kind is given up, for a ledger only grows: only new ones are asked."""
    op.drop_constraint(op.f("ck_points_entries_kind"), ENTRIES)
    op.create_check_constraint(
        op.f("ck_points_entries_kind"), ENTRIES, kinds, postgresql_not_valid=kinds == KINDS_BEFORE
    )
