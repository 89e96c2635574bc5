"""Tags of members: computed ones with their evidence, how many bear each, thresholds; those that people give."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0076_tags"
down_revision = "0075_duplicate_members"
branch_labels = None
depends_on = None

TAGS, COUNTS, NIGHTS, RULES = "member_tags", "tag_counts", "tag_nights", "tag_rules"
NAMES, GIVEN = "manual_tags", "member_manual_tags"


def upgrade() -> None:
    op.create_table(
        TAGS,
        sa.Column("member_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False),
        sa.Column("weight_bps", sa.BigInteger(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("worked_out_on", sa.Date(), nullable=False),
        sa.CheckConstraint("weight_bps BETWEEN 1 AND 10000", name=op.f("ck_member_tags_weight")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_tags_member_id")),
        sa.PrimaryKeyConstraint("member_id", "kind", "value", name=op.f("pk_member_tags")),
    )
    op.create_index("ix_member_tags_home_mall_id", TAGS, ["home_mall_id", "kind", "value", "member_id"])
    op.create_table(
        COUNTS,
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("home_mall_id", "kind", "value", name=op.f("pk_tag_counts")),
    )
    op.create_table(
        NIGHTS,
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rules_id", sa.BigInteger()),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("tags", "written", "removed")),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_tag_nights")),
    )
    _create_rules()
    _create_manual()


def _create_rules() -> None:
    numbers = (
        "window_days",
        "half_life_days",
        "least_purchases",
        "least_visits",
        "least_weight_bps",
        "category_bps",
        "brand_bps",
        "zone_bps",
        "price_sensitive_bps",
        "price_full_bps",
        "frequent_visits",
        "week_bps",
        "hours_bps",
        "long_stay_minutes",
        "short_stay_minutes",
        "parking_bps",
        "family_purchases",
        "browsed_days",
        "browsed_pages",
        "least_shares",
    )
    checks = {
        "half_life": "half_life_days BETWEEN 1 AND window_days",
        "least": "least_purchases > 0 AND least_visits > 0",
        "price": "price_full_bps < price_sensitive_bps",
        "stay": "short_stay_minutes < long_stay_minutes",
    }
    op.create_table(
        RULES,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in numbers),
        *(sa.CheckConstraint(holds, name=op.f(f"ck_{RULES}_{name}")) for name, holds in checks.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_rules")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_tag_rules_effective_from")),
    )


def _create_manual() -> None:
    op.create_table(
        NAMES,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 12", name=op.f("ck_manual_tags_name")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_manual_tags_mall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_tags")),
        sa.UniqueConstraint("mall_id", "name", name=op.f("uq_manual_tags_mall_id_name")),
    )
    op.create_table(
        GIVEN,
        sa.Column("member_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("tag_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("given_by", sa.BigInteger(), nullable=False),
        sa.Column("given_by_name", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_manual_tags_member_id")),
        sa.ForeignKeyConstraint(["tag_id"], ["manual_tags.id"], name=op.f("fk_member_manual_tags_tag_id")),
        sa.PrimaryKeyConstraint("member_id", "tag_id", name=op.f("pk_member_manual_tags")),
    )
    op.create_index("ix_member_manual_tags_tag_id", GIVEN, ["tag_id", "member_id"])


def downgrade() -> None:
    for table in (GIVEN, NAMES, RULES, NIGHTS, COUNTS, TAGS):
        op.drop_table(table)
