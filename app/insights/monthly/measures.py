"""The measures of each stage [S0.9 S0.18 S0.25 S0.31 S0.39 S0.43], and the moves that targets are set for.

A measure is a base, over whom it is, and a value for each of them. A share counts those whose value is above nought, an
average leaves out whose value is None. What a measure means to people is in `wording`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select

from app.insights.monthly import bases, facts
from app.insights.monthly.periods import Period
from app.lifecycle.stages.models import AT_RISK, LADDER, NOWHERE, Stage
from app.lifecycle.targets.targets import WAYS, Target, Targets, Transition
from app.tasks import newbie

FIRST_WEEK, FIRST_FORTNIGHT, MONTH = 7, 14, 30


class Unit(StrEnum):
    """What a measure is told in."""

    SHARE = "share"  # of members, in per cent
    PERCENT = "percent"  # the average of per cents
    TIMES = "times"
    DAYS = "days"
    KINDS = "kinds"
    PEOPLE = "people"


class Aim(StrEnum):
    """To whom a measure belongs: the stage whose members it is about."""

    VISITOR = "visitor"
    NEW = "new"
    FIRST = "first"
    REPEAT = "repeat"
    HIGH = "high"
    AT_RISK = "at_risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Over whom, and what each of them had. With numbers a base of acts is over people with several (`bases`).

    `is_less_better`: a falling figure is good news.

    `days` is how long everybody had, where targets say so. `may_lack`: some have no value at all.
    """

    code: str
    aim: Aim
    unit: Unit = Unit.SHARE
    base: Callable[[Period, FromClause | None], Select[Any]]
    value: Callable[[Any, Period], ColumnElement[Any]]
    is_less_better: bool = False
    days: int | None = None
    may_lack: bool = False


JOIN_RATE = "join_rate"  # of openings, not of members: counted by itself

_NEW = (
    Measure(
        code="profile",
        aim=Aim.VISITOR,
        unit=Unit.PERCENT,
        base=lambda period, _: bases.joined(period.first, period.last),
        value=lambda row, _: facts.completeness_percent(row),
    ),
    Measure(
        code="return_7",
        aim=Aim.NEW,
        base=lambda period, _: bases.joined(*period.over(FIRST_WEEK)),
        value=lambda row, _: facts.did(row, FIRST_WEEK),
    ),
    Measure(
        code="interaction_14",
        aim=Aim.NEW,
        base=lambda period, _: bases.joined(*period.over(FIRST_FORTNIGHT)),
        value=lambda row, _: facts.did(row, FIRST_FORTNIGHT, facts.INTERACTIONS),
    ),
    Measure(
        code="pack_7",
        aim=Aim.NEW,
        base=lambda period, _: bases.joined(*period.over(FIRST_WEEK)),
        value=lambda row, _: facts.did_tasks(row, FIRST_WEEK, (newbie.FIRST_ORDER_COUPON,)),
    ),
    Measure(
        code="tasks_14",
        aim=Aim.NEW,
        base=lambda period, _: bases.joined(*period.over(FIRST_FORTNIGHT)),
        value=lambda row, _: facts.did_tasks(row, FIRST_FORTNIGHT),
    ),
)
_FIRST = (
    Measure(
        code="second_30",
        aim=Aim.FIRST,
        base=lambda period, numbers: bases.bought_first(*period.over(MONTH), numbers),
        value=lambda row, _: facts.bought_again(row, MONTH),
    ),
    Measure(
        code="across_30",
        aim=Aim.FIRST,
        base=lambda period, numbers: bases.bought_first(*period.over(MONTH), numbers),
        value=lambda row, _: facts.bought_across(row, MONTH),
    ),
)


def _repeating(period: Period, _: FromClause | None) -> Select[Any]:
    return bases.stood(period.last, (Stage.REPEAT,))


