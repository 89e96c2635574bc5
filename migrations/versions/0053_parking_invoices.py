"""Members wish for invoices for what they paid for parking."""

import sqlalchemy as sa
from alembic import op

revision = "0053_parking_invoices"
down_revision = "0052_coupons_by_status"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parking_invoices",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("title_kind", sa.Text(), nullable=False),
        sa.Column("title_shown", sa.Text()),
        sa.Column("title_sealed", sa.LargeBinary()),
        sa.Column("tax_no", sa.Text()),
        sa.Column("email_masked", sa.Text()),
        sa.Column("email_sealed", sa.LargeBinary()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text()),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_parking_invoices")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_parking_invoices_member_id")),
        sa.ForeignKeyConstraint(
            ["member_id", "payment_id"],
            ["parking_payments.member_id", "parking_payments.id"],
            name=op.f("fk_parking_invoices_member_id_payment_id"),
        ),
        sa.UniqueConstraint("member_id", "payment_id", name=op.f("uq_parking_invoices_member_id_payment_id")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_parking_invoices_amount")),
        sa.CheckConstraint("title_kind IN ('person', 'company')", name=op.f("ck_parking_invoices_title_kind")),
        sa.CheckConstraint("status IN ('asked', 'issued', 'refused')", name=op.f("ck_parking_invoices_status")),
        sa.CheckConstraint("(status = 'asked') = (answered_at IS NULL)", name=op.f("ck_parking_invoices_answered")),
        sa.CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_parking_invoices_refusal")),
        sa.CheckConstraint(
            "(title_sealed IS NULL) = (email_sealed IS NULL)", name=op.f("ck_parking_invoices_forgotten")
        ),
        sa.CheckConstraint("(title_kind = 'company') OR tax_no IS NULL", name=op.f("ck_parking_invoices_tax_no")),
    )
    op.create_index("ix_parking_invoices_mall_id_public_id", "parking_invoices", ["mall_id", "public_id"])


def downgrade() -> None:
    op.drop_table("parking_invoices")
