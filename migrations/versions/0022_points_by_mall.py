"""Sum a day's points of a mall without reading every member's entries."""

from alembic import op

revision = "0022_points_by_mall"
down_revision = "0021_temporary_passwords"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_points_entries_mall_id_occurred_at", "points_entries", ["mall_id", "occurred_at"])


def downgrade() -> None:
    op.drop_index("ix_points_entries_mall_id_occurred_at", table_name="points_entries")
