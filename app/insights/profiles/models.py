"""Days of how complete profiles were."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class ProfileDay(Model):
    """Those who had joined and whose home a mall was, when they were counted on a day of its calendar.

    `complete`: how many told everything; `sum_bps`: how complete each profile is, added up; the others: how many told
    that field (`profiles.rules.Field`).
    """

    __tablename__ = "profile_days"
    __placement__ = placement.coordinator()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    members: Mapped[int]
    complete: Mapped[int]
    sum_bps: Mapped[int]
    preferences: Mapped[int]
    birthday: Mapped[int]
    nearby: Mapped[int]
    household: Mapped[int]
    counted_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("members >= complete AND complete >= 0", name="members"),)
