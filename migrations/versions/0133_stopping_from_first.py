"""A fit says whether a member may stop after the first purchase already; so far nobody could."""

import sqlalchemy as sa
from alembic import op

revision = "0133_stopping_from_first"
down_revision = "0132_growth_of_whole_periods"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("prediction_fits", sa.Column("from_first", sa.Boolean(), server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("prediction_fits", "from_first")
