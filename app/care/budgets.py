"""What a mall may give away in points each month out of goodwill: versions by mall, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.care import rules
from app.care.errors import BudgetConflict, BudgetInForce, BudgetTooEarly
from app.care.models import CareAct, GoodwillBudget
from app.kernel import clock, versions
from app.kernel.db import db


@dataclass(frozen=True, slots=True)
class Budget:
    """This month's budget in points, None where there is none, and what was given of it."""

    points: int | None
    given: int

    @property
    def left(self) -> int | None:
        """What can still be given without a second person; below zero where one agreed to more."""
        return None if self.points is None else self.points - self.given


def get(mall_id: int, *, now: datetime) -> Budget:
    """How the budget of a mall stands this month."""
    version = versions.find_at(GoodwillBudget, GoodwillBudget.mall_id == mall_id, at=clock.business_date(now))
    return Budget(None if version is None else version.points, _given(mall_id, now=now))


def suffices(mall_id: int, points: int, *, now: datetime) -> bool:
    """Whether so many points (> 0) are within the budget; keeps others from taking the same points till the commit."""
    today = clock.business_date(now)
    version = versions.find_at(GoodwillBudget, GoodwillBudget.mall_id == mall_id, at=today)
    if version is None:
        return True
    db.session.execute(select(GoodwillBudget.id).where(GoodwillBudget.id == version.id).with_for_update())
    return _given(mall_id, now=now) + points <= version.points


def _given(mall_id: int, *, now: datetime) -> int:
    since = clock.start_of_day(clock.first_of_month(clock.business_date(now)))
    given = select(func.coalesce(func.sum(CareAct.points), 0)).where(
        CareAct.mall_id == mall_id,
        CareAct.done_at >= since,
        CareAct.points > 0,
        CareAct.reason.in_(rules.GOODWILL),
    )
    return int(db.session.scalars(given).one())


def list_versions(mall_id: int, *, limit: int = 100) -> Sequence[GoodwillBudget]:
    """Every version there was and will be, the latest first."""
    return versions.list_versions(GoodwillBudget, GoodwillBudget.mall_id == mall_id, limit=limit)


def publish(mall_id: int, points: int, *, effective_from: date, by: str, now: datetime) -> GoodwillBudget:
    """Let a budget hold from a coming day on; the same again changes nothing.

    Raises BudgetTooEarly and BudgetConflict.
    """
    if effective_from <= clock.business_date(now):
        raise BudgetTooEarly
    version = GoodwillBudget(
        mall_id=mall_id, points=points, effective_from=effective_from, created_at=now, created_by=by
    )
    conflict = BudgetConflict(effective_from=effective_from)
    return versions.publish_once(version, GoodwillBudget.mall_id == mall_id, taken=conflict)


def withdraw(mall_id: int, version_id: int, *, now: datetime) -> GoodwillBudget:
    """Take back a budget that is yet to begin. Raises BudgetInForce."""
    today = clock.business_date(now)
    return versions.withdraw(
        GoodwillBudget, version_id, GoodwillBudget.mall_id == mall_id, after=today, begun=BudgetInForce()
    )
