"""Coupons of joining that were used, by the moment they were given: what the first page counts of a month."""

import sqlalchemy as sa
from alembic import op

revision = "0059_gifts_used"
down_revision = "0058_campaign_revisions"
branch_labels = None
depends_on = None

NAME = "ix_coupons_gifts_used"


def upgrade() -> None:
    op.create_index(
        NAME,
        "coupons",
        ["mall_id", "issued_at", "member_id"],
        postgresql_where=sa.text("status = 'redeemed' AND trigger = 'join' AND entrance_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(NAME, "coupons")
