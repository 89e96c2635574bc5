"""Messages to members, and the policy of how often and when they may be touched."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018_outreach_messages"
down_revision = "0017_platform_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outreach_policies",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marketing_cap", sa.BigInteger(), nullable=False),
        sa.Column("window_hours", sa.BigInteger(), nullable=False),
        sa.Column("quiet_from_minute", sa.BigInteger(), nullable=False),
        sa.Column("quiet_until_minute", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("marketing_cap >= 0 AND window_hours > 0", name=op.f("ck_outreach_policies_cap")),
        sa.CheckConstraint(
            "quiet_from_minute BETWEEN 0 AND 1439 AND quiet_until_minute BETWEEN 0 AND 1439",
            name=op.f("ck_outreach_policies_quiet"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_policies")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_outreach_policies_effective_from")),
    )
    op.create_table(
        "outreach_messages",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("marketing", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("platform_message_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'sending') = (lease_until IS NOT NULL)", name=op.f("ck_outreach_messages_lease_until")
        ),
        sa.CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outreach_messages_sent_at")),
        sa.CheckConstraint(
            "(status IN ('sending', 'sent', 'unknown')) = (touched_at IS NOT NULL)",
            name=op.f("ck_outreach_messages_touched_at"),
        ),
        sa.CheckConstraint(
            "status = 'planned' OR (reason IS NULL) = (status IN ('sending', 'sent'))",
            name=op.f("ck_outreach_messages_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'sending', 'sent', 'failed', 'suppressed', 'unknown')",
            name=op.f("ck_outreach_messages_status"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outreach_messages_attempts")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_outreach_messages_mall_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_outreach_messages_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_outreach_messages")),
        sa.UniqueConstraint("member_id", "dedupe_key", name=op.f("uq_outreach_messages_member_id_dedupe_key")),
    )
    op.create_index(
        "ix_outreach_messages_due",
        "outreach_messages",
        ["due_at", "member_id", "id"],
        postgresql_where="status = 'planned'",
    )
    op.create_index(
        "ix_outreach_messages_leased", "outreach_messages", ["lease_until"], postgresql_where="status = 'sending'"
    )
    op.create_index("ix_outreach_messages_mall_id_planned_at", "outreach_messages", ["mall_id", "planned_at"])
    op.create_index("ix_outreach_messages_planned_at", "outreach_messages", ["planned_at"])
    op.create_index(
        "ix_outreach_messages_touches",
        "outreach_messages",
        ["member_id", "touched_at"],
        postgresql_where="marketing AND touched_at IS NOT NULL",
    )


def downgrade() -> None:
    op.drop_table("outreach_messages")
    op.drop_table("outreach_policies")
