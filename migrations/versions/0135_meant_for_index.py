"""Receipts of nobody that a member was meant to have are found by the member, who may leave.

What somebody was meant to have who has left by now is nobody's again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0135_meant_for_index"
down_revision = "0134_photo_keys"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_receipt_inbox_meant_for_id", "receipt_inbox"


def upgrade() -> None:
    op.execute(
        "UPDATE receipt_inbox SET meant_for_id = NULL, checked_at = NULL, checked_by_id = NULL, checked_by = NULL"
        " WHERE meant_for_id IN (SELECT id FROM members WHERE status = 'closed')"
    )
    op.create_index(NAME, TABLE, ["meant_for_id"], postgresql_where=sa.text("meant_for_id IS NOT NULL"))


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
