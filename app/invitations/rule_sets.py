"""Rules of invitations by mall: data with first days; the code holds those that stand as long as none are published."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime

from app.invitations.errors import (
    InvitationRulesConflict,
    InvitationRulesInForce,
    InvitationRulesInvalid,
    InvitationRulesTooEarly,
)
from app.invitations.models import InvitationRules
from app.invitations.rules import Rules
from app.kernel import clock, versions

DEFAULT = Rules()
MOST_FEN = 10_000_000
MOST_DAYS = 365
MOST_WAITING_DAYS = 60
MOST_A_MONTH = 1_000


def in_force(mall_id: int, day: date) -> Rules:
    """The rules of a mall for friends who join on a day."""
    version = versions.find_at(InvitationRules, InvitationRules.mall_id == mall_id, at=day)
    return DEFAULT if version is None else to_rules(version)


def list_versions(mall_id: int, *, limit: int = 100) -> Sequence[InvitationRules]:
    """Every version of a mall there was and will be, the latest first."""
    return versions.list_versions(InvitationRules, InvitationRules.mall_id == mall_id, limit=limit)


def to_rules(version: InvitationRules) -> Rules:
    """What a version says."""
    return Rules(**{field.name: getattr(version, field.name) for field in fields(Rules)})


def publish(mall_id: int, rules: Rules, *, effective_from: date, by: str, now: datetime) -> InvitationRules:
    """Let rules hold in a mall from a day on that is yet to begin; the same again changes nothing.

    Raises InvitationRulesInvalid, InvitationRulesTooEarly and InvitationRulesConflict.
    """
    if effective_from <= clock.business_date(now):
        raise InvitationRulesTooEarly
    return _publish(mall_id, rules, effective_from=effective_from, by=by, now=now)


def open_with(mall_id: int, rules: Rules, *, effective_from: date, by: str, now: datetime) -> InvitationRules:
    """The rules that a mall begins with, from any day on. Raises InvitationRulesConflict when it has rules already."""
    if list_versions(mall_id, limit=1):
        raise InvitationRulesConflict(effective_from=effective_from)
    return _publish(mall_id, rules, effective_from=effective_from, by=by, now=now)


def withdraw(mall_id: int, version_id: int, *, now: datetime) -> InvitationRules:
    """Take back rules that are yet to begin, as if they had never been published; returns what they said.

    Raises InvitationRulesInForce.
    """
    mine, today = InvitationRules.mall_id == mall_id, clock.business_date(now)
    return versions.withdraw(InvitationRules, version_id, mine, after=today, begun=InvitationRulesInForce())


def _publish(mall_id: int, rules: Rules, *, effective_from: date, by: str, now: datetime) -> InvitationRules:
    problems = [name for name, holds in _sense(rules).items() if not holds]
    if problems:
        raise InvitationRulesInvalid(problems=problems)
    version = InvitationRules(
        mall_id=mall_id, effective_from=effective_from, created_at=now, created_by=by, **asdict(rules)
    )
    conflict = InvitationRulesConflict(effective_from=effective_from)
    return versions.publish_once(version, InvitationRules.mall_id == mall_id, taken=conflict)


def _sense(rules: Rules) -> dict[str, bool]:
    return {
        "least": 0 <= rules.least_fen <= MOST_FEN,
        "within": 0 < rules.within_days <= MOST_DAYS,
        "waiting": 0 <= rules.waiting_days <= MOST_WAITING_DAYS,
        "most": 0 < rules.most_a_month <= MOST_A_MONTH,
    }
