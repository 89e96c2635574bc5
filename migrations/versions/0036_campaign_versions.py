"""Campaigns are edited as versions, give coupons from a day until a day, and their redemptions are found by day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036_campaign_versions"
down_revision = "0035_unknown_scenes"
branch_labels = None
depends_on = None

FIRST_VERSIONS = """
INSERT INTO campaign_versions (campaign_id, version, title, summary, face_fen, parking_minutes, discount_bps,
    min_spend_fen, valid_days, valid_from, valid_until, per_member_limit, mall_share_bps, store_ids, created_at,
    created_by)
SELECT id, 1, title, summary, face_fen, parking_minutes, discount_bps, min_spend_fen, valid_days, valid_from,
    valid_until, per_member_limit, mall_share_bps, CASE WHEN NOT all_stores THEN
    ARRAY(SELECT store_id FROM campaign_stores WHERE campaign_id = campaigns.id ORDER BY store_id) END,
    created_at, ''
FROM campaigns
"""


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("issue_from", sa.Date()))
    op.add_column("campaigns", sa.Column("issue_until", sa.Date()))
    op.add_column("campaigns", sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
    op.alter_column("campaigns", "version", server_default=None)
    op.create_check_constraint(op.f("ck_campaigns_issue_days"), "campaigns", "issue_from <= issue_until")
    op.create_table(
        "campaign_versions",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("face_fen", sa.BigInteger(), nullable=False),
        sa.Column("parking_minutes", sa.BigInteger(), nullable=False),
        sa.Column("discount_bps", sa.BigInteger(), nullable=False),
        sa.Column("min_spend_fen", sa.BigInteger(), nullable=False),
        sa.Column("valid_days", sa.BigInteger()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("per_member_limit", sa.BigInteger(), nullable=False),
        sa.Column("mall_share_bps", sa.BigInteger(), nullable=False),
        sa.Column("issue_from", sa.Date()),
        sa.Column("issue_until", sa.Date()),
        sa.Column("store_ids", postgresql.ARRAY(sa.BigInteger())),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "version", name=op.f("pk_campaign_versions")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_versions_campaign_id")),
    )
    op.execute(FIRST_VERSIONS)
    op.create_index("ix_redemptions_campaign_id_redeemed_at", "redemptions", ["campaign_id", "redeemed_at"])


def downgrade() -> None:
    op.drop_index("ix_redemptions_campaign_id_redeemed_at", table_name="redemptions")
    op.drop_table("campaign_versions")
    op.drop_constraint(op.f("ck_campaigns_issue_days"), "campaigns", type_="check")
    for column in ("version", "issue_until", "issue_from"):
        op.drop_column("campaigns", column)
