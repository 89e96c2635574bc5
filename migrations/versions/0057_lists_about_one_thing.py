"""Files of lists about one thing: a member's points, a statement's rows."""

import sqlalchemy as sa
from alembic import op

revision = "0057_lists_about_one_thing"
down_revision = "0056_given_by_hand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("list_files", sa.Column("about", sa.Text(), nullable=True))
    op.add_column("list_files", sa.Column("about_name", sa.Text(), nullable=True))


def downgrade() -> None:
    # Without it a file would be made of all there is.
    op.execute("DELETE FROM list_file_parts WHERE file_id IN (SELECT id FROM list_files WHERE about IS NOT NULL)")
    op.execute("DELETE FROM list_files WHERE about IS NOT NULL")
    op.drop_column("list_files", "about_name")
    op.drop_column("list_files", "about")
