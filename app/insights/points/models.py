"""Points by day, and what is still to be spent."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class PointsDay(Model):
    """What the points entries of a day of a mall come to, signed as they are, by what moved them and who pays.

    `mall_id` is 0 for what belongs to no mall. `way` is a `ways.Way`; what ran out counts in the mall that gave it.
    `source` of what was earned by buying is `purchase` for the base and the kind of the extra for each extra, else the
    entry's reason; `payer` of what was earned is an `extras.Payer`, else empty. `entries` counts entries, each once:
    with the base.
    """

    __tablename__ = "points_days"
    __placement__ = placement.coordinator()

    mall_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    way: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    payer: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[int]
    entries: Mapped[int]

    __table_args__ = (Index("ix_points_days_day", "day"),)


class PointsDue(Model):
    """Points that members could still spend when a day began, by the mall that gave them and the month they run out in.

    `month` is its first day. `mall_id` is 0 where no mall gave them, as of what came with a merge. `idle_points` are
    those of them whose members had done nothing themselves for `rules.IDLE_DAYS`, as the last night knew it.
    """

    __tablename__ = "points_due"
    __placement__ = placement.coordinator()

    day: Mapped[date] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    points: Mapped[int]
    idle_points: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("idle_points BETWEEN 0 AND points", name="idle"),
    )
