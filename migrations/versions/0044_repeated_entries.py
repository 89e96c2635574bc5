"""Stays that a second entry ended are found by when it did."""

from alembic import op

revision = "0044_repeated_entries"
down_revision = "0043_cases_settle"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_parking_sessions_exit_missed", "parking_sessions"


def upgrade() -> None:
    op.create_index(NAME, TABLE, ["exited_at"], postgresql_where="note = 'exit_missed'")


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
