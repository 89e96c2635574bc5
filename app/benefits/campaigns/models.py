"""Campaigns and the stores they are limited to."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement
from app.kernel.versions import FromMoment, Published


class CampaignKind(StrEnum):
    """What a coupon of the campaign gives."""

    PARKING = "parking"  # minutes of parking
    CASH = "cash"  # a fixed sum off
    DISCOUNT = "discount"  # a percentage off, capped by the face
    GIFT = "gift"  # a thing worth the face


class Terms:
    """Columns that say what a campaign gives. `mall_share_bps` is the mall's part; the store's merchant pays the rest.

    Coupons are given on the mall's days from `issue_from` to `issue_until`, both included; without them, always.
    Members can have one for `exchange_points` (> 0), and `exchange_fen` of cash beside them; null: not for points.
    `tier_codes`: who stands on these alone can have one; null: everybody.
    """

    title: Mapped[str]
    summary: Mapped[str]
    face_fen: Mapped[int]
    parking_minutes: Mapped[int]
    discount_bps: Mapped[int]
    min_spend_fen: Mapped[int]
    valid_days: Mapped[int | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    per_member_limit: Mapped[int]
    mall_share_bps: Mapped[int]
    issue_from: Mapped[date | None]
    issue_until: Mapped[date | None]
    exchange_points: Mapped[int | None]
    exchange_fen: Mapped[int]
    tier_codes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))


TERMS = tuple(Terms.__annotations__)


class Campaign(Terms, Model):
    """What is granted, where it can be used, and who pays: the terms of its latest version, until `changes_at`."""

    __tablename__ = "campaigns"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    code: Mapped[str]
    kind: Mapped[str]
    version: Mapped[int]
    all_stores: Mapped[bool]
    merchant_share_bps: Mapped[int]
    active: Mapped[bool]
    created_at: Mapped[datetime]
    changes_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("mall_id", "code"),
        Index("ix_campaigns_changes_at", "changes_at", postgresql_where="changes_at IS NOT NULL"),
        CheckConstraint("kind IN ('parking', 'cash', 'discount', 'gift')", name="kind"),
        CheckConstraint(
            "mall_share_bps + merchant_share_bps = 10000 AND mall_share_bps BETWEEN 0 AND 10000", name="shares"
        ),
        CheckConstraint("face_fen >= 0 AND min_spend_fen >= 0 AND parking_minutes >= 0", name="amounts"),
        CheckConstraint("discount_bps BETWEEN 0 AND 10000", name="discount"),
        CheckConstraint("per_member_limit > 0", name="per_member_limit"),
        CheckConstraint("num_nonnulls(valid_days, valid_until) = 1", name="validity"),
        CheckConstraint("issue_from <= issue_until", name="issue_days"),
        CheckConstraint(
            "exchange_points > 0 AND exchange_fen >= 0 AND (exchange_fen = 0 OR mall_share_bps = 10000)"
            " OR exchange_points IS NULL AND exchange_fen = 0",
            name="exchange",
        ),
        CheckConstraint("cardinality(tier_codes) > 0", name="tiers"),
        Index("ix_campaigns_exchange", "mall_id", "exchange_points", postgresql_where="exchange_points IS NOT NULL"),
    )


class CampaignStore(Model):
    """A store in which the campaign's coupons can be used."""

    __tablename__ = "campaign_stores"
    __placement__ = placement.reference()

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"), primary_key=True)


class CampaignVersion(Terms, Model):
    """What a campaign's terms were from one edit to the next; `store_ids` None = every store. Rows are only added.

    Coupons keep the terms they were issued with, so a version tells what was promised from `created_at` on.
    """

    __tablename__ = "campaign_versions"
    __placement__ = placement.coordinator()

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    store_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class CampaignRevision(FromMoment, Published, Terms, Model):
    """A change of a campaign that holds from a moment on; `store_ids` None = every store. One waits at a time.

    When its moment has come it becomes the campaign's next version, and its row goes.
    """

    __tablename__ = "campaign_revisions"
    __placement__ = placement.coordinator()

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    store_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))

    __table_args__ = (UniqueConstraint("campaign_id"),)
