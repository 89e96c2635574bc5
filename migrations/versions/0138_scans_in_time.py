"""Openings of entrances are listed by their time, which imported ones do not come in the order of."""

from alembic import op

revision = "0138_scans_in_time"
down_revision = "0137_lifecycle_tallies"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_entrance_scans_scanned_at", "entrance_scans"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["scanned_at", "id"])


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
