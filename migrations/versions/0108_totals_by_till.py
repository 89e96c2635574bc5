"""Receipts may say their till, and day totals come by files, too."""

import sqlalchemy as sa
from alembic import op

revision = "0108_totals_by_till"
down_revision = "0107_business_circle"
branch_labels = None
depends_on = None

KINDS = "kind IN ('stores', 'members', 'purchases', 'footfall'{})"


def upgrade() -> None:
    op.add_column("receipt_numbers", sa.Column("till", sa.Text(), nullable=True))
    for table in ("imports", "import_layouts"):
        _check(table, KINDS.format(", 'totals'"))


def downgrade() -> None:
    """Imports of totals go with their pieces; the totals themselves stay."""
    op.execute("DELETE FROM import_pieces WHERE import_id IN (SELECT id FROM imports WHERE kind = 'totals')")
    for table in ("imports", "import_layouts"):
        op.execute(f"DELETE FROM {table} WHERE kind = 'totals'")  # noqa: S608  names of ours
        _check(table, KINDS.format(""))
    op.drop_column("receipt_numbers", "till")


def _check(table: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_kind"), table)
    op.create_check_constraint(op.f(f"ck_{table}_kind"), table, rule)
