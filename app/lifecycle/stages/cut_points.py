"""The cut points of a day: from which spend on somebody is among the best, and where the fifths of all buyers part.

`of_rows` sorts the values of any rows. `count` counts how many of those who stand somewhere have which value, in one
look at them: the same points, in a fraction of the time.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Double,
    FromClause,
    Select,
    Text,
    any_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from app.kernel.db import db, table_of
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages import judging
from app.lifecycle.stages.models import LifecycleCut, MemberStage

# Where the five scores of recency, frequency and monetary value part.
FIFTHS = (0.2, 0.4, 0.6, 0.8)
# Sums of money are counted by steps of 10 yuan, and to the fen on the steps around yesterday's points.
STEP_FEN = 1_000
STEPS_AROUND = 1

_STAGES = table_of(MemberStage)


@dataclass(frozen=True, slots=True)
class CutPoints:
    """Those of a day as `models.LifecycleCut` keeps them: None without anybody who bought."""

    high_spend_fen: int | None
    recency: list[float] | None
    frequency: list[float] | None
    monetary: list[float] | None


def of_rows(facts: FromClause, rules: Rules, *, as_of: date | ColumnElement[date]) -> Select[Any]:
    """One row with the cut points of a day over rows of facts, with the columns of `CutPoints`.

    For rows of many days `as_of` is their column: then a row for each, once they are grouped by it.
    """
    return select(
        high_spend(facts, rules).label("high_spend_fen"),
        _fifths(judging.recency(facts, as_of), facts).label("recency"),
        _fifths(facts.c.purchases, facts).label("frequency"),
        _fifths(facts.c.monetary_fen, facts).label("monetary"),
    ).select_from(facts)


def high_spend(facts: FromClause, rules: Rules) -> ColumnElement[int]:
    """From which spend on one is among those who spent most: an aggregate over rows of facts, rounded up to the fen."""
    point = func.percentile_cont(_high_share(rules)).within_group(facts.c.year_fen).filter(facts.c.year_purchases > 0)
    return cast(func.ceil(point), BigInteger)


def _high_share(rules: Rules) -> float:
    return (10_000 - rules.high_spend_top_bps) / 10_000


def _fifths(value: ColumnElement[Any], facts: FromClause) -> ColumnElement[Any]:
    points = func.percentile_cont(literal(list(FIFTHS), ARRAY(Double))).within_group(value)
    return type_coerce(points.filter(facts.c.purchases > 0), ARRAY(Double))


def count(rules: Rules, *, day: date, near: CutPoints | LifecycleCut | None) -> tuple[CutPoints, int]:
    """Those of everybody who stands somewhere, with the facts of the day, and how many these are.

    `near`: points that are probably close, as those of the day before are. Where they are not, everybody is looked at
    once more.
    """
    shares = {name: (_high_share(rules),) if name == "high_spend_fen" else FIFTHS for name in _FACTS}
    exact = {name: _steps_near(getattr(near, name, None)) for name in _SUMS}
    tallies, members = _tally(exact, day=day)
    needed = {name: {_step(value) for value in tallies[name].around(shares[name])} for name in _SUMS}
    if any(needed[name] - exact[name] for name in _SUMS):
        tallies, members = _tally(needed, day=day)
    points: dict[str, Any] = {name: tally.points(shares[name]) for name, tally in tallies.items()}
    spent = points.pop("high_spend_fen")
    return CutPoints(high_spend_fen=None if spent is None else math.ceil(spent[0]), **points), members


class _Tally:
    """How many members have which value."""

    def __init__(self, members: Mapping[int, int]) -> None:
        self._values = sorted(members)
        self._until = list(accumulate(members[value] for value in self._values))

    def around(self, shares: Sequence[float]) -> set[int]:
        """The values between which the points of these shares lie."""
        return {value for share in shares for value in self._around(share)} if self._until else set()

    def points(self, shares: Sequence[float]) -> list[float] | None:
        """As `percentile_cont` finds them for an array of shares, to the last bit; None where nobody is counted."""
        return [self._point(share) for share in shares] if self._until else None

    def _point(self, share: float) -> float:
        below, above = map(float, self._around(share))
        return below + math.modf(self._place(share))[0] * (above - below)

    def _around(self, share: float) -> tuple[int, int]:
        rank = 1 + self._place(share)
        return self._at(math.floor(rank)), self._at(math.ceil(rank))

    def _place(self, share: float) -> float:
        return share * (self._until[-1] - 1)

    def _at(self, rank: int) -> int:
        return self._values[bisect_left(self._until, rank)]


_FACTS = ("high_spend_fen", "recency", "frequency", "monetary")
_SUMS = ("high_spend_fen", "monetary")


def _tally(exact: Mapping[str, Set[int]], *, day: date) -> tuple[dict[str, _Tally], int]:
    """How many buyers have which value of each fact, and how many members there are.

    Sums of money are told to the fen on the steps of `exact`, elsewhere by where their step begins.
    """
    found: dict[str, Counter[int]] = {name: Counter() for name in _FACTS}
    everybody = 0
    for fact, value, frequency, members in db.session.execute(_counts(exact, day=day)).tuples():
        if fact in _SUMS:
            found[fact][value] = members
            continue
        everybody += members
        if frequency > 0:
            found["recency"][value] += members
            found["frequency"][frequency] += members
    return {name: _Tally(tally) for name, tally in found.items()}, everybody


def _counts(exact: Mapping[str, Set[int]], *, day: date) -> CompoundSelect[Any]:
    """Everybody is looked at three times, each time by as many processors as there are: quicker than once by one."""
    one = _STAGES.c
    return union_all(
        _count_by("purchases", judging.recency(_STAGES, day), one.purchases),
        _count_by("high_spend_fen", _by_steps(one.year_fen, exact["high_spend_fen"])).where(one.year_purchases > 0),
        _count_by("monetary", _by_steps(one.monetary_fen, exact["monetary"])).where(one.purchases > 0),
    )


def _count_by(fact: str, value: ColumnElement[int], second: ColumnElement[int] | None = None) -> Select[Any]:
    columns = [value.label("value"), *([] if second is None else [second.label("second")])]
    found = select(literal(fact, Text), *columns, *([cast(null(), BigInteger)] if second is None else []), func.count())
    return found.group_by(*columns)


def _by_steps(fen: ColumnElement[int], exact: Set[int]) -> ColumnElement[int]:
    step = type_coerce(fen.op("/")(literal(STEP_FEN, BigInteger)), BigInteger)
    is_exact = step == any_(literal(sorted(exact), ARRAY(BigInteger)))
    return case((is_exact, fen), else_=step * literal(STEP_FEN, BigInteger))


def _steps_near(points: float | Sequence[float] | None) -> set[int]:
    """The steps of these points and those around them."""
    found = [] if points is None else [points] if isinstance(points, int | float) else points
    return {_step(point) + more for point in found for more in range(-STEPS_AROUND, STEPS_AROUND + 1)}


def _step(fen: float) -> int:
    """The number of a sum's step; cut towards zero as by PostgreSQL, which keeps the order."""
    return int(fen / STEP_FEN)
