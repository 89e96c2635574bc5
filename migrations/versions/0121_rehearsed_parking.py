"""A rehearsal of a ladder tells what free minutes of parking would have cost."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0121_rehearsed_parking"
down_revision = "0120_prints_stay"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tier_rehearsals", sa.Column("parking", postgresql.JSONB()))


def downgrade() -> None:
    op.drop_column("tier_rehearsals", "parking")
