"""What tiers give in a mall, what was given by the calendar, and how far a day's giving is."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.runs.rounds import Round
from app.kernel.versions import FromDay, Published


class TierBenefits(FromDay, Published, Model):
    """What each tier gives in a mall from a day on; rows are added, never changed. See `documents`."""

    __tablename__ = "tier_benefits"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    document: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("mall_id", "effective_from"),)


class TierAllowance(Model):
    """A coupon that a tier gave a member for a period; `key` names tier, period, campaign and which of several it is.

    `coupon_id` is empty where nothing was left to give, or where who was merged into the member had been given it.
    """

    __tablename__ = "tier_allowances"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    mall_id: Mapped[int]
    tier_code: Mapped[str]
    coupon_id: Mapped[int | None] = mapped_column(BigInteger)
    given_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("key <> ''", name="key"),)


class TierAllowanceDay(Round, Model):
    """How far a day's giving is in a mall."""

    __tablename__ = "tier_allowance_days"
    __placement__ = placement.coordinator()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
