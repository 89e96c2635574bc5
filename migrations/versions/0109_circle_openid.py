"""What WeChat Pay told of somebody's payments in the circle is found by their openid when they join."""

from alembic import op

revision = "0109_circle_openid"
down_revision = "0108_totals_by_till"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_platform_events_circle_openid ON platform_events ((payload ->> 'openid')) "
        "WHERE channel = 'circle'"
    )


def downgrade() -> None:
    op.drop_index("ix_platform_events_circle_openid", "platform_events")
