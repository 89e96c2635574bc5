"""What facts about a member mean on a day: stage, activity and why. Pure; ages are differences of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages.models import Activity, Stage, Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A member's facts as of a day, as `models.ALL_FACTS` are described."""

    joined_on: date | None
    known_on: date
    last_purchase_on: date | None
    last_presence_on: date
    last_behaviour_on: date
    recent_purchases: int
    year_purchases: int
    year_fen: int
    purchases: int
    monetary_fen: int
    margin_fen: int | None = None
    friends: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands, and why."""

    stage: Stage
    activity: Activity
    why: Why


class Phase(StrEnum):
    """The coarser view of the lifecycle, beside stages and by another name: a mapping of stage and activity."""

    NEW = "new"
    GROWTH = "growth"
    STABLE = "stable"
    DECLINE = "decline"
    LOST = "lost"


def classify(facts: Facts, rules: Rules, *, as_of: date, cut_fen: int | None) -> Standing:
    """Where a member with these facts stands at the end of the day.

    `cut_fen`: from which spend on one is among those who spent most; None when nobody bought.
    """
    stage, why = _stage(facts, rules, as_of, cut_fen)
    return Standing(stage, _activity(facts, rules, as_of), why)


def _stage(facts: Facts, rules: Rules, as_of: date, cut_fen: int | None) -> tuple[Stage, Why]:
    if facts.joined_on is None:
        return Stage.VISITOR, Why.SEEN
    return (
        _at_risk(facts, rules, as_of)
        or _high(facts, rules, as_of, cut_fen)
        or _by_purchases(facts.recent_purchases, facts.purchases, rules)
    )


def _at_risk(facts: Facts, rules: Rules, as_of: date) -> tuple[Stage, Why] | None:
    """Nothing at all comes first; without a purchase the days since joining count."""
    idle_days = (as_of - facts.last_behaviour_on).days
    if idle_days >= rules.lost_days:
        return Stage.LOST, Why.DID_NOTHING
    if idle_days >= rules.sleeping_days:
        return Stage.SLEEPING, Why.DID_NOTHING
    last_purchase_on = facts.last_purchase_on or facts.known_on
    if (as_of - last_purchase_on).days >= rules.warning_days:
        return Stage.WARNING, Why.BOUGHT_NOTHING
    return None


def _high(facts: Facts, rules: Rules, as_of: date, cut_fen: int | None) -> tuple[Stage, Why] | None:
    """High value asks for a purchase in the recent window, whatever makes it high."""
    if facts.recent_purchases == 0:
        return None
    if cut_fen is not None and facts.year_fen >= cut_fen:
        return Stage.HIGH, Why.SPENT_MUCH
    if facts.recent_purchases >= rules.high_purchases:
        return Stage.HIGH, Why.BOUGHT_OFTEN
    if rules.high_margin_fen is not None and (facts.margin_fen or 0) >= rules.high_margin_fen:
        return Stage.HIGH, Why.EARNED_MUCH
    if rules.high_friends is not None and (facts.friends or 0) >= rules.high_friends:
        return Stage.HIGH, Why.BROUGHT_FRIENDS
    return None


def _by_purchases(recent: int, ever: int, rules: Rules) -> tuple[Stage, Why]:
    if recent >= rules.repeat_purchases:
        return Stage.REPEAT, Why.BOUGHT_AGAIN
    return (Stage.FIRST, Why.BOUGHT) if ever else (Stage.NEW, Why.JOINED)


def _activity(facts: Facts, rules: Rules, as_of: date) -> Activity:
    away_days = (as_of - facts.last_presence_on).days
    if away_days >= rules.silent_days:
        return Activity.SILENT
    return Activity.ACTIVE if away_days <= rules.active_days else Activity.COOLING


def score(value: int, points: Sequence[float]) -> int:
    """Where a value stands among cut points: 1, and one more for each strictly below it."""
    return 1 + sum(point < value for point in points)


def phase(stage: Stage, activity: Activity) -> Phase:
    """The phase of a member in this stage with this activity: who stays away for a month begins to decline."""
    if stage in (Stage.VISITOR, Stage.NEW):
        return Phase.NEW
    if stage is Stage.LOST:
        return Phase.LOST
    if stage in (Stage.WARNING, Stage.SLEEPING) or activity is not Activity.ACTIVE:
        return Phase.DECLINE
    return Phase.GROWTH if stage is Stage.FIRST else Phase.STABLE
