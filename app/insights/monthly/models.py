"""What was counted of each month."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class MeasuredMonth(Model):
    """A month of which figures are kept, by its first day; `night_day` is the last day that was worked out then.

    None until it was counted for the first time. Whoever counts locks the row.
    """

    __tablename__ = "measured_months"
    __placement__ = placement.coordinator()

    month: Mapped[date] = mapped_column(primary_key=True)
    night_day: Mapped[date | None]


class MonthMeasure(Model):
    """A measure of a mall in a month: over so many members (or openings), how many of them reached it, and the sum.

    `hundredths` adds up what each of them had, in hundredths of the measure's unit; `days` is how long they had, where
    that is data.
    """

    __tablename__ = "month_measures"
    __placement__ = placement.coordinator()

    month: Mapped[date] = mapped_column(primary_key=True)
    home_mall_id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    members: Mapped[int]
    reached: Mapped[int]
    hundredths: Mapped[int]
    days: Mapped[int | None]

    __table_args__ = (CheckConstraint("reached BETWEEN 0 AND members", name="reached"),)


class MonthMove(Model):
    """How many members of a mall stood in one stage when the month began and in another when it ended.

    Either is empty for who stood nowhere; see `moved.count`. The month that goes on ends with the last day counted.
    """

    __tablename__ = "month_moves"
    __placement__ = placement.coordinator()

    month: Mapped[date] = mapped_column(primary_key=True)
    home_mall_id: Mapped[int] = mapped_column(primary_key=True)
    old_stage: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    members: Mapped[int]


class MonthStep(Model):
    """Half of the members of a mall who left a stage upwards in a month had come to it so many days before."""

    __tablename__ = "month_steps"
    __placement__ = placement.coordinator()

    month: Mapped[date] = mapped_column(primary_key=True)
    home_mall_id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    median_days: Mapped[float]


class CohortMonth(Model):
    """Who joined in a month, and how many of them came and bought in the same or a later month.

    `month_no` counts from 0, the month of joining. People are counted as they are known now: who left is not.
    """

    __tablename__ = "cohort_months"
    __placement__ = placement.coordinator()

    home_mall_id: Mapped[int] = mapped_column(primary_key=True)
    joined_month: Mapped[date] = mapped_column(primary_key=True)
    month_no: Mapped[int] = mapped_column(primary_key=True)
    members: Mapped[int]
    visitors: Mapped[int]
    buyers: Mapped[int]

    __table_args__ = (
        CheckConstraint("month_no BETWEEN 0 AND 12", name="month_no"),
        CheckConstraint("visitors BETWEEN 0 AND members AND buyers BETWEEN 0 AND members", name="shares"),
    )
