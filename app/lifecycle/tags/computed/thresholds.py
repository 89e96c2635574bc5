"""The thresholds in force: versions with first days; the code's own stand as long as none are published."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from app.kernel import clock, versions
from app.lifecycle.tags.computed.errors import (
    TagRulesConflict,
    TagRulesInForce,
    TagRulesNotSensible,
    TagRulesTooEarly,
)
from app.lifecycle.tags.computed.models import TagRules
from app.lifecycle.tags.computed.rules import DEFAULT, Thresholds, find_flaws


@dataclass(frozen=True, slots=True)
class InForce:
    """The thresholds of a day, and the version that says so; None: the code's own."""

    thresholds: Thresholds
    version_id: int | None


def in_force(day: date) -> InForce:
    """The thresholds by which the tags of a day are worked out."""
    version = versions.find_at(TagRules, at=day)
    return InForce(DEFAULT, None) if version is None else InForce(to_thresholds(version), version.id)


def to_thresholds(version: TagRules) -> Thresholds:
    """The numbers of a version."""
    return Thresholds(**{one.name: getattr(version, one.name) for one in fields(Thresholds)})


def list_versions(*, limit: int = 50) -> Sequence[TagRules]:
    """Every version there was and will be, the latest first."""
    return versions.list_versions(TagRules, limit=limit)


def publish(thresholds: Thresholds, *, effective_from: date, by: str, now: datetime) -> TagRules:
    """Let thresholds hold from a day on that is yet to begin; the same again changes nothing.

    Raises TagRulesNotSensible, TagRulesTooEarly and TagRulesConflict.
    """
    for reason in find_flaws(thresholds).values():
        raise TagRulesNotSensible(reason=reason)
    if effective_from <= clock.business_date(now):
        raise TagRulesTooEarly
    version = TagRules(effective_from=effective_from, created_at=now, created_by=by, **asdict(thresholds))
    conflict = TagRulesConflict(effective_from=effective_from)
    return versions.publish_once(version, taken=conflict)


def withdraw(version_id: int, *, now: datetime) -> TagRules:
    """Take back thresholds that are yet to begin; returns what they said. Raises TagRulesInForce."""
    return versions.withdraw(TagRules, version_id, after=clock.business_date(now), begun=TagRulesInForce())
