"""A receipt of nobody that people give to a member needs two of them from a sum on, as claims and photographs do."""

import sqlalchemy as sa
from alembic import op

revision = "0124_given_by_two"
down_revision = "0123_cropped_photos"
branch_labels = None
depends_on = None

TABLE = "receipt_inbox"
COLUMNS = {
    "meant_for_id": sa.BigInteger(),
    "checked_at": sa.DateTime(timezone=True),
    "checked_by_id": sa.BigInteger(),
    "checked_by": sa.Text(),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column(TABLE, sa.Column(name, kind))
    op.create_check_constraint(
        op.f("ck_receipt_inbox_checked_whole"), TABLE, f"num_nulls({', '.join(COLUMNS)}) IN (0, 4)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_receipt_inbox_checked_whole"), TABLE)
    for name in COLUMNS:
        op.drop_column(TABLE, name)
