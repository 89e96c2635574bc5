"""The factor by day: data with first days; before the first one a point is a fen."""

from collections.abc import Sequence
from datetime import date, datetime

from app.kernel import clock, versions
from app.points.worth import rules
from app.points.worth.errors import FactorConflict, FactorInForce, FactorOutOfRange, FactorTooEarly
from app.points.worth.models import PointsFactor


def in_force(day: date) -> int:
    """What points buy on a day, in bps of the anchor."""
    version = versions.find_at(PointsFactor, at=day)
    return rules.ANCHOR_BPS if version is None else version.factor_bps


def at(now: datetime) -> int:
    """What points buy at a moment, in bps of the anchor."""
    return in_force(clock.business_date(now))


def find_coming(*, today: date) -> PointsFactor | None:
    """The next change that is published and yet to begin."""
    return versions.find_next(PointsFactor, after=today)


def list_versions(*, limit: int = 100) -> Sequence[PointsFactor]:
    """Every version there was and will be, the latest first."""
    return versions.list_versions(PointsFactor, limit=limit)


def publish(factor_bps: int, *, effective_from: date, by: str, now: datetime) -> PointsFactor:
    """Let a factor hold from a day on that is yet to begin; the same again changes nothing.

    Raises FactorOutOfRange, FactorTooEarly and FactorConflict.
    """
    if not rules.LEAST_BPS <= factor_bps <= rules.MOST_BPS:
        raise FactorOutOfRange(least_bps=rules.LEAST_BPS, most_bps=rules.MOST_BPS)
    if effective_from <= clock.business_date(now):
        raise FactorTooEarly
    version = PointsFactor(effective_from=effective_from, factor_bps=factor_bps, created_at=now, created_by=by)
    conflict = FactorConflict(effective_from=effective_from)
    return versions.publish_once(version, taken=conflict)


def withdraw(version_id: int, *, now: datetime) -> PointsFactor:
    """Take back a factor that is yet to begin, as if it had never been published. Raises FactorInForce."""
    return versions.withdraw(PointsFactor, version_id, after=clock.business_date(now), begun=FactorInForce())
