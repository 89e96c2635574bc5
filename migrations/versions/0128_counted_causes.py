"""How many of a mall stay away for each cause is counted, and who they are found, by an index alone."""

from alembic import op

revision = "0128_counted_causes"
down_revision = "0127_seen_runs"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_sleep_causes_home_mall_id", "sleep_causes"


def upgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, ["home_mall_id", "cause", "corrected_cause", "member_id"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, ["home_mall_id", "member_id"])
