"""Coupon campaigns, stock, coupons and redemptions."""

import sqlalchemy as sa
from alembic import op

revision = "0008_benefits"
down_revision = "0007_tiers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("face_fen", sa.BigInteger(), nullable=False),
        sa.Column("parking_minutes", sa.BigInteger(), nullable=False),
        sa.Column("discount_bps", sa.BigInteger(), nullable=False),
        sa.Column("min_spend_fen", sa.BigInteger(), nullable=False),
        sa.Column("valid_days", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("per_member_limit", sa.BigInteger(), nullable=False),
        sa.Column("all_stores", sa.Boolean(), nullable=False),
        sa.Column("mall_share_bps", sa.BigInteger(), nullable=False),
        sa.Column("merchant_share_bps", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('parking', 'cash', 'discount', 'gift')", name=op.f("ck_campaigns_kind")),
        sa.CheckConstraint("discount_bps BETWEEN 0 AND 10000", name=op.f("ck_campaigns_discount")),
        sa.CheckConstraint(
            "face_fen >= 0 AND min_spend_fen >= 0 AND parking_minutes >= 0", name=op.f("ck_campaigns_amounts")
        ),
        sa.CheckConstraint(
            "mall_share_bps + merchant_share_bps = 10000 AND mall_share_bps BETWEEN 0 AND 10000",
            name=op.f("ck_campaigns_shares"),
        ),
        sa.CheckConstraint("num_nonnulls(valid_days, valid_until) = 1", name=op.f("ck_campaigns_validity")),
        sa.CheckConstraint("per_member_limit > 0", name=op.f("ck_campaigns_per_member_limit")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_campaigns_mall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("mall_id", "code", name=op.f("uq_campaigns_mall_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaigns_public_id")),
    )
    op.create_table(
        "campaign_stores",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_stores_campaign_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_campaign_stores_store_id")),
        sa.PrimaryKeyConstraint("campaign_id", "store_id", name=op.f("pk_campaign_stores")),
    )
    op.create_table(
        "coupons",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("grant_key", sa.Text(), nullable=False),
        sa.Column("entrance_id", sa.BigInteger(), nullable=True),
        sa.Column("face_fen", sa.BigInteger(), nullable=False),
        sa.Column("parking_minutes", sa.BigInteger(), nullable=False),
        sa.Column("discount_bps", sa.BigInteger(), nullable=False),
        sa.Column("min_spend_fen", sa.BigInteger(), nullable=False),
        sa.Column("mall_share_bps", sa.BigInteger(), nullable=False),
        sa.Column("merchant_share_bps", sa.BigInteger(), nullable=False),
        sa.Column("plate", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reserved_for", sa.Text(), nullable=True),
        sa.CheckConstraint("(status = 'redeemed') = (redeemed_at IS NOT NULL)", name=op.f("ck_coupons_redeemed_at")),
        sa.CheckConstraint("(status = 'reserved') = (reserved_for IS NOT NULL)", name=op.f("ck_coupons_reserved_for")),
        sa.CheckConstraint("status IN ('issued', 'reserved', 'redeemed', 'void')", name=op.f("ck_coupons_status")),
        sa.CheckConstraint("mall_share_bps + merchant_share_bps = 10000", name=op.f("ck_coupons_shares")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_coupons_campaign_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_coupons_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("member_id", "grant_key", name=op.f("uq_coupons_member_id_grant_key")),
    )
    op.create_index("ix_coupons_campaign_id_issued_at", "coupons", ["campaign_id", "issued_at"], unique=False)
    op.create_index(
        "ix_coupons_expiring", "coupons", ["valid_until"], unique=False, postgresql_where="status = 'issued'"
    )
    op.create_table(
        "grant_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_grant_rules_campaign_id")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_grant_rules_mall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_rules")),
        sa.UniqueConstraint(
            "mall_id", "trigger", "campaign_id", name=op.f("uq_grant_rules_mall_id_trigger_campaign_id")
        ),
    )
    op.create_table(
        "stock_buckets",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("bucket", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_stock_buckets_remaining")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_stock_buckets_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "bucket", name=op.f("pk_stock_buckets")),
    )
    op.create_table(
        "coupon_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("coupon_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "coupon_id"],
            ["coupons.member_id", "coupons.id"],
            name=op.f("fk_coupon_codes_member_id_coupon_id"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_coupon_codes")),
    )
    op.create_table(
        "redemptions",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("coupon_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("spend_fen", sa.BigInteger(), nullable=True),
        sa.Column("discount_fen", sa.BigInteger(), nullable=False),
        sa.Column("mall_fen", sa.BigInteger(), nullable=False),
        sa.Column("merchant_fen", sa.BigInteger(), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("mall_fen + merchant_fen = discount_fen", name=op.f("ck_redemptions_shares")),
        sa.ForeignKeyConstraint(
            ["member_id", "coupon_id"],
            ["coupons.member_id", "coupons.id"],
            name=op.f("fk_redemptions_member_id_coupon_id"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_redemptions_member_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_redemptions_store_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_redemptions")),
    )
    op.create_index("ix_redemptions_public_id", "redemptions", ["public_id"], unique=False)
    op.create_index("ix_redemptions_store_id_redeemed_at", "redemptions", ["store_id", "redeemed_at"], unique=False)
    op.create_index(
        "uq_redemptions_live",
        "redemptions",
        ["member_id", "coupon_id"],
        unique=True,
        postgresql_where="reversed_at IS NULL",
    )


def downgrade() -> None:
    op.drop_index("uq_redemptions_live", table_name="redemptions", postgresql_where="reversed_at IS NULL")
    op.drop_index("ix_redemptions_store_id_redeemed_at", table_name="redemptions")
    op.drop_index("ix_redemptions_public_id", table_name="redemptions")
    op.drop_table("redemptions")
    op.drop_table("coupon_codes")
    op.drop_table("stock_buckets")
    op.drop_table("grant_rules")
    op.drop_index("ix_coupons_expiring", table_name="coupons", postgresql_where="status = 'issued'")
    op.drop_index("ix_coupons_campaign_id_issued_at", table_name="coupons")
    op.drop_table("coupons")
    op.drop_table("campaign_stores")
    op.drop_table("campaigns")
