"""Campaigns and the stores they are limited to."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class CampaignKind(StrEnum):
    """What a coupon of the campaign gives."""

    PARKING = "parking"  # minutes of parking
    CASH = "cash"  # a fixed sum off
    DISCOUNT = "discount"  # a percentage off, capped by the face
    GIFT = "gift"  # a thing worth the face


class Campaign(Model):
    """What is granted, where it can be used, and who pays. `mall_share_bps + merchant_share_bps = 10000`."""

    __tablename__ = "campaigns"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    code: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    kind: Mapped[str]
    face_fen: Mapped[int]
    parking_minutes: Mapped[int]
    discount_bps: Mapped[int]
    min_spend_fen: Mapped[int]
    valid_days: Mapped[int | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    per_member_limit: Mapped[int]
    all_stores: Mapped[bool]
    mall_share_bps: Mapped[int]
    merchant_share_bps: Mapped[int]
    active: Mapped[bool]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("mall_id", "code"),
        CheckConstraint("kind IN ('parking', 'cash', 'discount', 'gift')", name="kind"),
        CheckConstraint(
            "mall_share_bps + merchant_share_bps = 10000 AND mall_share_bps BETWEEN 0 AND 10000", name="shares"
        ),
        CheckConstraint("face_fen >= 0 AND min_spend_fen >= 0 AND parking_minutes >= 0", name="amounts"),
        CheckConstraint("discount_bps BETWEEN 0 AND 10000", name="discount"),
        CheckConstraint("per_member_limit > 0", name="per_member_limit"),
        CheckConstraint("num_nonnulls(valid_days, valid_until) = 1", name="validity"),
    )


class CampaignStore(Model):
    """A store in which the campaign's coupons can be used."""

    __tablename__ = "campaign_stores"
    __placement__ = placement.reference()

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"), primary_key=True)
