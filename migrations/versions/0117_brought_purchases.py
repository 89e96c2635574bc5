"""What members brought themselves is found by store, sum and day, for a till that tells of it later."""

from alembic import op

revision = "0117_brought_purchases"
down_revision = "0116_high_friends"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_purchases_brought",
        "purchases",
        ["store_id", "amount_fen", "occurred_at"],
        postgresql_where="source IN ('claim', 'photo')",
    )


def downgrade() -> None:
    op.drop_index("ix_purchases_brought", table_name="purchases")
