"""Sums by day are read by key as well: the index of a mall's days holds it, so no sum is looked up in the table."""

from alembic import op

revision = "0061_sums_by_key"
down_revision = "0060_sealed_list_files"
branch_labels = None
depends_on = None

NAME = "ix_day_sums_mall_id_day"


def upgrade() -> None:
    _index_with("key", "count", "amount")


def downgrade() -> None:
    _index_with("count", "amount")


def _index_with(*included: str) -> None:
    op.drop_index(NAME, table_name="day_sums")
    op.create_index(NAME, "day_sums", ["mall_id", "series", "day"], postgresql_include=list(included))
