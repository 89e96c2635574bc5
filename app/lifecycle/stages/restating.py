"""Everybody's stage at a date under any rules, worked out from the facts as they are known today; nothing is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, Integer, Row, Select, case, func, literal, select, true

from app.identity import people
from app.kernel.db import db, take_long
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages import cut_points, facts_sql, judging
from app.lifecycle.stages.judging import Judge
from app.lifecycle.stages.models import ALL_FACTS, Activity, Stage

# How long ago the last purchase was: the last day of each band but the last.
BANDS = {"0-30": 30, "31-89": 89, "90-179": 179, "180-": None}


@dataclass(frozen=True, slots=True)
class Restated:
    """`facts` has a row for everybody known at the date, `cuts` one with that date's cut points."""

    facts: CTE
    cuts: CTE
    judge: Judge
    as_of: date

    def standings(self) -> Select[Any]:
        """A row for everybody: member, home mall, facts, stage, activity and why."""
        own = (self.facts.c[name] for name in ("member_id", "home_mall_id", *ALL_FACTS))
        return self._over_everybody(
            *own,
            self.judge.stage.label("stage"),
            self.judge.activity.label("activity"),
            self.judge.why.label("why"),
        )

    def _over_everybody(self, *columns: Any) -> Select[Any]:
        return select(*columns).select_from(self.facts.join(self.cuts, true()))

    def sums(self) -> Select[Any]:
        """Members by stage, activity, band of days since buying and scores: these four are NULL without a purchase."""
        one, cuts = self.facts.c, self.cuts.c
        has_bought = one.purchases > 0
        recency = judging.recency(self.facts, self.as_of)
        groups = (
            self.judge.stage.label("stage"),
            self.judge.activity.label("activity"),
            case((has_bought, _band(recency))).label("band"),
            case((has_bought, literal(6, Integer) - judging.score(recency, cuts.recency))).label("recency"),
            case((has_bought, judging.score(one.purchases, cuts.frequency))).label("frequency"),
            case((has_bought, judging.score(one.monetary_fen, cuts.monetary))).label("monetary"),
        )
        everybody = self._over_everybody(*groups, one.purchases, one.monetary_fen).subquery("everybody")
        names = [everybody.c[group.name] for group in groups]
        return select(
            *names,
            func.count().label("members"),
            func.sum(everybody.c.purchases).label("purchases"),
            func.sum(everybody.c.monetary_fen).label("monetary_fen"),
        ).group_by(*names)


def restated(rules: Rules, *, as_of: date, name: str = "then", facts: CTE | None = None) -> Restated:
    """What queries about a date under these rules are made of; merges are followed as they are now.

    Two in one query have names of their own. `facts`: those of another one of the same date, whose rules have the same
    windows.
    """
    if facts is None:
        facts = facts_sql.of_everybody(rules, as_of=as_of, merged=people.list_merged()).cte(f"facts_{name}")
    cuts = cut_points.of_rows(facts, rules, as_of=as_of).cte(f"cuts_{name}")
    return Restated(facts, cuts, Judge(facts, rules, as_of=as_of, cut_fen=cuts.c.high_spend_fen), as_of)


def _band(recency: Any) -> Any:
    last = [name for name, most in BANDS.items() if most is None][0]
    bands = ((recency <= most, literal(name)) for name, most in BANDS.items() if most is not None)
    return case(*bands, else_=literal(last))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A date in numbers, for comparison with any other computation. Scores are 1 to 5, over who has bought."""

    as_of: date
    members_with_purchases: int
    purchases: int
    monetary_fen: int
    inactivity_days: dict[str, int]
    scores: dict[str, dict[str, int]]
    stages: dict[str, int]
    activity: dict[str, int]


def report(rules: Rules, *, as_of: date) -> Report:
    """Members by stage, activity, days since the last purchase and scores, at a date under these rules."""
    take_long()
    rows = db.session.execute(restated(rules, as_of=as_of).sums()).all()
    bought = [row for row in rows if row.band is not None]
    return Report(
        as_of=as_of,
        members_with_purchases=sum(row.members for row in bought),
        purchases=int(sum(row.purchases for row in bought)),
        monetary_fen=int(sum(row.monetary_fen for row in bought)),
        inactivity_days=_tally(bought, "band", known=BANDS),
        scores={name: _tally(bought, name, known=range(1, 6)) for name in ("recency", "frequency", "monetary")},
        stages=_tally(rows, "stage", known=Stage),
        activity=_tally(rows, "activity", known=Activity),
    )


def _tally(rows: Sequence[Row[Any]], name: str, *, known: Iterable[object]) -> dict[str, int]:
    """Members by the value of a column, with the values that nobody has."""
    tally = {str(value): 0 for value in known}
    for row in rows:
        tally[str(getattr(row, name))] += row.members
    return tally
