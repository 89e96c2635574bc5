"""A run of a job says when its worker was last seen at it, so that one whose worker died is soon made up for."""

import sqlalchemy as sa
from alembic import op

revision = "0127_seen_runs"
down_revision = "0126_idle_points"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job_runs", sa.Column("seen_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE job_runs SET seen_at = coalesce(finished_at, started_at)")
    op.alter_column("job_runs", "seen_at", nullable=False)


def downgrade() -> None:
    op.drop_column("job_runs", "seen_at")
