"""Remember which closed orders the platform has been told of."""

import sqlalchemy as sa
from alembic import op

revision = "0016_payments_closing"
down_revision = "0015_parking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment_orders", sa.Column("platform_closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_payment_orders_unclosed",
        "payment_orders",
        ["closed_at"],
        unique=False,
        postgresql_where="status = 'closed' AND platform_closed_at IS NULL",
    )


def downgrade() -> None:
    op.drop_index("ix_payment_orders_unclosed", table_name="payment_orders")
    op.drop_column("payment_orders", "platform_closed_at")
