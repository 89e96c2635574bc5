"""A receipt that nobody has claimed is found by its number, and its refunds by it."""

from alembic import op

revision = "0050_inbox_numbers"
down_revision = "0049_troubled_callbacks"
branch_labels = None
depends_on = None

TABLE = "receipt_inbox"


def upgrade() -> None:
    op.create_index("ix_receipt_inbox_source_receipt_no", TABLE, ["source", "receipt_no"])
    op.create_index(
        "ix_receipt_inbox_refunds", TABLE, ["source", "refund_of"], postgresql_where="refund_of IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index("ix_receipt_inbox_refunds", table_name=TABLE)
    op.drop_index("ix_receipt_inbox_source_receipt_no", table_name=TABLE)
