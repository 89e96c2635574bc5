"""Days of tills that were compared before what came was kept are compared again, whatever was found of them.

Of those whose tills were compared together nothing is kept, then as now.
"""

from alembic import op

revision = "0130_totals_compared_again"
down_revision = "0129_inquiries_of_malls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE till_totals SET differs = NULL WHERE differs IS NOT NULL AND came_fen IS NULL")


def downgrade() -> None:
    """Code before it compares such days, too."""
