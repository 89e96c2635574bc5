"""Find what takes a posting back."""

import sqlalchemy as sa
from alembic import op

revision = "0012_postings_reversals"
down_revision = "0011_append_only"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_postings_reverses_id",
        "postings",
        ["reverses_id"],
        unique=False,
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_postings_reverses_id", table_name="postings")
