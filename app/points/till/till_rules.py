"""What a mall asks of payments with points, by day: data with first days; the code holds what stands without any."""

from collections.abc import Sequence
from datetime import date, datetime

from app.kernel import clock, versions
from app.points.till.errors import TillRulesConflict, TillRulesInForce, TillRulesTooEarly
from app.points.till.models import TillRules
from app.points.till.rules import TillTerms

DEFAULT = TillTerms()
MOST_CODE_LIMIT = 1_000_000
MOST_WAIT_MINUTES = 30


def in_force(mall_id: int, day: date) -> TillTerms:
    """What holds in a mall on a day."""
    version = versions.find_at(TillRules, TillRules.mall_id == mall_id, at=day)
    return DEFAULT if version is None else to_terms(version)


def to_terms(version: TillRules) -> TillTerms:
    """What a version says."""
    return TillTerms(version.code_limit_points, version.wait_minutes)


def list_versions(mall_id: int, *, limit: int = 100) -> Sequence[TillRules]:
    """Every version of a mall there was and will be, the latest first."""
    return versions.list_versions(TillRules, TillRules.mall_id == mall_id, limit=limit)


def publish(mall_id: int, terms: TillTerms, *, effective_from: date, by: str, now: datetime) -> TillRules:
    """Let terms hold in a mall from a day on that is yet to begin; the same again changes nothing.

    Raises TillRulesTooEarly and TillRulesConflict.
    """
    if effective_from <= clock.business_date(now):
        raise TillRulesTooEarly
    version = TillRules(
        mall_id=mall_id,
        effective_from=effective_from,
        code_limit_points=terms.code_limit_points,
        wait_minutes=terms.wait_minutes,
        created_at=now,
        created_by=by,
    )
    conflict = TillRulesConflict(effective_from=effective_from)
    return versions.publish_once(version, TillRules.mall_id == mall_id, taken=conflict)


def withdraw(mall_id: int, version_id: int, *, now: datetime) -> TillRules:
    """Take back rules that are yet to begin. Raises TillRulesInForce."""
    mine, today = TillRules.mall_id == mall_id, clock.business_date(now)
    return versions.withdraw(TillRules, version_id, mine, after=today, begun=TillRulesInForce())
