"""Which days are to be counted, and what was counted of them.

Days are planned once they are over. A day is counted more than once: machines report for days afterwards, and
whoever tells of it late (`timeline_events.late_on`) has it counted again. Counting writes what differs.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, Subquery, and_, any_, bindparam, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.fastpath.working_tables import working_table
from app.kernel.lists.days import day_of
from app.lifecycle.values.models import MemberValue, ValueDay
from app.timeline.models import TimelineEvent

SUMS = ("commission_fen", "benefits_fen", "message_cost_fen", "discount_fen", "stay_minutes")
# So many days behind the last one are counted once more each night.
RECOUNTED_DAYS = 2
MOST_DAYS = 31  # that are counted at once

_VALUES = table_of(MemberValue)
_DAY = timedelta(days=1)


def last_over(now: datetime) -> date:
    """The last day that is over on the clocks of all tills and gates."""
    return clock.business_date(now - clock.MACHINES_AHEAD) - _DAY


def plan(*, now: datetime) -> int:
    """Let the days wait that are over and not counted, and those of which something was told late; returns how many.

    Nothing when that was done since the last day ended. Without a day before, all since the first member count.
    """
    last = last_over(now)
    known = db.session.scalar(select(func.max(ValueDay.day)))
    if known is not None and known >= last:
        return 0
    new = clock.each_day(_first_day(last) if known is None else known + _DAY, last)
    again = set() if known is None else _told_late(since=known, until=last) | _recounted(last)
    for days, counts_again in ((new, False), (sorted(again), True)):
        _let_wait(days, counts_again=counts_again)
    return len(new) + len(again)


def _recounted(last: date) -> set[date]:
    return {last - number * _DAY for number in range(1, RECOUNTED_DAYS + 1)}


def _let_wait(days: Sequence[date], *, counts_again: bool) -> None:
    """Whoever plans the same days meanwhile does not have them counted twice, but for those that are counted anew."""
    if not days:
        return
    wait = insert(ValueDay).values([{"day": day, "counted_at": None} for day in days])
    if counts_again:
        db.session.execute(wait.on_conflict_do_update(index_elements=["day"], set_={"counted_at": None}))
    else:
        db.session.execute(wait.on_conflict_do_nothing())


def _first_day(last: date) -> date:
    first = db.session.scalar(select(func.min(func.least(Member.created_at, Member.joined_at))))
    return last if first is None else min(clock.business_date(first), last)


def _told_late(*, since: date, until: date) -> set[date]:
    """Days before the last one of which something was told on these days."""
    one = TimelineEvent
    days = select(day_of(one.occurred_at)).where(one.late_on.between(since, until + _DAY)).distinct()
    return {day for day in db.session.scalars(days) if day < until}


def take_due() -> list[date]:
    """Up to a month of days on end that wait, ascending, the latest there are; held until the transaction ends.

    Empty when none waits or others have them all.
    """
    waiting = select(ValueDay.day).where(ValueDay.counted_at.is_(None)).order_by(ValueDay.day.desc()).limit(MOST_DAYS)
    found = db.session.scalars(waiting.with_for_update(skip_locked=True)).all()
    return [day for number, day in enumerate(found) if day == found[0] - number * _DAY][::-1]


def keep(days: Sequence[date], counted: Select[Any], *, now: datetime) -> int:
    """Keep what was counted of days that are held: rows of member, day and `SUMS`. Returns how many rows they have."""
    with working_table("counted_values", counted) as found:
        rows = select(found).where(or_(*(found.c[name] != 0 for name in SUMS))).subquery("counted")
        _write(rows)
        _remove_others(days, rows)
    new = insert(ValueDay).values([{"day": day, "counted_at": now} for day in days])
    db.session.execute(new.on_conflict_do_update(index_elements=["day"], set_={"counted_at": now}))
    kept = select(func.count()).where(_VALUES.c.day.between(days[0], days[-1]))
    return db.session.scalar(kept) or 0


def _write(rows: Subquery) -> None:
    margin = rows.c.commission_fen - rows.c.benefits_fen - rows.c.message_cost_fen
    names = [*SUMS, "margin_fen"]
    new = insert(_VALUES).from_select(
        ["member_id", "day", *names],
        select(rows.c.member_id, rows.c.day, *(rows.c[name] for name in SUMS), margin),
    )
    differs = or_(*(_VALUES.c[name] != new.excluded[name] for name in names))
    set_ = {name: new.excluded[name] for name in names}
    db.session.execute(new.on_conflict_do_update(index_elements=["member_id", "day"], set_=set_, where=differs))


def _remove_others(days: Sequence[date], rows: Subquery) -> None:
    """Who has nothing of a day any more, as of a receipt that is another's now, has no row of it."""
    kept = select(_VALUES.c.member_id, _VALUES.c.day).where(_VALUES.c.day.between(days[0], days[-1])).subquery("kept")
    gone = (
        select(kept.c.member_id, kept.c.day)
        .select_from(kept.outerjoin(rows, and_(rows.c.member_id == kept.c.member_id, rows.c.day == kept.c.day)))
        .where(rows.c.member_id.is_(None))
        .subquery("gone")
    )
    theirs = and_(_VALUES.c.member_id == gone.c.member_id, _VALUES.c.day == gone.c.day)
    db.session.execute(delete(_VALUES).where(theirs))


def forget(member_ids: Sequence[int]) -> None:
    """Nothing says any more what these members brought."""
    ids = bindparam(None, list(member_ids), type_=ARRAY(BigInteger))
    db.session.execute(delete(_VALUES).where(_VALUES.c.member_id == any_(ids)))
