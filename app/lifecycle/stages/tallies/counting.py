"""Counting how many members have which value of all that has cut points, in one statement.

Sums of money are told apart only around some points: those of the day before, which are probably close.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from app.kernel.db import db
from app.lifecycle.stages.cut_points import CutPoints
from app.lifecycle.stages.models import LifecycleCut

# What a row needs to have to be counted; `members`, too, where it stands for more or less than one.
VALUES = ("last_purchase_on", "purchases", "year_purchases", "year_fen", "monetary_fen")
# Before a value's name: what it was before.
BEFORE = "old_"
# By how much sums may differ from a point and still be told apart: by a share of it, for points move by shares.
NEAR_SHARE, LEAST_NEAR_FEN = 40, 1_000
# Days are counted from this one.
FIRST_DAY = date(2000, 1, 1)

_DAY_AND_PURCHASES, _SUMS, _ASKED = range(3)


class Steps:
    """A sum of money, told to the fen around some points; `gaps` are the values that stand for all in between."""

    def __init__(self, points: Iterable[int]) -> None:
        self._ranges: list[tuple[int, int]] = []
        for point in sorted(points):
            near = max(LEAST_NEAR_FEN, abs(point) // NEAR_SHARE)
            first, last = point - near, point + near
            if self._ranges and first <= self._ranges[-1][1] + 1:
                before = self._ranges.pop()
                first, last = min(first, before[0]), max(last, before[1])
            self._ranges.append((first, last))
        self._beyond = self._ranges[-1][1] + 1 if self._ranges else 0
        self.gaps = {self._beyond, *(first - 1 for first, _ in self._ranges)}

    def tell(self, fen: ColumnElement[int]) -> ColumnElement[int]:
        """The sum where it is told apart, or what stands for it."""
        beyond = literal(self._beyond, BigInteger)
        branches: list[tuple[ColumnElement[bool], Any]] = []
        for first, last in self._ranges:
            branches += [(fen < first, literal(first - 1, BigInteger)), (fen <= last, fen)]
        return case(*branches, else_=beyond) if branches else beyond


@dataclass(frozen=True, slots=True)
class Near:
    """Around which sums of the rules' window, and of all time, they are told apart."""

    year_fen: Sequence[int] = ()
    monetary_fen: Sequence[int] = ()

    @classmethod
    def to(cls, points: CutPoints | LifecycleCut | None) -> "Near":
        """Around these points."""
        if points is None:
            return cls()
        year = [] if points.high_spend_fen is None else [points.high_spend_fen]
        return cls(year, [math.floor(point) for point in points.monetary or ()])


@dataclass(frozen=True, slots=True)
class Tally:
    """How many members have which value, of those who bought: `days` of the last purchase (since FIRST_DAY), number of
    purchases, fen in the rules' window (of those who bought in it), fen of all time. Less than none is what went."""

    days: Counter[int] = field(default_factory=Counter)
    purchases: Counter[int] = field(default_factory=Counter)
    year_fen: Counter[int] = field(default_factory=Counter)
    monetary_fen: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, counts: dict[str, tuple[list[int], list[int]]]) -> "Tally":
        """As `as_json` told it."""
        return cls(**{name: Counter(dict(zip(*lists, strict=True))) for name, lists in counts.items()})

    def as_json(self) -> dict[str, tuple[list[int], list[int]]]:
        """For a row: the values of each and how many have them, without what nobody has."""
        counters: dict[str, Counter[int]] = {name: getattr(self, name) for name in Tally.__slots__}
        kept = {name: [*filter(None, one.values())] for name, one in counters.items()}
        return {name: ([value for value, n in one.items() if n], kept[name]) for name, one in counters.items()}


def add_up(tallies: Collection[Tally]) -> Tally:
    """What they tell together; all of them told sums apart around the same points."""
    whole = Tally()
    for tally in tallies:
        for name in Tally.__slots__:
            getattr(whole, name).update(getattr(tally, name))
    return whole


def count(
    rows: FromClause, near: Near, *, whom: ColumnElement[bool] | None = None, also: Select[tuple[int]] | None = None
) -> tuple[Tally, list[int]]:
    """The rows that have `VALUES`, or some of them, and the numbers which another query finds at the same moment.

    Everybody's are looked at twice, each time by several processors.
    """
    one = rows.c
    has_bought, members = one.purchases > 0, func.sum(one.members) if "members" in one else func.count()
    day = type_coerce(one.last_purchase_on - literal(FIRST_DAY), Integer)
    parts = [
        _count_by(_DAY_AND_PURCHASES, case((has_bought, day)), case((has_bought, one.purchases)), members),
        _count_by(
            _SUMS,
            case((one.year_purchases > 0, Steps(near.year_fen).tell(one.year_fen))),
            case((has_bought, Steps(near.monetary_fen).tell(one.monetary_fen))),
            members,
        ),
    ]
    parts = parts if whom is None else [part.where(whom) for part in parts]
    if also is not None:
        asked = also.subquery("asked")
        parts.append(select(literal(_ASKED, Integer), asked.c[0], null(), literal(0, BigInteger)))
    return _read(union_all(*parts))


def as_moved(moved: FromClause) -> tuple[Select[Any], Select[Any]]:
    """Of rows that have `VALUES` as they are and as they were (`BEFORE`): what is taken away, and what is added."""
    were = select(*(moved.c[BEFORE + name].label(name) for name in VALUES), _times(-1))
    return were, as_new(moved)


def as_gone(rows: FromClause) -> Select[Any]:
    """Rows that have `VALUES` and are not there any more: what is taken away."""
    return select(*(rows.c[name] for name in VALUES), _times(-1))


def as_new(rows: FromClause) -> Select[Any]:
    """Rows that have `VALUES` and were not there before: what is added."""
    return select(*(rows.c[name] for name in VALUES), _times(1))


def _times(number: int) -> ColumnElement[int]:
    return literal(number, BigInteger).label("members")


def _count_by(
    part: int, first: ColumnElement[int], second: ColumnElement[int], members: ColumnElement[Any]
) -> Select[Any]:
    keys = (cast(first, BigInteger).label("first"), cast(second, BigInteger).label("second"))
    return select(literal(part, Integer), *keys, cast(members, BigInteger).label("members")).group_by(*keys)


def _read(rows: Any) -> tuple[Tally, list[int]]:
    tally, asked = Tally(), list[int]()
    counters = {_DAY_AND_PURCHASES: (tally.days, tally.purchases), _SUMS: (tally.year_fen, tally.monetary_fen)}
    for part, first, second, members in db.session.execute(rows):
        if part == _ASKED:
            asked.append(first)
            continue
        for counter, value in zip(counters[part], (first, second), strict=True):
            if value is not None:
                counter[value] += members
    return tally, asked
