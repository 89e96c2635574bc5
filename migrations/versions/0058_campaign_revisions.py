"""Changes of campaigns that hold from a moment on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0058_campaign_revisions"
down_revision = "0057_lists_about_one_thing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("changes_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_campaigns_changes_at", "campaigns", ["changes_at"], postgresql_where=sa.text("changes_at IS NOT NULL")
    )
    op.create_table(
        "campaign_revisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
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
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("store_ids", postgresql.ARRAY(sa.BigInteger())),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_revisions")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_revisions_campaign_id")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_campaign_revisions_campaign_id")),
    )


def downgrade() -> None:
    op.drop_table("campaign_revisions")
    op.drop_index("ix_campaigns_changes_at", table_name="campaigns")
    op.drop_column("campaigns", "changes_at")