_REPEAT = (
    Measure(code="visits", aim=Aim.REPEAT, unit=Unit.DAYS, base=_repeating, value=facts.count_visits),
    Measure(code="purchases", aim=Aim.REPEAT, unit=Unit.TIMES, base=_repeating, value=facts.count_purchases),
    Measure(code="categories", aim=Aim.REPEAT, unit=Unit.KINDS, base=_repeating, value=facts.count_categories),
    Measure(code="benefit_use", aim=Aim.REPEAT, base=_repeating, value=facts.used_benefit),
)
_HIGH = (
    Measure(
        code="kept",
        aim=Aim.HIGH,
        base=lambda period, _: bases.stood(period.before, (Stage.HIGH,)),
        value=lambda row, period: facts.stood_in(row, period, (Stage.HIGH,)),
    ),
    Measure(
        code="interval",
        aim=Aim.HIGH,
        unit=Unit.DAYS,
        base=lambda period, _: bases.stood(period.last, (Stage.HIGH,)),
        value=facts.days_between_purchases,
        is_less_better=True,
        may_lack=True,
    ),
    Measure(
        code="invitations",
        aim=Aim.HIGH,
        unit=Unit.PEOPLE,
        base=lambda period, _: bases.stood(period.last, (Stage.HIGH,)),
        value=facts.count_friends,
    ),
)
_AT_RISK = (
    Measure(
        code="returned",
        aim=Aim.AT_RISK,
        base=lambda period, _: bases.stood(period.before, AT_RISK),
        value=lambda row, period: facts.stood_in(row, period, LADDER[1:]),
    ),
    Measure(
        code="stayed_30",
        aim=Aim.AT_RISK,
        base=lambda period, _: bases.came_to(*period.over(MONTH), LADDER[1:], from_any=AT_RISK),
        value=lambda row, _: facts.did(row, MONTH),
    ),
    Measure(
        code="lost",
        aim=Aim.AT_RISK,
        base=lambda period, _: bases.stood(period.last, AT_RISK),
        value=lambda row, period: facts.stood_in(row, period, (Stage.LOST,)),
        is_less_better=True,
    ),
)

OF_STAGES: Mapping[str, Measure] = {one.code: one for one in (*_NEW, *_FIRST, *_REPEAT, *_HIGH, *_AT_RISK)}

# What no fact tells yet, and whose it will be.
NOT_YET: Mapping[str, Aim] = {
    "first_open": Aim.VISITOR,
    "satisfaction": Aim.FIRST,
    "exclusive": Aim.HIGH,
    "win_back_cost": Aim.AT_RISK,
    "given_up": Aim.AT_RISK,
}


def of_transitions(targets: Targets) -> list[Measure]:
    """How many of those who came to a stage moved on within the days that the targets give them."""
    return [_of_transition(one, targets[one]) for one in Transition]


def code_of(transition: Transition) -> str:
    """The measure of a transition."""
    return f"to_{transition.value}"


def find(code: str, targets: Targets) -> Measure | None:
    """A measure by its code."""
    return OF_STAGES.get(code) or next((one for one in of_transitions(targets) if one.code == code), None)


def _of_transition(transition: Transition, target: Target) -> Measure:
    if transition is Transition.FIRST:  # often on the day of joining, so that no night saw them as new
        return Measure(
            code=code_of(transition),
            aim=Aim.NEW,
            base=lambda period, _: bases.joined(*period.over(target.days)),
            value=lambda row, _: facts.bought(row, target.days),
            days=target.days,
        )
    return Measure(
        code=code_of(transition),
        aim=_AIMS[transition],
        base=lambda period, _: _coming(transition, period.over(target.days)),
        value=lambda row, _: facts.moved_to(row, target.days, WAYS[transition][1]),
        days=target.days,
    )


def _coming(transition: Transition, days: tuple[date, date]) -> Select[Any]:
    """Who came to where a transition begins on these days."""
    old, _ = WAYS[transition]
    if transition is Transition.JOIN:  # most join at once, so that no night saw them as visitors
        return bases.came_as_visitor(*days)
    return bases.came_to(*days, old, from_any=_below(old))


def _below(stages: Sequence[Stage]) -> Sequence[str]:
    """From where one comes to the stages as to something new: from below, from risk, from nowhere; to risk from above.

    Who falls back to a stage from a higher one has made the move before, and is not asked for it again.
    """
    if stages[0] in AT_RISK:
        return LADDER
    return (NOWHERE, *AT_RISK, *LADDER[: LADDER.index(stages[0])])


_AIMS = {
    Transition.JOIN: Aim.VISITOR,
    Transition.REPEAT: Aim.FIRST,
    Transition.HIGH: Aim.REPEAT,
    Transition.BACK: Aim.AT_RISK,
}
