"""Staff bear the index of their phone among members, so that nobody's phone is unsealed to look for it.

For who is there already a job works it out: a migration has no keys.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051_staff_member_index"
down_revision = "0050_inbox_numbers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("member_index", sa.Text()))


def downgrade() -> None:
    op.drop_column("staff", "member_index")
