"""Rules of earning by day and mall: data with first days; without any, a yuan is a point everywhere."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from app.kernel import clock, versions
from app.points.earning import documents
from app.points.earning.errors import (
    EarningRulesConflict,
    EarningRulesInForce,
    EarningRulesInvalid,
    EarningRulesTooEarly,
)
from app.points.earning.extras import CampaignExtra, Payer
from app.points.earning.models import EarningRules
from app.points.earning.rules import Rules

DEFAULT = Rules()
MOST_RATE_BPS = 1_000_000
MOST_EXTRA_BPS = 1_000_000
MOST_EXTRAS = 30

_LATEST = versions.Latest(EarningRules, "mall_id")


def in_force(mall_id: int, day: date) -> Rules:
    """The rules by which purchases of a day earn in a mall."""
    version = _LATEST.find(at=day, mall_id=mall_id)
    return DEFAULT if version is None else documents.to_rules(version.document)


def in_force_on(mall_id: int, days: Collection[date]) -> Mapping[date, Rules]:
    """The same for each of some days, of which there is one at least; as many statements for many as for two."""
    first, last = min(days), max(days)
    mine = EarningRules.mall_id == mall_id
    at_first = _LATEST.find(at=first, mall_id=mall_id)
    later = versions.list_between(EarningRules, mine, after=first, until=last) if last > first else ()
    starts = [one.effective_from for one in later]
    rules = [DEFAULT if one is None else documents.to_rules(one.document) for one in (at_first, *later)]
    return {day: rules[bisect_right(starts, day)] for day in days}


def list_versions(mall_id: int, *, limit: int = 100) -> Sequence[EarningRules]:
    """Every version of a mall there was and will be, the latest first."""
    return versions.list_versions(EarningRules, EarningRules.mall_id == mall_id, limit=limit)


def list_current(mall_id: int, *, today: date) -> Sequence[EarningRules]:
    """The versions of a mall that purchases may still earn by: the one in force, and those to come."""
    mine = EarningRules.mall_id == mall_id
    now = versions.find_at(EarningRules, mine, at=today)
    since = today if now is None else now.effective_from
    return [one for one in versions.list_versions(EarningRules, mine) if one.effective_from >= since]


def publish(mall_id: int, rules: Rules, *, effective_from: date, by: str, now: datetime) -> EarningRules:
    """Let rules hold in a mall from a day on that is yet to begin; the same again changes nothing.

    Raises EarningRulesInvalid, EarningRulesTooEarly and EarningRulesConflict.
    """
    if effective_from <= clock.business_date(now):
        raise EarningRulesTooEarly
    return _publish(mall_id, rules, effective_from=effective_from, by=by, now=now)


def _publish(mall_id: int, rules: Rules, *, effective_from: date, by: str, now: datetime) -> EarningRules:
    ensure_sensible(rules)
    document = documents.to_document(rules)
    version = EarningRules(
        mall_id=mall_id, effective_from=effective_from, document=document, created_at=now, created_by=by
    )
    conflict = EarningRulesConflict(effective_from=effective_from)
    return versions.publish_once(version, EarningRules.mall_id == mall_id, taken=conflict)


def ensure_sensible(rules: Rules) -> None:
    """Raises EarningRulesInvalid, with what is out of all proportion."""
    rates = (rules.mall_rate_bps, *rules.category_rates_bps.values(), *rules.store_rates_bps.values())
    campaigns = [extra for extra in rules.extras if isinstance(extra, CampaignExtra)]
    kinds, brands = {one.kind for one in rules.acts}, {one.brand for one in rules.extras if one.brand}
    sense = {
        "rates": all(0 <= rate <= MOST_RATE_BPS for rate in rates),
        "extras": len(rules.extras) <= MOST_EXTRAS and all(0 < one.bps <= MOST_EXTRA_BPS for one in rules.extras),
        "days": all(one.first_day <= one.last_day for one in campaigns),
        "brands": len(brands) <= 1 and all((one.payer is Payer.BRAND) == bool(one.brand) for one in rules.extras),
        "acts": all(one.is_sensible() for one in rules.acts) and len(kinds) == len(rules.acts),
    }
    problems = [name for name, holds in sense.items() if not holds]
    if problems:
        raise EarningRulesInvalid(problems=problems)


def open_with(mall_id: int, rules: Rules, *, effective_from: date, by: str, now: datetime) -> EarningRules:
    """The rules that a mall begins with, from any day on. Raises EarningRulesConflict when it has rules already."""
    if list_versions(mall_id, limit=1):
        raise EarningRulesConflict(effective_from=effective_from)
    return _publish(mall_id, rules, effective_from=effective_from, by=by, now=now)


def withdraw(mall_id: int, version_id: int, *, now: datetime) -> EarningRules:
    """Take back rules that are yet to begin, as if they had never been published; returns what they said.

    Raises EarningRulesInForce.
    """
    mine, today = EarningRules.mall_id == mall_id, clock.business_date(now)
    return versions.withdraw(EarningRules, version_id, mine, after=today, begun=EarningRulesInForce())
