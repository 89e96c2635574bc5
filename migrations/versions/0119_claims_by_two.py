"""From a sum on a claim needs two people, as a photographed receipt does."""

import sqlalchemy as sa
from alembic import op

revision = "0119_claims_by_two"
down_revision = "0118_rehearsal_versions"
branch_labels = None
depends_on = None

TABLE = "receipt_claims"
CHECKS = {
    "checked": "num_nulls(checked_at, checked_by_id, checked_by) IN (0, 3)",
    "second": "state <> 'approved' OR decided_by_id <> checked_by_id",
}


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("checked_at", sa.DateTime(timezone=True)))
    op.add_column(TABLE, sa.Column("checked_by_id", sa.BigInteger()))
    op.add_column(TABLE, sa.Column("checked_by", sa.Text()))
    op.add_column(TABLE, sa.Column("decided_by_id", sa.BigInteger()))
    for name, check in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, check)


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, type_="check")
    for column in ("decided_by_id", "checked_by", "checked_by_id", "checked_at"):
        op.drop_column(TABLE, column)
