"""Statements know their invoice and are listed while they are open; malls and merchants have a bank account."""

import sqlalchemy as sa
from alembic import op

revision = "0041_invoices"
down_revision = "0040_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("statements", sa.Column("invoice_status", sa.Text(), nullable=False, server_default="open"))
    op.alter_column("statements", "invoice_status", server_default=None)
    op.add_column("statements", sa.Column("invoice_no", sa.Text()))
    op.create_check_constraint(
        op.f("ck_statements_invoice_status"), "statements", "invoice_status IN ('open', 'issued', 'waived')"
    )
    op.create_check_constraint(
        op.f("ck_statements_invoice"), "statements", "(invoice_status = 'issued') = (invoice_no IS NOT NULL)"
    )
    op.create_index(
        "ix_statements_open",
        "statements",
        ["mall_id", "status", "period", "statement_no"],
        postgresql_where=sa.text("status <> 'paid'"),
    )
    op.create_table(
        "bank_accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger()),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_masked", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_bank_accounts_mall_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_bank_accounts_merchant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_accounts")),
    )
    op.create_index(
        "uq_bank_accounts_mall",
        "bank_accounts",
        ["mall_id"],
        unique=True,
        postgresql_where=sa.text("merchant_id IS NULL"),
    )
    op.create_index(
        "uq_bank_accounts_merchant",
        "bank_accounts",
        ["mall_id", "merchant_id"],
        unique=True,
        postgresql_where=sa.text("merchant_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("bank_accounts")
    op.drop_index("ix_statements_open", "statements")
    op.drop_constraint(op.f("ck_statements_invoice"), "statements")
    op.drop_constraint(op.f("ck_statements_invoice_status"), "statements")
    op.drop_column("statements", "invoice_no")
    op.drop_column("statements", "invoice_status")
