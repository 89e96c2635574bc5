"""Books and postings."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class PostingKind(StrEnum):
    """What a posting is for; `base_fen` or `points` say what the amount was worked out from."""

    COUPON_MALL_SHARE = "coupon_mall_share"  # + the mall repays its share of a discount
    COUPON_MERCHANT_SHARE = "coupon_merchant_share"  # 0: the merchant bears its share; shown so that shares sum
    PARKING_TIER = "parking_tier"  # + the mall repays the minutes of a stay that a member's tier gave
    COMMISSION = "commission"  # - commission on a member's purchase
    POINTS_ISSUED = "points_issued"  # - points given for a purchase, at the contract's price
    POINTS_MALL_SHARE = "points_mall_share"  # 0: points given on top that the mall pays; shown so that points sum
    POINTS_BRAND = "points_brand"  # - points given on top of others' purchases, by agreement, at the contract's price
    POINTS_SPENT = "points_spent"  # + points taken in payment, at the contract's price


class Book(Model):
    """A merchant's book in a mall; days before `first_open_day` are closed for good."""

    __tablename__ = "books"
    __placement__ = placement.coordinator()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True)
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    first_open_day: Mapped[date]


class Posting(Model):
    """One explained amount between mall and merchant; unique by (kind, fact).

    `act_kind`, `act_scope` and `act_ref` are the fact in columns: what explains a posting is joined on them.
    """

    __tablename__ = "postings"
    __placement__ = placement.coordinator()

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
    act_kind: Mapped[str]
    act_scope: Mapped[str | None]
    act_ref: Mapped[str]

    __table_args__ = (
        UniqueConstraint("kind", "fact"),
        CheckConstraint("accounting_day >= business_day", name="accounting_day"),
        Index("ix_postings_book", "mall_id", "merchant_id", "accounting_day", postgresql_include=["amount_fen"]),
        Index("ix_postings_reverses_id", "reverses_id", postgresql_where="reverses_id IS NOT NULL"),
    )
