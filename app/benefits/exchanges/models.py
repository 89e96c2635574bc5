"""Exchanges of points, or points and cash, for coupons."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class ExchangeStatus(StrEnum):
    """An exchange's life."""

    AWAITING_CASH = "awaiting_cash"  # points held, the coupon reserved, WeChat Pay asked; next: done or released
    DONE = "done"  # points and cash are spent, the coupon is the member's; the end, unless all of it is given back
    REFUNDED = "refunded"  # the coupon was not used and is void: points are back in their lots, cash goes back; the end
    RELEASED = "released"  # given up: the points are free, the coupon is gone and in stock again; the end


class CouponExchange(Model):
    """A coupon that a member gets for `points` (> 0) and `cash_fen` (>= 0): the price as it was when they said yes.

    The coupon is made at once, with its terms and out of the stock, and stands reserved until the cash has come: so
    limits, leaving and merging see it. `coupon_id` is null once the exchange was given up.
    """

    __tablename__ = "coupon_exchanges"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str]
    mall_id: Mapped[int]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    coupon_id: Mapped[int | None]
    points: Mapped[int]
    cash_fen: Mapped[int]
    status: Mapped[str]
    created_at: Mapped[datetime]
    close_after: Mapped[datetime]
    done_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    refunded_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "coupon_id"], ["coupons.member_id", "coupons.id"]),
        UniqueConstraint("member_id", "public_id"),
        CheckConstraint("points > 0 AND cash_fen >= 0", name="amounts"),
        CheckConstraint("status IN ('awaiting_cash', 'done', 'released', 'refunded')", name="status"),
        CheckConstraint("(status IN ('done', 'refunded')) = (done_at IS NOT NULL)", name="done"),
        CheckConstraint("(status = 'refunded') = (refunded_at IS NOT NULL)", name="refunded"),
        CheckConstraint("(status = 'released') = (released_at IS NOT NULL)", name="released"),
        CheckConstraint("(status = 'released') = (coupon_id IS NULL)", name="coupon"),
        Index("ix_coupon_exchanges_coupon_id", "member_id", "coupon_id"),
        Index("ix_coupon_exchanges_mall_id_created_at", "mall_id", "created_at", "member_id", "id"),
        Index(
            "uq_coupon_exchanges_awaiting",
            "member_id",
            "campaign_id",
            unique=True,
            postgresql_where="status = 'awaiting_cash'",
        ),
    )
