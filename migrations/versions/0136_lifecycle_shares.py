"""A night of many members is worked out in shares of them, at the same time."""

import sqlalchemy as sa
from alembic import op

revision = "0136_lifecycle_shares"
down_revision = "0135_meant_for_index"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lifecycle_shares",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("is_done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("day", "number", name=op.f("pk_lifecycle_shares")),
    )


def downgrade() -> None:
    op.drop_table("lifecycle_shares")
