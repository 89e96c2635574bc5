"""Sums by day, how far they reach, and days to be summed anew."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class DaySum(Model):
    """How many rows of a series a day of a mall has under a key, and what they add up to; none where there are none.

    The series says what the key is (an entrance, a campaign, a store) and what `amount` counts.
    """

    __tablename__ = "day_sums"
    __placement__ = placement.coordinator()

    series: Mapped[str] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
    amount: Mapped[int]

    __table_args__ = (
        Index("ix_day_sums_mall_id_day", "mall_id", "series", "day", postgresql_include=["key", "count", "amount"]),
    )


class DayHorizon(Model):
    """Up to which day, not included, a mall's series is summed; its lock is held by who sums."""

    __tablename__ = "day_horizons"
    __placement__ = placement.coordinator()

    series: Mapped[str] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[date | None]


class DayMark(Model):
    """A row of this day was written or changed after it was over; gone with the sum that counts it.

    One for each transaction that did so: a mark that were shared could go with a sum that had not seen all of them.
    """

    __tablename__ = "day_marks"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    series: Mapped[str]
    mall_id: Mapped[int]
    day: Mapped[date]

    __table_args__ = (Index("ix_day_marks_mall_id_series_day", "mall_id", "series", "day"),)
