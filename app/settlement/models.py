"""Contract terms, books, postings, statements and their lines."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column


class PostingKind(StrEnum):
    """What a posting is for; `base_fen` or `points` say what the amount was worked out from."""

    COUPON_MALL_SHARE = "coupon_mall_share"  # + the mall repays its share of a discount
    COUPON_MERCHANT_SHARE = "coupon_merchant_share"  # 0: the merchant bears its share; shown so that shares sum
    COMMISSION = "commission"  # - commission on a member's purchase
    POINTS_ISSUED = "points_issued"  # - points given for a purchase, at the contract's price
    POINTS_SPENT = "points_spent"  # + points taken in payment, at the contract's price


class StatementStatus(StrEnum):
    """A statement's life."""

    ISSUED = "issued"  # waits for the merchant; next: confirmed or disputed
    DISPUTED = "disputed"  # the merchant objects; next: confirmed
    CONFIRMED = "confirmed"  # agreed; next: paid
    PAID = "paid"  # settled with a reference


class ContractTerms(Model):
    """A merchant's terms in a mall from a day on. Point prices are fen per 100 points."""

    __tablename__ = "contract_terms"

    id: Mapped[int] = identity_column()
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchants.id"))
    effective_from: Mapped[date]
    commission_bps: Mapped[int]
    issue_price_fen: Mapped[int]
    redeem_price_fen: Mapped[int]

    __table_args__ = (
        UniqueConstraint("mall_id", "merchant_id", "effective_from"),
        CheckConstraint("commission_bps BETWEEN 0 AND 10000", name="commission"),
        CheckConstraint("issue_price_fen >= 0 AND redeem_price_fen >= 0", name="prices"),
    )


class Book(Model):
    """A merchant's book in a mall; days before `first_open_day` are closed for good."""

    __tablename__ = "books"

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True)
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    first_open_day: Mapped[date]


class Posting(Model):
    """One explained amount between mall and merchant; unique by (kind, fact)."""

    __tablename__ = "postings"

    id: Mapped[int] = identity_column()
    mall_id: Mapped[int]
    merchant_id: Mapped[int]
    store_id: Mapped[int]
    kind: Mapped[str]
    fact: Mapped[str]
    business_day: Mapped[date]
    accounting_day: Mapped[date]
    base_fen: Mapped[int]
    points: Mapped[int]
    rate: Mapped[int]
    amount_fen: Mapped[int]
    occurred_at: Mapped[datetime]
    reverses_id: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("kind", "fact"),
        CheckConstraint("accounting_day >= business_day", name="accounting_day"),
        Index("ix_postings_book", "mall_id", "merchant_id", "accounting_day"),
        Index("ix_postings_reverses_id", "reverses_id", postgresql_where="reverses_id IS NOT NULL"),
    )


class Statement(Model):
    """What one merchant and one mall settle for one month; its lines sum to `amount_fen`."""

    __tablename__ = "statements"

    id: Mapped[int] = identity_column()
    statement_no: Mapped[str] = mapped_column(unique=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchants.id"))
    period: Mapped[date]
    from_day: Mapped[date]
    to_day: Mapped[date]
    posting_count: Mapped[int]
    amount_fen: Mapped[int]
    status: Mapped[str]
    issued_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    disputed_at: Mapped[datetime | None]
    dispute_reason: Mapped[str | None]
    dispute_answer: Mapped[str | None]
    paid_at: Mapped[datetime | None]
    payment_reference: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("mall_id", "merchant_id", "period"),
        CheckConstraint("status IN ('issued', 'disputed', 'confirmed', 'paid')", name="status"),
        CheckConstraint("(status = 'paid') = (payment_reference IS NOT NULL)", name="paid"),
        CheckConstraint("from_day <= to_day", name="days"),
        Index("ix_statements_mall_id_period", "mall_id", "period"),
    )


class StatementLine(Model):
    """A statement's sum for one kind of posting."""

    __tablename__ = "statement_lines"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    posting_count: Mapped[int]
    base_fen: Mapped[int]
    points: Mapped[int]
    amount_fen: Mapped[int]
