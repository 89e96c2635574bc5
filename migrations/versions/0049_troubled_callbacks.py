"""Callbacks that wait for people are found by an index of their own."""

from alembic import op

revision = "0049_troubled_callbacks"
down_revision = "0048_payment_terms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_platform_events_troubled",
        "platform_events",
        ["received_at", "id"],
        postgresql_where="kind = 'unread' OR given_up_at IS NOT NULL",
    )


def downgrade() -> None:
    op.drop_index("ix_platform_events_troubled", table_name="platform_events")
