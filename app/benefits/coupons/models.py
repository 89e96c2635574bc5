"""Coupons, the directory of their codes, and redemptions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    column,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class CouponStatus(StrEnum):
    """A coupon's life; expiry is a matter of `valid_until`, not of a status."""

    ISSUED = "issued"  # with the member; next: reserved, redeemed, void
    RESERVED = "reserved"  # held by one payment in progress; next: redeemed or issued
    REDEEMED = "redeemed"  # used; next: issued again when reversed in time
    VOID = "void"  # taken back, or handed on to whom its member was merged into


# How the grant key of a void coupon begins that stood for another's until the two were told apart again.
HANDED_BACK = "handed-back:"


class Coupon(Model):
    """A member's coupon with its terms frozen at issue. `grant_key` makes each grant happen once.

    `paid_points` (>= 0): what its member gave for it.
    """

    __tablename__ = "coupons"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, autoincrement=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    mall_id: Mapped[int]
    code: Mapped[str]
    status: Mapped[str]
    trigger: Mapped[str]
    grant_key: Mapped[str]
    entrance_id: Mapped[int | None]
    face_fen: Mapped[int]
    parking_minutes: Mapped[int]
    discount_bps: Mapped[int]
    min_spend_fen: Mapped[int]
    mall_share_bps: Mapped[int]
    merchant_share_bps: Mapped[int]
    paid_points: Mapped[int]
    plate: Mapped[str | None]
    issued_at: Mapped[datetime]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]
    reserved_for: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("member_id", "grant_key"),
        CheckConstraint("status IN ('issued', 'reserved', 'redeemed', 'void')", name="status"),
        CheckConstraint("(status = 'redeemed') = (redeemed_at IS NOT NULL)", name="redeemed_at"),
        CheckConstraint("(status = 'reserved') = (reserved_for IS NOT NULL)", name="reserved_for"),
        CheckConstraint("mall_share_bps + merchant_share_bps = 10000", name="shares"),
        CheckConstraint("paid_points >= 0", name="paid_points"),
        Index("ix_coupons_campaign_id_issued_at", "campaign_id", "issued_at"),
        Index("ix_coupons_expiring", "valid_until", postgresql_where="status = 'issued'"),
        Index(
            "ix_coupons_gifts_used",
            "mall_id",
            "issued_at",
            "member_id",
            postgresql_where="status = 'redeemed' AND trigger = 'join' AND entrance_id IS NOT NULL",
        ),
    )


class CarriedCoupon(Model):
    """What a member had been given before they were found to be this one, a row for each coupon.

    `coupon_id` is the coupon like it that this member got in its place; none for one that was used or over, which
    still counts for limits and gifts. `merge_id` says by which merge it came.
    """

    __tablename__ = "carried_coupons"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, autoincrement=True)
    merge_id: Mapped[int]
    campaign_id: Mapped[int]
    grant_key: Mapped[str]
    from_member_id: Mapped[int]
    from_coupon_id: Mapped[int]
    coupon_id: Mapped[int | None]

    __table_args__ = (
        Index("uq_carried_coupons_origin", "member_id", "merge_id", "from_member_id", "from_coupon_id", unique=True),
        Index("ix_carried_coupons_campaign_id", "member_id", "campaign_id"),
    )


class CouponCode(Model):
    """Directory: the code on a coupon → whose coupon it is."""

    __tablename__ = "coupon_codes"
    __placement__ = placement.directory("code", left_out={"fk_coupon_codes_member_id_coupon_id": placement.OTHER_KEY})

    code: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int]
    coupon_id: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "coupon_id"], ["coupons.member_id", "coupons.id"]),
        # People read out the last four.
        Index("ix_coupon_codes_tail", func.right(column("code", Text), 4)),
    )


class Redemption(Model):
    """One use of a coupon in a store, and that store's mall. `discount_fen` is what the customer was spared; reversed
    ones stay.
    """

    __tablename__ = "redemptions"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str]
    coupon_id: Mapped[int]
    campaign_id: Mapped[int]
    mall_id: Mapped[int]
    merchant_id: Mapped[int]
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    staff_id: Mapped[int | None]
    channel: Mapped[str]
    spend_fen: Mapped[int | None]
    discount_fen: Mapped[int]
    mall_fen: Mapped[int]
    merchant_fen: Mapped[int]
    redeemed_at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[int | None]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "coupon_id"], ["coupons.member_id", "coupons.id"]),
        CheckConstraint("mall_fen + merchant_fen = discount_fen", name="shares"),
        Index("uq_redemptions_live", "member_id", "coupon_id", unique=True, postgresql_where="reversed_at IS NULL"),
        Index("ix_redemptions_store_id_redeemed_at", "store_id", "redeemed_at", "member_id", "id"),
        Index("ix_redemptions_mall_id_redeemed_at", "mall_id", "redeemed_at", "member_id", "id"),
        Index("ix_redemptions_campaign_id_redeemed_at", "campaign_id", "redeemed_at", "member_id", "id"),
        Index(
            "ix_redemptions_reversed",
            "mall_id",
            "redeemed_at",
            "member_id",
            "id",
            postgresql_where="reversed_at IS NOT NULL",
        ),
        Index("ix_redemptions_public_id", "public_id"),
    )
