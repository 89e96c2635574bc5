"""The rules in force: data with first days; the code holds those that stand as long as none are published."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from app.kernel import clock, versions
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.lifecycle.rules.errors import RulesConflict, RulesInForce, RulesNotSensible, RulesTooEarly
from app.lifecycle.rules.models import LifecycleRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The numbers behind stages and activity. An age is the difference of two days of the mall: today's is 0.

    A window of so many days holds the ages below that number.
    """

    active_days: int = 30  # active: in the mall within so many days, that age included
    silent_days: int = 90  # silent: not in the mall for so many days
    warning_days: int = 90  # at risk, warning: no purchase for so many days
    sleeping_days: int = 90  # at risk, sleeping: nothing at all for so many days
    lost_days: int = 180  # at risk, lost: nothing at all for so many days
    recent_days: int = 90  # the window in which purchases are counted
    repeat_purchases: int = 2  # active repeat: so many purchases in that window
    high_purchases: int = 8  # high value: so many purchases in that window
    spend_days: int = 365  # the window of the spend that is compared with others'
    high_spend_top_bps: int = 1000  # high value: among so much of those who bought in that window
    high_margin_fen: int | None = None  # high value: brought the malls so much in that window; None: not asked
    high_friends: int | None = None  # high value: brought so many friends who counted in that window; None: not asked

    @property
    def asks_of_others(self) -> bool:
        """Whether they ask for facts that others tell and that are counted whole each night: margin, friends."""
        return self.high_margin_fen is not None or self.high_friends is not None


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules of a day, and the version that says so; None: the code's own."""

    rules: Rules
    version_id: int | None


DEFAULT = Rules()


def in_force(day: date) -> InForce:
    """The rules by which the stages of a day are worked out."""
    version = versions.find_at(LifecycleRules, at=day)
    return InForce(DEFAULT, None) if version is None else InForce(to_rules(version), version.id)


def of(version_id: int | None) -> Rules:
    """The rules of a version; None means the code's own. Raises NotFound for one that was never there."""
    if version_id is None:
        return DEFAULT
    version = db.session.get(LifecycleRules, version_id)
    if version is None:
        raise NotFound(rules=version_id)
    return to_rules(version)


def list_versions(*, limit: int = 100) -> Sequence[LifecycleRules]:
    """Every version there was and will be, the latest first."""
    return versions.list_versions(LifecycleRules, limit=limit)


def to_rules(version: LifecycleRules) -> Rules:
    """The numbers of a version."""
    return Rules(**{field.name: getattr(version, field.name) for field in fields(Rules)})


def publish(rules: Rules, *, effective_from: date, by: str, now: datetime) -> LifecycleRules:
    """Let rules hold from a day on that is yet to begin; the same again changes nothing.

    Raises RulesNotSensible, RulesTooEarly and RulesConflict.
    """
    ensure_sensible(rules)
    if effective_from <= clock.business_date(now):
        raise RulesTooEarly
    version = LifecycleRules(effective_from=effective_from, created_at=now, created_by=by, **asdict(rules))
    conflict = RulesConflict(effective_from=effective_from)
    return versions.publish_once(version, taken=conflict)


def withdraw(version_id: int, *, now: datetime) -> LifecycleRules:
    """Take back rules that are yet to begin, as if they had never been published; returns what they said.

    Raises RulesInForce.
    """
    return versions.withdraw(LifecycleRules, version_id, after=clock.business_date(now), begun=RulesInForce())


def ensure_sensible(rules: Rules) -> None:
    """Raises RulesNotSensible when the numbers do not fit together, with the first reason."""
    for reason in list_wrong(rules):
        raise RulesNotSensible(reason=reason)


def list_wrong(rules: Rules) -> list[str]:
    """What of the numbers does not fit together, by the names of the table's constraints."""
    return [reason for reason, holds in _sense(rules).items() if not holds]


def _sense(rules: Rules) -> dict[str, bool]:
    return {
        "activity": 0 <= rules.active_days < rules.silent_days,
        "at_risk": rules.warning_days > 0 and 0 < rules.sleeping_days < rules.lost_days,
        "windows": 0 < rules.recent_days <= rules.spend_days,
        "purchases": 1 < rules.repeat_purchases < rules.high_purchases,
        "high_spend_top": 0 < rules.high_spend_top_bps < 10_000,
        "high_margin": rules.high_margin_fen is None or rules.high_margin_fen > 0,
        "high_friends": rules.high_friends is None or rules.high_friends > 0,
    }
