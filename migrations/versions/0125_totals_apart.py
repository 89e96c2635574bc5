"""What came of a till's day is kept beside its word, so that the days that differ most can be listed first."""

import sqlalchemy as sa
from alembic import op

revision = "0125_totals_apart"
down_revision = "0124_given_by_two"
branch_labels = None
depends_on = None

TABLE = "till_totals"
INDEXES = {
    "ix_till_totals_apart": ["mall_id", "apart_fen", "business_day", "store_id", "source", "till"],
    "ix_till_totals_days": ["mall_id", "business_day", "store_id", "source", "till"],
}


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("came_count", sa.BigInteger()))
    op.add_column(TABLE, sa.Column("came_fen", sa.BigInteger()))
    op.add_column(TABLE, sa.Column("apart_fen", sa.BigInteger(), nullable=False, server_default="0"))
    for name, columns in INDEXES.items():
        op.create_index(name, TABLE, columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, TABLE)
    for name in ("came_count", "came_fen", "apart_fen"):
        op.drop_column(TABLE, name)
