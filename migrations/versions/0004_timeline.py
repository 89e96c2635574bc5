"""What members did."""

import sqlalchemy as sa
from alembic import op

revision = "0004_timeline"
down_revision = "0003_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "timeline_events",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=True),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_timeline_events_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_timeline_events")),
        sa.UniqueConstraint("member_id", "kind", "fact", name=op.f("uq_timeline_events_member_id_kind_fact")),
    )
    op.create_index(
        "ix_timeline_events_member_id_occurred_at", "timeline_events", ["member_id", "occurred_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_timeline_events_member_id_occurred_at", table_name="timeline_events")
    op.drop_table("timeline_events")
