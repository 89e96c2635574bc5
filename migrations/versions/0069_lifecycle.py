"""Where members stand: rules by day, stages, what moved; which events of the timeline were told of late."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0069_lifecycle"
down_revision = "0068_sleep_causes"
branch_labels = None
depends_on = None

TABLES = (
    "lifecycle_nights",
    "lifecycle_cuts",
    "stage_flows",
    "stage_changes",
    "member_stages",
    "lifecycle_rules",
)


def upgrade() -> None:
    op.add_column("timeline_events", sa.Column("late_on", sa.Date(), nullable=True))
    op.create_index("ix_timeline_events_occurred_at", "timeline_events", ["occurred_at"])
    op.create_index(
        "ix_timeline_events_late_on",
        "timeline_events",
        ["late_on", "member_id"],
        postgresql_where=sa.text("late_on IS NOT NULL"),
    )
    op.create_index("ix_members_created_at", "members", ["created_at"])
    op.create_index("ix_member_merges_merged_at", "member_merges", ["merged_at"])
    _create_rules()
    _create_stages()
    _create_days()


def _create_rules() -> None:
    numbers = (
        "active_days",
        "silent_days",
        "warning_days",
        "sleeping_days",
        "lost_days",
        "recent_days",
        "repeat_purchases",
        "high_purchases",
        "spend_days",
        "high_spend_top_bps",
    )
    op.create_table(
        "lifecycle_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in numbers),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle_rules")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_lifecycle_rules_effective_from")),
        sa.CheckConstraint("active_days >= 0 AND silent_days > active_days", name=op.f("ck_lifecycle_rules_activity")),
        sa.CheckConstraint(
            "warning_days > 0 AND sleeping_days > 0 AND lost_days > sleeping_days",
            name=op.f("ck_lifecycle_rules_at_risk"),
        ),
        sa.CheckConstraint("recent_days > 0 AND spend_days >= recent_days", name=op.f("ck_lifecycle_rules_windows")),
        sa.CheckConstraint(
            "repeat_purchases > 1 AND high_purchases > repeat_purchases", name=op.f("ck_lifecycle_rules_purchases")
        ),
        sa.CheckConstraint("high_spend_top_bps BETWEEN 1 AND 9999", name=op.f("ck_lifecycle_rules_high_spend_top")),
    )


def _facts() -> list[sa.Column[object]]:
    return [
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("last_purchase_on", sa.Date(), nullable=True),
        sa.Column("last_presence_on", sa.Date(), nullable=False),
        sa.Column("last_behaviour_on", sa.Date(), nullable=False),
        sa.Column("recent_purchases", sa.BigInteger(), nullable=False),
        sa.Column("year_purchases", sa.BigInteger(), nullable=False),
        sa.Column("year_fen", sa.BigInteger(), nullable=False),
        sa.Column("purchases", sa.BigInteger(), nullable=False),
        sa.Column("monetary_fen", sa.BigInteger(), nullable=False),
    ]


def _create_stages() -> None:
    op.create_table(
        "member_stages",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False),
        *_facts(),
        sa.Column("is_plain", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_stages")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_stages_member_id")),
    )
    op.execute("ALTER TABLE member_stages SET (fillfactor = 75)")
    op.create_index("ix_member_stages_home_mall_id_stage", "member_stages", ["home_mall_id", "stage", "member_id"])
    op.create_table(
        "stage_changes",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("old_stage", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("old_activity", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("rules_id", sa.BigInteger(), nullable=True),
        sa.Column("night_id", sa.BigInteger(), nullable=True),
        *_facts(),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_stage_changes")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_stage_changes_member_id")),
        sa.CheckConstraint("old_stage <> stage OR old_activity <> activity", name=op.f("ck_stage_changes_changes")),
    )
    op.create_index("ix_stage_changes_day_member_id", "stage_changes", ["day", "member_id"])


def _create_days() -> None:
    op.create_table(
        "stage_flows",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("home_mall_id", sa.BigInteger(), nullable=False),
        sa.Column("old_stage", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "home_mall_id", "old_stage", "stage", name=op.f("pk_stage_flows")),
    )
    points = [
        sa.Column(name, postgresql.ARRAY(sa.Double()), nullable=True) for name in ("recency", "frequency", "monetary")
    ]
    op.create_table(
        "lifecycle_cuts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("high_spend_fen", sa.BigInteger(), nullable=True),
        *points,
        sa.PrimaryKeyConstraint("day", name=op.f("pk_lifecycle_cuts")),
    )
    op.create_table(
        "lifecycle_nights",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.Column("rules_id", sa.BigInteger(), nullable=True),
        sa.Column("members", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle_nights")),
        sa.UniqueConstraint("day", name=op.f("uq_lifecycle_nights_day")),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_member_merges_merged_at", table_name="member_merges")
    op.drop_index("ix_members_created_at", table_name="members")
    op.drop_index("ix_timeline_events_late_on", table_name="timeline_events")
    op.drop_index("ix_timeline_events_occurred_at", table_name="timeline_events")
    op.drop_column("timeline_events", "late_on")
