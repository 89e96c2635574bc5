"""Reading what was kept of months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.insights.monthly.measures import Unit
from app.insights.monthly.models import MeasuredMonth, MonthMeasure
from app.kernel import money
from app.kernel.db import db
from app.kernel.money import Share


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure as it is told: a share or an average per cent in basis points, anything else in hundredths of its unit.

    `value` is None where it is over nobody. `share` is what a share or an average per cent is exactly.
    """

    unit: Unit
    members: int
    reached: int
    value: int | None
    days: int | None = None
    share: Share | None = None


def list_counted() -> Sequence[MeasuredMonth]:
    """The months of which figures are kept, the latest first."""
    one = MeasuredMonth
    return db.session.scalars(select(one).where(one.night_day.is_not(None)).order_by(one.month.desc())).all()


def find_first(mall_id: int) -> date | None:
    """The first month in which a mall has any figure."""
    one = MonthMeasure
    return db.session.scalar(select(func.min(one.month)).where(one.home_mall_id == mall_id, one.members > 0))


def list_measures(mall_id: int, months: Sequence[date]) -> Mapping[tuple[date, str], MonthMeasure]:
    """What is kept of a mall's months, by month and code."""
    one = MonthMeasure
    found = db.session.scalars(select(one).where(one.month.in_(months), one.home_mall_id == mall_id))
    return {(row.month, row.code): row for row in found}


def figure(unit: Unit, row: MonthMeasure | None) -> Figure:
    """What was kept as it is told."""
    if row is None or not row.members:
        return Figure(unit, 0, 0, None, row.days if row else None)
    share = _share(unit, row)
    value = share.bps if share else money.divide(row.hundredths, row.members)
    return Figure(unit, row.members, row.reached, value, row.days, share)


def _share(unit: Unit, row: MonthMeasure) -> Share | None:
    if unit is Unit.SHARE:
        return Share(row.reached, row.members)
    return Share(row.hundredths, row.members * money.BPS) if unit is Unit.PERCENT else None
