"""The cut points of a day by how many members have which value: what `cut_points.of_rows` finds by sorting them."""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence, Set
from datetime import date
from itertools import accumulate

from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages.cut_points import FIFTHS, CutPoints, high_share
from app.lifecycle.stages.tallies.counting import FIRST_DAY, Near, Steps, Tally


class TooFar(Exception):
    """A point lies where values were not told apart."""


def find_points(tally: Tally, rules: Rules, *, near: Near, day: date) -> CutPoints:
    """The points of all who were counted near these. Raises TooFar."""
    today = (day - FIRST_DAY).days
    high_spend = _Ranks(tally.year_fen, Steps(near.year_fen).gaps).points([high_share(rules)])
    return CutPoints(
        high_spend_fen=None if high_spend is None else math.ceil(high_spend[0]),
        recency=_Ranks({today - bought: members for bought, members in tally.days.items()}).points(FIFTHS),
        frequency=_Ranks(tally.purchases).points(FIFTHS),
        monetary=_Ranks(tally.monetary_fen, Steps(near.monetary_fen).gaps).points(FIFTHS),
    )


class _Ranks:
    """Points between the shares of members by their value."""

    def __init__(self, members: Mapping[int, int], gaps: Set[int] = frozenset()) -> None:
        self._values = sorted(value for value, number in members.items() if number)
        self._until = list(accumulate(members[value] for value in self._values))
        self._gaps = gaps

    def points(self, shares: Sequence[float]) -> list[float] | None:
        """As `percentile_cont` finds them for an array of shares, to the last bit; None where nobody is counted.

        Raises TooFar.
        """
        return [self._point(share * (self._until[-1] - 1)) for share in shares] if self._until else None

    def _point(self, place: float) -> float:
        below, above = (float(self._at(1 + end(place))) for end in (math.floor, math.ceil))
        return below + (place - math.floor(place)) * (above - below)

    def _at(self, rank: int) -> int:
        value = self._values[bisect_left(self._until, rank)]
        if value in self._gaps:
            raise TooFar
        return value
