"""Shares of the members, on which a night of many works at the same time, each in a transaction of its own.

The rows of `LifecycleShare` keep that right whoever dies: who begins a day so is the only one who does. Whoever finds
it begun waits for the shares that are still at work, lets no other begin, and counts everybody where one was done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql

from app.kernel.db import db, table_of
from app.kernel.errors import Busy
from app.lifecycle.stages.models import LifecycleNight, LifecycleShare, MemberStage

# What a share of fewer members saves is less than what it costs to have two.
LEAST_MEMBERS = 100_000
MOST_SHARES = 2  # as many as work at once: the processors of a small machine for a database

_SHARES, _STAGES = map(table_of, (LifecycleShare, MemberStage))


@dataclass(frozen=True, slots=True)
class Share:
    """The members with these numbers, `end` not among them; None is without end."""

    number: int
    first: int
    end: int | None

    def holds(self, member_id: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether a number is of the share. No index is asked: half a table is quicker read from end to end."""
        number = member_id + 0
        after = number >= self.first
        return after if self.end is None else and_(after, number < self.end)

    def has(self, member_id: int) -> bool:
        """The same of one number."""
        return member_id >= self.first and (self.end is None or member_id < self.end)


def split(members: int) -> list[Share]:
    """As many as so many members are worth, none where it is one; numbers have few gaps, so the shares are alike.

    `members`: how many there were at last, of whom some may have left.
    """
    count = min(MOST_SHARES, members // LEAST_MEMBERS)
    if count < 2:
        return []
    own = _STAGES.c.member_id
    lowest, highest = db.session.execute(select(func.min(own), func.max(own))).one()
    if lowest is None:
        return []
    begins = [0, *(lowest + (highest + 1 - lowest) * number // count for number in range(1, count))]
    return [Share(number, *ends) for number, ends in enumerate(zip(begins, [*begins[1:], None], strict=True), start=1)]


def open_all(shares: Sequence[Share], *, day: date, night_id: int) -> bool:
    """Let a night work in shares, which is to be committed before anybody takes one.

    Returns whether it may: not where somebody began the day so before and died. Raises Busy where another night of the
    day is done.
    """
    rows = [{"day": day, "number": share.number, "is_done": False} for share in shares]
    opening = postgresql.insert(_SHARES).values(rows).on_conflict_do_nothing()
    opened = db.session.scalars(opening.returning(_SHARES.c.number)).all()
    done = select(LifecycleNight.id).where(LifecycleNight.day == day, LifecycleNight.id != night_id)
    if db.session.scalar(done) is not None:
        raise Busy
    return len(opened) == len(shares)


def take(share: Share, *, day: date) -> None:
    """The transaction at hand does this share. Raises Busy where somebody else went on with the day."""
    one = _SHARES.c
    mine = update(_SHARES).where(one.day == day, one.number == share.number, ~one.is_done).values(is_done=True)
    if db.session.scalar(mine.returning(one.number)) is None:
        raise Busy


def close_all(day: date) -> bool:
    """The night at hand goes on for all members at once, or ends; returns whether any share was done.

    Whoever works on one is waited for.
    """
    ended = delete(_SHARES).where(_SHARES.c.day == day).returning(_SHARES.c.is_done)
    return any(db.session.scalars(ended).all())


def find_open(*, after: date) -> date | None:
    """The first of the days after one on which shares are worked on, or were when somebody died."""
    return db.session.scalar(select(func.min(LifecycleShare.day)).where(LifecycleShare.day > after))
