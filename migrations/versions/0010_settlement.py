"""Contract terms, books, postings and statements."""

import sqlalchemy as sa
from alembic import op

revision = "0010_settlement"
down_revision = "0009_tasks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "postings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("accounting_day", sa.Date(), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("accounting_day >= business_day", name=op.f("ck_postings_accounting_day")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.UniqueConstraint("kind", "fact", name=op.f("uq_postings_kind_fact")),
    )
    op.create_index("ix_postings_book", "postings", ["mall_id", "merchant_id", "accounting_day"], unique=False)
    op.create_table(
        "books",
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("first_open_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_books_mall_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_books_merchant_id")),
        sa.PrimaryKeyConstraint("mall_id", "merchant_id", name=op.f("pk_books")),
    )
    op.create_table(
        "contract_terms",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("commission_bps", sa.BigInteger(), nullable=False),
        sa.Column("issue_price_fen", sa.BigInteger(), nullable=False),
        sa.Column("redeem_price_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("commission_bps BETWEEN 0 AND 10000", name=op.f("ck_contract_terms_commission")),
        sa.CheckConstraint("issue_price_fen >= 0 AND redeem_price_fen >= 0", name=op.f("ck_contract_terms_prices")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_contract_terms_mall_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_contract_terms_merchant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_terms")),
        sa.UniqueConstraint(
            "mall_id",
            "merchant_id",
            "effective_from",
            name=op.f("uq_contract_terms_mall_id_merchant_id_effective_from"),
        ),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("statement_no", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("posting_count", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dispute_reason", sa.Text(), nullable=True),
        sa.Column("dispute_answer", sa.Text(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payment_reference", sa.Text(), nullable=True),
        sa.CheckConstraint("(status = 'paid') = (payment_reference IS NOT NULL)", name=op.f("ck_statements_paid")),
        sa.CheckConstraint("status IN ('issued', 'disputed', 'confirmed', 'paid')", name=op.f("ck_statements_status")),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_statements_days")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_statements_mall_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_statements_merchant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("mall_id", "merchant_id", "period", name=op.f("uq_statements_mall_id_merchant_id_period")),
        sa.UniqueConstraint("statement_no", name=op.f("uq_statements_statement_no")),
    )
    op.create_index("ix_statements_mall_id_period", "statements", ["mall_id", "period"], unique=False)
    op.create_table(
        "statement_lines",
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("posting_count", sa.BigInteger(), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_statement_lines_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", "kind", name=op.f("pk_statement_lines")),
    )


def downgrade() -> None:
    op.drop_table("statement_lines")
    op.drop_index("ix_statements_mall_id_period", table_name="statements")
    op.drop_table("statements")
    op.drop_table("contract_terms")
    op.drop_table("books")
    op.drop_index("ix_postings_book", table_name="postings")
    op.drop_table("postings")
