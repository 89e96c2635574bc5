"""Campaigns count their coupons by day: no page reads them by status any more, and each redemption kept that index."""

from alembic import op

revision = "0052_coupons_by_status"
down_revision = "0051_staff_member_index"
branch_labels = None
depends_on = None

INDEX = "ix_coupons_campaign_id_status"


def upgrade() -> None:
    op.drop_index(INDEX, table_name="coupons")


def downgrade() -> None:
    op.create_index(INDEX, "coupons", ["campaign_id", "status"])
