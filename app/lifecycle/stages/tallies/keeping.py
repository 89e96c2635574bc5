"""How many members have which value is kept from night to night, so that a night counts only whom it moved.

Whoever was moved by an act in between is in `pending`: a night takes them, or counts everybody and forgets those that
were to be seen when it did. A look at everybody is needed without a night before, where everybody was counted anew,
where a point has left the sums that are told apart, and once a week, so that what somebody did of whom nothing was told
(code from before the tallies, say, which still runs) is known then. Of a night that died with only some of its shares
done nothing is kept: the next one counts everybody.
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
from app.lifecycle.stages.tallies import pending, ranks
from app.lifecycle.stages.tallies.counting import Near, Tally, add_up
from app.lifecycle.stages.tallies.models import LifecycleTally
from app.lifecycle.stages.tallies.ranks import TooFar

_TALLIES = table_of(LifecycleTally)

LOOK_EVERY = timedelta(days=7)

# Counts everybody around some sums, each time with the numbers of the changes that were to be seen.
Look = Callable[[Near], Sequence[tuple[Tally, Sequence[int]]]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of the day before: nothing, or who had which value, told apart near these sums."""

    near: Near
    tally: Tally | None
    looked_on: date


def find_before(day: date) -> Kept:
    """What the night before left, if it is not time to look again."""
    one = LifecycleTally
    is_known = (one.day == day - timedelta(days=1), one.looked_on > day - LOOK_EVERY)
    row = db.session.execute(select(one.looked_on, one.near, one.counts).where(*is_known)).one_or_none()
    return Kept(Near(), None, day) if row is None else Kept(Near(**row.near), Tally.of(row.counts), row.looked_on)


def find_points(kept: Kept, moved: Sequence[Tally] | None, rules: Rules, *, day: date, look: Look) -> CutPoints:
    """The points of the day, whose tally is kept for the next.

    `moved` tells what the night changed since the one before, near the same sums; None where it is not known.
    Raises TooFar where everybody's values have to be sorted.
    """
    if kept.tally is not None and moved is not None:
        tally = add_up([kept.tally, *moved, pending.take(kept.near)])
        with suppress(TooFar):
            points = ranks.find_points(tally, rules, near=kept.near, day=day)
            _keep(tally, kept.near, day, looked_on=kept.looked_on)
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
    _keep(tally if len(set(map(frozenset, seen))) == 1 else None, near, day, looked_on=day)
    pending.forget(seen[0])
    return tally


def _keep(tally: Tally | None, near: Near, day: date, *, looked_on: date) -> None:
    db.session.execute(delete(_TALLIES))
    if tally is not None:
        row = {"day": day, "looked_on": looked_on, "near": asdict(near), "counts": tally.as_json()}
        db.session.execute(insert(_TALLIES).values(row))
