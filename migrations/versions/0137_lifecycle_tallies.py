"""How many members have which value is kept from one night of the lifecycle to the next."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0137_lifecycle_tallies"
down_revision = "0136_lifecycle_shares"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lifecycle_tallies",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("near", postgresql.JSONB(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_lifecycle_tallies")),
    )
    op.create_table(
        "lifecycle_tally_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("last_purchase_on", sa.Date(), nullable=True),
        sa.Column("purchases", sa.BigInteger(), nullable=False),
        sa.Column("year_purchases", sa.BigInteger(), nullable=False),
        sa.Column("year_fen", sa.BigInteger(), nullable=False),
        sa.Column("monetary_fen", sa.BigInteger(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("members IN (-1, 1)", name=op.f("ck_lifecycle_tally_changes_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle_tally_changes")),
    )


def downgrade() -> None:
    op.drop_table("lifecycle_tally_changes")
    op.drop_table("lifecycle_tallies")
