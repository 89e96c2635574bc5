"""What gives growth: data with first days; the code holds those numbers that stand as long as none are published."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from app.kernel import clock, versions
from app.tiers.growth.errors import (
    GrowthRulesConflict,
    GrowthRulesInForce,
    GrowthRulesInvalid,
    GrowthRulesTooEarly,
)
from app.tiers.growth.models import GrowthRules

MOST_SPEND_BPS = 1_000_000
MOST_GROWTH = 100_000
MOST_A_DAY = 100
_A_YUAN_FEN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Growth (>= 0) for each thing, and how often a day it is given. A visit counts once a day."""

    spend_bps: int = 10_000  # growth for each yuan: 10,000 is one
    join_growth: int = 10
    task_growth: int = 5
    visit_growth: int = 5
    interaction_growth: int = 1
    interactions_a_day: int = 1
    review_growth: int = 5
    reviews_a_day: int = 2
    invitation_growth: int = 20
    invitations_a_day: int = 5

    def for_spend(self, amount_fen: int) -> int:
        """Growth for money spent: what whole growth there is for the sum."""
        return amount_fen * self.spend_bps // (_A_YUAN_FEN * 10_000)


DEFAULT = Rules()
_LATEST = versions.Latest(GrowthRules)


def in_force(day: date) -> Rules:
    """The rules of a day."""
    version = _LATEST.find(at=day)
    return DEFAULT if version is None else to_rules(version)


def list_versions(*, limit: int = 100) -> Sequence[GrowthRules]:
    """Every version there was and will be, the latest first."""
    return versions.list_versions(GrowthRules, limit=limit)


def to_rules(version: GrowthRules) -> Rules:
    """The numbers of a version."""
    return Rules(**{field.name: getattr(version, field.name) for field in fields(Rules)})


def publish(rules: Rules, *, effective_from: date, by: str, now: datetime) -> GrowthRules:
    """Let rules hold from a day on that is yet to begin; the same again changes nothing.

    Raises GrowthRulesInvalid, GrowthRulesTooEarly and GrowthRulesConflict.
    """
    if effective_from <= clock.business_date(now):
        raise GrowthRulesTooEarly
    problems = [name for name, holds in _sense(rules).items() if not holds]
    if problems:
        raise GrowthRulesInvalid(problems=problems)
    version = GrowthRules(effective_from=effective_from, created_at=now, created_by=by, **asdict(rules))
    conflict = GrowthRulesConflict(effective_from=effective_from)
    return versions.publish_once(version, taken=conflict)


def withdraw(version_id: int, *, now: datetime) -> GrowthRules:
    """Take back rules that are yet to begin, as if they had never been published; returns what they said.

    Raises GrowthRulesInForce.
    """
    return versions.withdraw(GrowthRules, version_id, after=clock.business_date(now), begun=GrowthRulesInForce())


def _sense(rules: Rules) -> dict[str, bool]:
    told = asdict(rules)
    return {
        "spend": 0 <= rules.spend_bps <= MOST_SPEND_BPS,
        "growth": all(0 <= value <= MOST_GROWTH for name, value in told.items() if name.endswith("_growth")),
        "a_day": all(0 < value <= MOST_A_DAY for name, value in told.items() if name.endswith("_a_day")),
    }
