"""The cut points of a day: from which spend on somebody is among the best, and where the fifths of all buyers part.

Here by sorting the values of any rows; a night finds the same points by `tallies`, in a fraction of the time.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Double,
    FromClause,
    Select,
    cast,
    func,
    literal,
    select,
    type_coerce,
)

from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages import judging

# Where the five scores of recency, frequency and monetary value part.
FIFTHS = (0.2, 0.4, 0.6, 0.8)


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
    point = func.percentile_cont(high_share(rules)).within_group(facts.c.year_fen).filter(facts.c.year_purchases > 0)
    return cast(func.ceil(point), BigInteger)


def high_share(rules: Rules) -> float:
    """The share of those who bought that is not among those who spent most."""
    return (10_000 - rules.high_spend_top_bps) / 10_000


def _fifths(value: ColumnElement[Any], facts: FromClause) -> ColumnElement[Any]:
    points = func.percentile_cont(literal(list(FIFTHS), ARRAY(Double))).within_group(value)
    return type_coerce(points.filter(facts.c.purchases > 0), ARRAY(Double))
