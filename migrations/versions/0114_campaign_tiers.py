"""Campaigns that are for members on some tiers alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0114_campaign_tiers"
down_revision = "0113_free_parking"
branch_labels = None
depends_on = None

TABLES = ("campaigns", "campaign_versions", "campaign_revisions")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("tier_codes", postgresql.ARRAY(sa.Text())))
    op.create_check_constraint(op.f("ck_campaigns_tiers"), "campaigns", "cardinality(tier_codes) > 0")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_campaigns_tiers"), "campaigns")
    for table in TABLES:
        op.drop_column(table, "tier_codes")
