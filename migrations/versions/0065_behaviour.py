"""Events of the mini-program by month; what has no month of its own stands in the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0065_behaviour"
down_revision = "0064_member_profiles"
branch_labels = None
depends_on = None

TABLE = "behaviour_events"
KINDS = "('open', 'page', 'search', 'share', 'favourite', 'route', 'dwell')"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("seconds", sa.BigInteger(), nullable=True),
        sa.Column("scene", sa.Text(), nullable=False),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_behaviour_events_month")),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_behaviour_events_kind")),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_behaviour_events_seconds")),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 40", name=op.f("ck_behaviour_events_words")),
        sa.PrimaryKeyConstraint("member_id", "month", "event_id", name=op.f("pk_behaviour_events")),
        postgresql_partition_by="RANGE (month)",
    )
    op.create_index("ix_behaviour_events_words", TABLE, ["received_at"], postgresql_where=sa.text("words IS NOT NULL"))
    op.execute("CREATE TABLE behaviour_events_rest PARTITION OF behaviour_events DEFAULT")


def downgrade() -> None:
    op.drop_table(TABLE)
