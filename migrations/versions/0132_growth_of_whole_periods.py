"""A standing that goes on with the period of another keeps the growth which that period had before it began.

Of those that stand now it is worked out anew: after a refund from the standing before that has the same end, after a
merge from what both had earned in the period of the one who was merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0132_growth_of_whole_periods"
down_revision = "0131_inquiries_elsewhere"
branch_labels = None
depends_on = None

TABLE = "tier_standings"
# The latest standing of the same tier and end whose period the refund left to go on.
AFTER_REFUND = """
SELECT now_on.member_id, now_on.id, now_on.member_id AS earner_id, now_on.began_at,
    max(before.began_at) AS since, true AS is_refund
FROM tier_standings AS now_on
JOIN tier_standings AS before ON before.member_id = now_on.member_id AND before.id < now_on.id
    AND before.tier_code = now_on.tier_code AND before.ends_at = now_on.ends_at AND before.why <> 'taken_back'
WHERE now_on.why = 'taken_back' AND now_on.replaced_at IS NULL
GROUP BY now_on.member_id, now_on.id, now_on.began_at
"""
AFTER_MERGE = """
SELECT now_on.member_id, now_on.id, earner.member_id AS earner_id, now_on.began_at,
    given.began_at AS since, false AS is_refund
FROM tier_standings AS now_on
JOIN member_merges AS merge ON merge.into_member_id = now_on.member_id
JOIN tier_standings AS given ON given.member_id = merge.from_member_id AND given.tier_code = now_on.tier_code
    AND given.ends_at = now_on.ends_at AND given.replaced_at = now_on.began_at
CROSS JOIN LATERAL (VALUES (given.member_id), (now_on.member_id)) AS earner (member_id)
WHERE now_on.why = 'merged' AND now_on.replaced_at IS NULL
"""
FILL = """
UPDATE tier_standings SET brought = greatest(found.grown, 0)
FROM (
    SELECT period.member_id, period.id, sum(coalesce(entry.counting, entry.growth)) AS grown
    FROM ({periods}) AS period
    JOIN growth_entries AS entry ON entry.member_id = period.earner_id AND entry.occurred_at > period.since
        AND (entry.occurred_at < period.began_at OR period.is_refund AND entry.occurred_at = period.began_at)
    GROUP BY period.member_id, period.id
) AS found
WHERE tier_standings.member_id = found.member_id AND tier_standings.id = found.id
"""


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("brought", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_check_constraint(op.f("ck_tier_standings_brought"), TABLE, "brought >= 0")
    for periods in (AFTER_REFUND, AFTER_MERGE):
        op.execute(FILL.format(periods=periods))


def downgrade() -> None:
    op.drop_constraint(op.f("ck_tier_standings_brought"), TABLE)
    op.drop_column(TABLE, "brought")
