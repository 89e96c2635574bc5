"""How many members have which value is kept from night to night, so that a night counts only whom it moved.

Whoever was moved by an act in between is in `changes`: a night takes them, or counts everybody and forgets those that
were to be seen when it did. A look at everybody is needed without a night before, where everybody was counted anew,
and where a point has left the sums that are told apart.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy import delete, insert, select

from app.kernel.db import db, table_of
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages.cut_points import CutPoints
from app.lifecycle.stages.models import LifecycleCut
from app.lifecycle.stages.tallies import changes, ranks
from app.lifecycle.stages.tallies.counting import Near, Tally, add_up
from app.lifecycle.stages.tallies.models import LifecycleTally
from app.lifecycle.stages.tallies.ranks import TooFar

_TALLIES = table_of(LifecycleTally)

# Counts everybody around some sums, each time with the numbers of the changes that were to be seen.
Look = Callable[[Near], Sequence[tuple[Tally, Sequence[int]]]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of the day before: nothing, or who had which value, told apart near these sums."""

    near: Near
    tally: Tally | None


def find_before(day: date) -> Kept:
    """What the night before left."""
    one = LifecycleTally
    row = db.session.execute(select(one.near, one.counts).where(one.day == day - timedelta(days=1))).one_or_none()
    return Kept(Near(), None) if row is None else Kept(Near(**row.near), Tally.of(row.counts))


def find_points(kept: Kept, moved: Sequence[Tally] | None, rules: Rules, *, day: date, look: Look) -> CutPoints:
    """The points of the day, whose tally is kept for the next.

    `moved` tells what the night changed since the one before, near the same sums; None where it is not known.
    Raises TooFar where everybody's values have to be sorted.
    """
    if kept.tally is not None and moved is not None:
        tally = add_up([kept.tally, *moved, changes.take(kept.near)])
        with suppress(TooFar):
            points = ranks.find_points(tally, rules, near=kept.near, day=day)
            _keep(tally, kept.near, day)
            return points
    before = db.session.get(LifecycleCut, day - timedelta(days=1))
    tally = look_near(before, day=day, look=look)
    return ranks.find_points(tally, rules, near=Near.to(before), day=day)


def look_near(points: CutPoints | LifecycleCut | None, *, day: date, look: Look) -> Tally:
    """Count everybody around these points, and keep that for the next night. Looks that did not see the same changes
    are not kept: nobody knows whose share those are of."""
    near = Near.to(points)
    tallies, seen = zip(*look(near), strict=True)
    tally = add_up(tallies)
    _keep(tally if len(set(map(frozenset, seen))) == 1 else None, near, day)
    changes.forget(seen[0])
    return tally


def _keep(tally: Tally | None, near: Near, day: date) -> None:
    db.session.execute(delete(_TALLIES))
    if tally is not None:
        db.session.execute(insert(_TALLIES).values(day=day, near=asdict(near), counts=tally.as_json()))
