"""What facts mean, for many members at once: `rules.classify` as expressions of SQL, and the cut points of a day."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    true,
    type_coerce,
)

from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages.models import Activity, Stage, Why

# The scores of recency, frequency and monetary value are 1 to 5.
SCORES = 5

_Branch = tuple[ColumnElement[bool], Stage, Why]


class Judge:
    """The rules of a day over rows with the columns of `models.ALL_FACTS`.

    `as_of` is the day, or a column that says it; `cut_fen` a value or an expression: from which spend on one is among
    those who spent most, NULL for nobody.
    """

    def __init__(
        self, facts: FromClause, rules: Rules, *, as_of: date | ColumnElement[date], cut_fen: ColumnElement[Any]
    ) -> None:
        self._facts = facts.c
        self._rules = rules
        self._as_of = as_of
        self._cut_fen = cut_fen

    @property
    def stage(self) -> ColumnElement[str]:
        """The code of the stage."""
        return case(*((holds, literal(stage.value)) for holds, stage, _ in self._branches()))

    @property
    def why(self) -> ColumnElement[str]:
        """The code of the reason."""
        return case(*((holds, literal(why.value)) for holds, _, why in self._branches()))

    @property
    def activity(self) -> ColumnElement[str]:
        """The code of the activity."""
        seen_on = self._facts.last_presence_on
        return case(
            (seen_on <= self._before(self._rules.silent_days), literal(Activity.SILENT.value)),
            (seen_on >= self._before(self._rules.active_days), literal(Activity.ACTIVE.value)),
            else_=literal(Activity.COOLING.value),
        )

    def turned_by_time(self, *, cut_fen_before: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether somebody may stand elsewhere than the day before with the same facts: never False where they do.

        The last day of a stage is the day before a branch begins to hold; `cut_fen_before` is the cut of that day.
        """
        one, rules = self._facts, self._rules
        last_purchase_on = func.coalesce(one.last_purchase_on, one.known_on)
        return or_(
            one.last_behaviour_on.in_((self._before(rules.lost_days), self._before(rules.sleeping_days))),
            last_purchase_on == self._before(rules.warning_days),
            one.last_presence_on.in_((self._before(rules.silent_days), self._before(rules.active_days + 1))),
            (one.year_fen >= self._cut_fen).is_distinct_from(one.year_fen >= cut_fen_before),
        )

    def _branches(self) -> list[_Branch]:
        """What holds first decides; the last one holds for everybody."""
        one, rules = self._facts, self._rules
        last_purchase_on = func.coalesce(one.last_purchase_on, one.known_on)
        buys = one.recent_purchases > 0
        return [
            (one.joined_on.is_(None), Stage.VISITOR, Why.SEEN),
            (one.last_behaviour_on <= self._before(rules.lost_days), Stage.LOST, Why.DID_NOTHING),
            (one.last_behaviour_on <= self._before(rules.sleeping_days), Stage.SLEEPING, Why.DID_NOTHING),
            (last_purchase_on <= self._before(rules.warning_days), Stage.WARNING, Why.BOUGHT_NOTHING),
            (and_(buys, one.year_fen >= self._cut_fen), Stage.HIGH, Why.SPENT_MUCH),
            (one.recent_purchases >= rules.high_purchases, Stage.HIGH, Why.BOUGHT_OFTEN),
            *self._by_others(buys),
            (one.recent_purchases >= rules.repeat_purchases, Stage.REPEAT, Why.BOUGHT_AGAIN),
            (one.purchases > 0, Stage.FIRST, Why.BOUGHT),
            (true(), Stage.NEW, Why.JOINED),
        ]

    def _by_others(self, buys: ColumnElement[bool]) -> list[_Branch]:
        """High value by what a member brought, and by whom, where the rules ask for it."""
        one, rules = self._facts, self._rules
        asked = [
            (one.margin_fen, rules.high_margin_fen, Why.EARNED_MUCH),
            (one.friends, rules.high_friends, Why.BROUGHT_FRIENDS),
        ]
        return [(and_(buys, had >= least), Stage.HIGH, why) for had, least, why in asked if least is not None]

    def _before(self, days: int) -> date | ColumnElement[date]:
        """The day that is so many days ago."""
        if isinstance(self._as_of, date):
            return self._as_of - timedelta(days=days)
        return type_coerce(self._as_of - literal(days, Integer), Date)


def recency(facts: FromClause, as_of: date | ColumnElement[date]) -> ColumnElement[int]:
    """Days since the last purchase; NULL without one."""
    day = literal(as_of, Date) if isinstance(as_of, date) else as_of
    return type_coerce(day - facts.c.last_purchase_on, Integer)


def score(value: ColumnElement[Any], points: ColumnElement[Any]) -> ColumnElement[int]:
    """One more than the number of points between fifths that lie strictly below a value."""
    score: ColumnElement[int] = literal(1, Integer)
    for number in range(1, SCORES):
        score += cast(points[number] < value, Integer)
    return score
