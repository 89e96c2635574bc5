"""Where a merchant was added: that mall keeps it until it has stores. Who added those before is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0062_merchants_of_malls"
down_revision = "0061_sums_by_key"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("merchants", sa.Column("added_in_mall_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_merchants_added_in_mall_id"), "merchants", "malls", ["added_in_mall_id"], ["id"])


def downgrade() -> None:
    op.drop_column("merchants", "added_in_mall_id")
