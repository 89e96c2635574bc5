"""Receipts: the directory of their numbers, the members' purchases and their lines, and the inbox of unowned ones."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class ReceiptNumber(Model):
    """Directory: a receipt number of a source exists once, with a fingerprint of its content, and says what it became.

    That is a member's purchase, a receipt in the inbox, one that waits (`waiting_id`), or another telling of what the
    number `same_source`, `same_receipt_no` told first, since `told_at`: a payment is one purchase, whoever tells of it.
    `till` is the cash register that wrote the receipt, where its source says so.
    """

    __tablename__ = "receipt_numbers"
    __placement__ = placement.directory("receipt_no")

    source: Mapped[str] = mapped_column(primary_key=True)
    receipt_no: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    till: Mapped[str | None]
    member_id: Mapped[int | None]
    purchase_id: Mapped[int | None]
    inbox_id: Mapped[int | None]
    waiting_id: Mapped[int | None]
    same_source: Mapped[str | None]
    same_receipt_no: Mapped[str | None]
    told_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("num_nulls(same_source, same_receipt_no, told_at) IN (0, 3)", name="telling_whole"),
        CheckConstraint("num_nonnulls(purchase_id, inbox_id, waiting_id, same_source) <= 1", name="became_one_thing"),
        Index(
            "ix_receipt_numbers_same",
            "same_source",
            "same_receipt_no",
            postgresql_where="same_source IS NOT NULL",
        ),
    )


class PaymentTransaction(Model):
    """Directory: which receipt told first of a payment, by the number it stands under with who carried it out.

    `amount_fen` is the part of that receipt which was paid by it; negative for a repayment.
    """

    __tablename__ = "payment_transactions"
    __placement__ = placement.directory("transaction_id")

    transaction_id: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    receipt_no: Mapped[str]
    amount_fen: Mapped[int]


class Purchase(Model):
    """A member's receipt. `amount_fen` is positive for a purchase, negative for a refund (which names its purchase).

    `commission_base_fen` is what commission was worked out from, where that is not the amount.
    """

    __tablename__ = "purchases"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    source: Mapped[str]
    receipt_no: Mapped[str]
    mall_id: Mapped[int]
    merchant_id: Mapped[int]
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    occurred_at: Mapped[datetime]
    amount_fen: Mapped[int]
    refund_of_id: Mapped[int | None]
    commission_base_fen: Mapped[int | None]
    is_first: Mapped[bool]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "refund_of_id"], ["purchases.member_id", "purchases.id"]),
        CheckConstraint("amount_fen >= 0 OR refund_of_id IS NOT NULL", name="refund_names_purchase"),
        Index("uq_purchases_first", "member_id", unique=True, postgresql_where="is_first"),
        # A night that counts everybody reads this alone, member by member.
        Index(
            "ix_purchases_member_id_occurred_at",
            "member_id",
            "occurred_at",
            postgresql_include=["id", "amount_fen", "refund_of_id"],
        ),
        Index("ix_purchases_member_id_refund_of_id", "member_id", "refund_of_id"),
        Index("ix_purchases_store_id_occurred_at", "store_id", "occurred_at", "member_id", "id"),
        Index("ix_purchases_mall_id_occurred_at", "mall_id", "occurred_at", "member_id", "id"),
        Index(
            "ix_purchases_refunds",
            "mall_id",
            "occurred_at",
            "member_id",
            "id",
            postgresql_where="refund_of_id IS NOT NULL",
        ),
        Index("ix_purchases_first", "mall_id", "occurred_at", "member_id", "id", postgresql_where="is_first"),
        Index(
            "ix_purchases_mall_id_receipt_no",
            "mall_id",
            "receipt_no",
            postgresql_ops={"receipt_no": "text_pattern_ops"},
        ),
        Index(
            "ix_purchases_brought",
            "store_id",
            "amount_fen",
            "occurred_at",
            postgresql_where="source IN ('claim', 'photo')",
        ),
    )


class PurchaseLine(Model):
    """A line of a receipt by category; the lines of a receipt sum to its amount when they were given."""

    __tablename__ = "purchase_lines"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True)
    category_code: Mapped[str]
    amount_fen: Mapped[int]

    __table_args__ = (ForeignKeyConstraint(["member_id", "purchase_id"], ["purchases.member_id", "purchases.id"]),)


class PurchasePayment(Model):
    """A part of a receipt by how it was paid; the parts of a receipt sum to its amount when they were given."""

    __tablename__ = "purchase_payments"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(primary_key=True)
    part_no: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str]
    amount_fen: Mapped[int]
    transaction_id: Mapped[str | None]

    __table_args__ = (ForeignKeyConstraint(["member_id", "purchase_id"], ["purchases.member_id", "purchases.id"]),)


class InboxReceipt(Model):
    """A receipt nobody has claimed yet; signs as for purchases.

    A refund names the receipt that told first of what it refunds (`refund_source`, `refund_of`). `details` are lines,
    payments and base as `details.py` writes them, if any were given. One that people set aside (`dismissed_…`) asks
    nobody any more; its source may still say who bought. A sum that needs two people was said by the first of them
    (`checked_…`) to be the member's whose number is `meant_for_id`, and is nobody's until the second one agrees.
    """

    __tablename__ = "receipt_inbox"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    source: Mapped[str]
    receipt_no: Mapped[str]
    mall_id: Mapped[int]
    merchant_id: Mapped[int]
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    occurred_at: Mapped[datetime]
    amount_fen: Mapped[int]
    refund_source: Mapped[str | None]
    refund_of: Mapped[str | None]
    details: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[str | None]
    dismissed_for: Mapped[str | None]
    meant_for_id: Mapped[int | None]
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None]
    checked_by: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(
            "num_nulls(meant_for_id, checked_at, checked_by_id, checked_by) IN (0, 4)", name="checked_whole"
        ),
        CheckConstraint("num_nulls(dismissed_at, dismissed_by, dismissed_for) IN (0, 3)", name="dismissed_whole"),
        Index("ix_receipt_inbox_source_receipt_no", "source", "receipt_no"),
        Index("ix_receipt_inbox_refunds", "refund_source", "refund_of", postgresql_where="refund_of IS NOT NULL"),
        Index("ix_receipt_inbox_meant_for_id", "meant_for_id", postgresql_where="meant_for_id IS NOT NULL"),
        Index("ix_receipt_inbox_mall_id_occurred_at", "mall_id", "occurred_at", "id"),
        Index("ix_receipt_inbox_store_id_occurred_at", "store_id", "occurred_at", "id"),
        Index(
            "ix_receipt_inbox_mall_id_receipt_no",
            "mall_id",
            "receipt_no",
            postgresql_ops={"receipt_no": "text_pattern_ops"},
        ),
    )
