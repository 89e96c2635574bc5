"""The cut points of a day: from which spend on somebody is among the best, and where the fifths of all buyers part.

`of_rows` sorts the values of any rows. `of_everybody` counts how many of those who stand somewhere have which value,
of sums of money only around the points of the day before: the same points, in a fraction of the time.
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
    Double,
    FromClause,
    Select,
    case,
    cast,
    func,
    literal,
    select,
    type_coerce,
)

from app.kernel.db import db, table_of
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages import judging
from app.lifecycle.stages.models import LifecycleCut, MemberStage

# Where the five scores of recency, frequency and monetary value part.
FIFTHS = (0.2, 0.4, 0.6, 0.8)
# By how much the points of sums may differ from those of the day before, without everybody's being sorted.
NEAR_FEN = 1_000

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


def of_everybody(rules: Rules, *, day: date, near: CutPoints | LifecycleCut | None) -> tuple[CutPoints, int]:
    """Those of everybody who stands somewhere, with the facts of the day; and how many they are.

    `near`: points that are probably close, as those of the day before are. Where they are not, values are sorted.
    """
    try:
        tally = count(rules, day=day, near=near)
        return of_tallies([tally], rules, near=near), tally.members
    except TooFar:
        rows = of_rows(_STAGES, rules, as_of=day).add_columns(func.count())
        *points, members = db.session.execute(rows).one()
        return CutPoints(*points), members


class TooFar(Exception):
    """A point lies where values were not told apart."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many members have which value of all that has points; and how many they are."""

    recency: Counter[int]
    frequency: Counter[int]
    spent: Counter[int]
    monetary: Counter[int]
    members: int


def count(
    rules: Rules, *, day: date, near: CutPoints | LifecycleCut | None, whom: ColumnElement[bool] | None = None
) -> Tally:
    """Those of everybody, or of some, with the facts of the day: in two looks, each shared by several processors."""
    one, (of_year, of_all) = _STAGES.c, _sums(near)
    has_bought = one.purchases > 0
    recency, frequency, members = _count_by(
        case((has_bought, judging.recency(_STAGES, day))), case((has_bought, one.purchases)), whom
    )
    spent, monetary, _ = _count_by(
        case((one.year_purchases > 0, of_year.value)), case((has_bought, of_all.value)), whom
    )
    return Tally(recency, frequency, spent, monetary, members)


def of_tallies(tallies: Sequence[Tally], rules: Rules, *, near: CutPoints | LifecycleCut | None) -> CutPoints:
    """The points of all who were counted near the same points. Raises TooFar."""
    of_year, of_all = _sums(near)
    recency, frequency, spent, monetary = (
        sum((getattr(tally, name) for tally in tallies), Counter[int]())
        for name in ("recency", "frequency", "spent", "monetary")
    )
    high_spend = _Ranks(spent, of_year.gaps).points([_high_share(rules)])
    return CutPoints(
        high_spend_fen=None if high_spend is None else math.ceil(high_spend[0]),
        recency=_Ranks(recency).points(FIFTHS),
        frequency=_Ranks(frequency).points(FIFTHS),
        monetary=_Ranks(monetary, of_all.gaps).points(FIFTHS),
    )


def _sums(near: CutPoints | LifecycleCut | None) -> "tuple[_Sums, _Sums]":
    """Of the rules' window, and of all time."""
    return (
        _Sums(_STAGES.c.year_fen, [] if near is None else [near.high_spend_fen]),
        _Sums(_STAGES.c.monetary_fen, [] if near is None else near.monetary or []),
    )


class _Sums:
    """A sum of money, told to the fen around some points; `gaps` are the values that stand for all in between."""

    def __init__(self, fen: ColumnElement[int], near: Sequence[float | None]) -> None:
        branches: list[tuple[ColumnElement[bool], Any]] = []
        beyond = 0
        self.gaps: set[int] = set()
        for point in sorted(math.floor(point) for point in near if point is not None):
            first, last = point - NEAR_FEN, point + NEAR_FEN
            if not self.gaps or first > beyond:
                self.gaps.add(first - 1)
                branches.append((fen < first, literal(first - 1, BigInteger)))
            branches.append((fen <= last, fen))
            beyond = last + 1
        self.gaps.add(beyond)
        self.value = case(*branches, else_=literal(beyond, BigInteger)) if branches else literal(beyond, BigInteger)


def _count_by(
    first: ColumnElement[int], second: ColumnElement[int], whom: ColumnElement[bool] | None
) -> tuple[Counter[int], Counter[int], int]:
    """How many members have which value of the one, how many which of the other, and how many they are."""
    found: tuple[Counter[int], Counter[int]] = Counter(), Counter()
    keys, everybody = (first.label("first"), second.label("second")), 0
    rows = select(*keys, func.count()).group_by(*keys)
    for *values, members in db.session.execute(rows if whom is None else rows.where(whom)):
        everybody += members
        for counter, value in zip(found, values, strict=True):
            if value is not None:
                counter[value] += members
    return *found, everybody


class _Ranks:
    """Points between the shares of members by their value."""

    def __init__(self, members: Mapping[int, int], gaps: Set[int] = frozenset()) -> None:
        self._values = sorted(members)
        self._until = list(accumulate(members[value] for value in self._values))
        self._gaps = gaps

    def points(self, shares: Sequence[float]) -> list[float] | None:
        """As `percentile_cont` finds them for an array of shares, to the last bit; None where nobody is counted.

        Raises TooFar.
        """
        return [self._point(share * (self._until[-1] - 1)) for share in shares] if self._until else None

    def _point(self, place: float) -> float:
        below, above = (float(self._at(end(1 + place))) for end in (math.floor, math.ceil))
        return below + (place - math.floor(place)) * (above - below)

    def _at(self, rank: int) -> int:
        value = self._values[bisect_left(self._until, rank)]
        if value in self._gaps:
            raise TooFar
        return value
