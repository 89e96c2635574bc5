"""Within how many days of the merchant's yes a statement is settled, and the day that follows from it.

Terms agreed so far get thirty days; what was confirmed already is due thirty days later.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048_payment_terms"
down_revision = "0047_day_sums"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contract_terms", sa.Column("due_days", sa.BigInteger(), nullable=False, server_default="30"))
    op.alter_column("contract_terms", "due_days", server_default=None)
    op.create_check_constraint(op.f("ck_contract_terms_due_days"), "contract_terms", "due_days BETWEEN 0 AND 365")
    op.add_column("statements", sa.Column("due_on", sa.Date()))
    op.execute(
        "UPDATE statements SET due_on = (confirmed_at AT TIME ZONE 'Asia/Shanghai')::date + 30 "
        "WHERE confirmed_at IS NOT NULL"
    )
    op.create_check_constraint(op.f("ck_statements_due"), "statements", "(confirmed_at IS NULL) = (due_on IS NULL)")
    op.create_index(
        "ix_statements_due",
        "statements",
        ["mall_id", "status", "due_on", "statement_no"],
        postgresql_where="status <> 'paid'",
    )


def downgrade() -> None:
    op.drop_index("ix_statements_due", table_name="statements")
    op.drop_constraint(op.f("ck_statements_due"), "statements")
    op.drop_column("statements", "due_on")
    op.drop_constraint(op.f("ck_contract_terms_due_days"), "contract_terms")
    op.drop_column("contract_terms", "due_days")
