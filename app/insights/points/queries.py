"""Reading what points came to: rows of days and months, never entries. `mall_id` None is the whole group."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, cast, func, select

from app.insights.points.models import PointsDay, PointsDue
from app.kernel.db import db
from app.points.proof.ways import Way


@dataclass(frozen=True, slots=True)
class Earned:
    """Points that were earned from one source and are paid by one payer."""

    source: str
    payer: str
    points: int


@dataclass(frozen=True, slots=True)
class Due:
    """What members could still spend as a day began, by the first day of the month it runs out in.

    `idle` is what of it belongs to members who had done nothing for `rules.IDLE_DAYS`, for months that have any.
    """

    day: date
    months: Mapping[date, int]
    idle: Mapping[date, int] = field(default_factory=dict)

    @property
    def points(self) -> int:
        """All of it."""
        return sum(self.months.values())

    @property
    def idle_points(self) -> int:
        """All that idle members have."""
        return sum(self.idle.values())


def by_month(mall_id: int | None, *, first: date, last: date) -> dict[date, dict[Way, int]]:
    """What each way came to in each month of the days, signed; months begin on their first day."""
    month = cast(func.date_trunc("month", PointsDay.day), Date)
    found: dict[date, dict[Way, int]] = {}
    for of_month, way, points in db.session.execute(
        select(month, PointsDay.way, func.sum(PointsDay.points))
        .where(*_of(PointsDay, mall_id), PointsDay.day.between(first, last))
        .group_by(month, PointsDay.way)
    ):
        found.setdefault(of_month, {})[Way(way)] = int(points)
    return found


def by_way(mall_id: int | None, *, first: date, last: date) -> dict[Way, int]:
    """What each way came to in all of the days."""
    rows = db.session.execute(
        select(PointsDay.way, func.sum(PointsDay.points))
        .where(*_of(PointsDay, mall_id), PointsDay.day.between(first, last))
        .group_by(PointsDay.way)
    )
    return {Way(way): int(points) for way, points in rows}


def by_source(mall_id: int | None, *, first: date, last: date) -> list[Earned]:
    """What was earned, by source and payer, the most first."""
    points = cast(func.sum(PointsDay.points), BigInteger)
    rows = db.session.execute(
        select(PointsDay.source, PointsDay.payer, points)
        .where(*_of(PointsDay, mall_id), PointsDay.day.between(first, last), PointsDay.way == Way.ACCRUED.value)
        .group_by(PointsDay.source, PointsDay.payer)
        .order_by(points.desc(), PointsDay.source, PointsDay.payer)
    )
    return [Earned(*row) for row in rows.tuples()]


def find_span(mall_id: int | None) -> tuple[date, date] | None:
    """The first and the last day that is counted."""
    row = db.session.execute(
        select(func.min(PointsDay.day), func.max(PointsDay.day)).where(*_of(PointsDay, mall_id))
    ).one()
    return None if row[0] is None else (row[0], row[1])


def find_due(mall_id: int | None) -> Due | None:
    """What was still to be spent when it was counted last."""
    day = db.session.scalar(select(func.max(PointsDue.day)))
    if day is None:
        return None
    sums = [cast(func.sum(column), BigInteger) for column in (PointsDue.points, PointsDue.idle_points)]
    rows = db.session.execute(
        select(PointsDue.month, *sums)
        .where(*_of(PointsDue, mall_id), PointsDue.day == day)
        .group_by(PointsDue.month)
        .order_by(PointsDue.month)
    ).all()
    return Due(day, {month: points for month, points, _ in rows}, {month: idle for month, _, idle in rows if idle})


def _of(table: Any, mall_id: int | None) -> list[ColumnElement[bool]]:
    return [] if mall_id is None else [table.mall_id == mall_id]
