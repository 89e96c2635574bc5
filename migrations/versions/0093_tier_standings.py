"""Tiers are a ladder of versions, and where members stand on it is a fact with a period."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0093_tier_standings"
down_revision = "0092_points_days"
branch_labels = None
depends_on = None

_WHY = "('opening', 'risen', 'ladder', 'kept', 'fallen', 'taken_back', 'merged', 'parted')"

# The ladder that was there has always held: all growth counts, and nobody's standing ends.
_FIRST_LADDER = """
INSERT INTO tier_ladders (effective_from, document, created_at, created_by)
SELECT DATE '2000-01-01', jsonb_build_object(
    'rungs', jsonb_agg(jsonb_build_object('code', code, 'name', name, 'threshold', threshold) ORDER BY threshold),
    'period_months', NULL, 'at_end', 'kept'), now(), 'system'
FROM tiers HAVING count(*) > 0
"""
_ROUND = "INSERT INTO tier_ladder_rounds (ladder_id, reached_id, done_at) SELECT id, 0, now() FROM tier_ladders"

# Everybody stands where their growth had taken them, since the entry from which on it was never below that again.
_STANDINGS = """
INSERT INTO tier_standings (member_id, tier_code, began_at, why, counted)
SELECT account.member_id, tier.code, coalesce(since.at, now()), 'opening', account.growth
FROM growth_accounts account
CROSS JOIN LATERAL (
    SELECT code, threshold FROM tiers WHERE threshold <= account.growth ORDER BY threshold DESC LIMIT 1
) tier
LEFT JOIN LATERAL (
    SELECT min(entry.occurred_at) AS at FROM growth_entries entry
    WHERE entry.member_id = account.member_id AND entry.growth_after >= tier.threshold AND entry.id > coalesce((
        SELECT max(below.id) FROM growth_entries below
        WHERE below.member_id = account.member_id AND below.growth_after < tier.threshold), 0)
) since ON true
WHERE tier.threshold > 0
"""

_TIERS_AGAIN = """
INSERT INTO tiers (code, name, threshold)
SELECT rung->>'code', rung->>'name', (rung->>'threshold')::bigint FROM (
    SELECT jsonb_array_elements(document->'rungs') AS rung
    FROM (SELECT document FROM tier_ladders WHERE effective_from <= now() ORDER BY effective_from DESC LIMIT 1) last
) rungs
"""


def upgrade() -> None:
    op.create_table(
        "tier_ladders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_ladders")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_tier_ladders_effective_from")),
    )
    op.create_table(
        "tier_ladder_rounds",
        sa.Column("ladder_id", sa.BigInteger(), nullable=False),
        sa.Column("reached_id", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("ladder_id", name=op.f("pk_tier_ladder_rounds")),
        sa.ForeignKeyConstraint(["ladder_id"], ["tier_ladders.id"], name=op.f("fk_tier_ladder_rounds_ladder_id")),
    )
    op.create_table(
        "tier_standings",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("tier_code", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"why IN {_WHY}", name=op.f("ck_tier_standings_why")),
        sa.CheckConstraint("ends_at > began_at", name=op.f("ck_tier_standings_period")),
        sa.CheckConstraint("replaced_at >= began_at", name=op.f("ck_tier_standings_replaced")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_tier_standings_counted")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_tier_standings_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_tier_standings")),
    )
    current = sa.text("replaced_at IS NULL")
    op.create_index("uq_tier_standings_current", "tier_standings", ["member_id"], unique=True, postgresql_where=current)
    op.create_index(
        "ix_tier_standings_ends_at",
        "tier_standings",
        ["ends_at"],
        postgresql_where=sa.text("replaced_at IS NULL AND ends_at IS NOT NULL"),
    )
    op.create_index(
        "ix_tier_standings_tier_code", "tier_standings", ["tier_code", "member_id"], postgresql_where=current
    )
    op.create_table(
        "tier_notices",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("standing_id", sa.BigInteger(), nullable=False),
        sa.Column("tier_code", sa.Text(), nullable=False),
        sa.Column("falls_to", sa.Text(), nullable=False),
        sa.Column("missing", sa.BigInteger(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("missing > 0", name=op.f("ck_tier_notices_missing")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_tier_notices_member_id")),
        sa.PrimaryKeyConstraint("member_id", "standing_id", name=op.f("pk_tier_notices")),
    )
    op.create_index("ix_tier_notices_made_at", "tier_notices", ["made_at"])
    op.add_column("growth_entries", sa.Column("counting", sa.BigInteger()))
    op.execute(_FIRST_LADDER)
    op.execute(_ROUND)
    op.execute(_STANDINGS)
    op.drop_constraint(op.f("fk_tier_perks_tier_code"), "tier_perks", type_="foreignkey")
    op.drop_table("tiers")


def downgrade() -> None:
    op.create_table(
        "tiers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("threshold", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("threshold >= 0", name=op.f("ck_tiers_threshold")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_tiers")),
        sa.UniqueConstraint("threshold", name=op.f("uq_tiers_threshold")),
    )
    op.execute(_TIERS_AGAIN)
    op.execute("DELETE FROM tier_perks WHERE tier_code NOT IN (SELECT code FROM tiers)")
    op.create_foreign_key(op.f("fk_tier_perks_tier_code"), "tier_perks", "tiers", ["tier_code"], ["code"])
    op.drop_column("growth_entries", "counting")
    op.drop_table("tier_notices")
    op.drop_table("tier_standings")
    op.drop_table("tier_ladder_rounds")
    op.drop_table("tier_ladders")
