"""What gives growth is data, and behaviour is among it."""

import sqlalchemy as sa
from alembic import op

revision = "0094_growth_rules"
down_revision = "0093_tier_standings"
branch_labels = None
depends_on = None

_NUMBERS = (
    "spend_bps",
    "join_growth",
    "task_growth",
    "visit_growth",
    "interaction_growth",
    "interactions_a_day",
    "review_growth",
    "reviews_a_day",
    "invitation_growth",
    "invitations_a_day",
)
# What has always held where there are members already: they were told of nothing else.
_AS_BEFORE = """
INSERT INTO growth_rules (effective_from, spend_bps, join_growth, task_growth, visit_growth, interaction_growth,
    interactions_a_day, review_growth, reviews_a_day, invitation_growth, invitations_a_day, created_at, created_by)
SELECT DATE '2000-01-01', 10000, 10, 5, 0, 0, 1, 0, 1, 0, 1, now(), 'system'
FROM tier_ladders WHERE effective_from = DATE '2000-01-01'
"""


def upgrade() -> None:
    op.create_table(
        "growth_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _NUMBERS),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "spend_bps >= 0 AND join_growth >= 0 AND task_growth >= 0 AND visit_growth >= 0 AND interaction_growth >= 0"
            " AND review_growth >= 0 AND invitation_growth >= 0",
            name=op.f("ck_growth_rules_growth"),
        ),
        sa.CheckConstraint(
            "interactions_a_day > 0 AND reviews_a_day > 0 AND invitations_a_day > 0",
            name=op.f("ck_growth_rules_a_day"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_rules")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_growth_rules_effective_from")),
    )
    op.create_table(
        "growth_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reached_id", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_growth_days")),
    )
    op.execute(_AS_BEFORE)


def downgrade() -> None:
    op.drop_table("growth_days")
    op.drop_table("growth_rules")
