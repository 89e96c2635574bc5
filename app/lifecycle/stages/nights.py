"""The night: once a day is over, where everybody stood when it was, and what changed with it.

A night is one transaction that begins with its row, unique by day: whoever comes second waits for it and finds the day
done; killed in the middle, it leaves nothing, the row neither. A night of many members has others work for it
(`shares`): they commit before it, and the day is done when its row is there.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import insert

from app.identity import people
from app.kernel import clock
from app.kernel.db import db, join_in_order, table_of, take_long
from app.kernel.fastpath.working_tables import working_table
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.rule_sets import InForce
from app.lifecycle.stages import carrying, cut_points, day_flows, facts_sql, gone, standings
from app.lifecycle.stages.cut_points import CutPoints
from app.lifecycle.stages.errors import DayNotOver, LaterNightDone
from app.lifecycle.stages.gone import Gone
from app.lifecycle.stages.models import NOWHERE, LifecycleCut, LifecycleNight, MemberStage
from app.lifecycle.stages.shares import taking, working
from app.lifecycle.stages.shares.working import Beside
from app.lifecycle.stages.tallies import keeping, pending
from app.lifecycle.stages.tallies.counting import Near, Tally, add_up, count
from app.lifecycle.stages.tallies.keeping import Kept
from app.lifecycle.stages.tallies.ranks import TooFar

_STAGES = table_of(MemberStage)


def last_over(now: datetime) -> date:
    """The last day that is over on the clocks of all tills and gates."""
    return clock.business_date(now - clock.MACHINES_AHEAD) - timedelta(days=1)


def ensure_over(day: date, *, now: datetime) -> None:
    """Raises DayNotOver for a day of which things are yet to come."""
    if day > last_over(now):
        raise DayNotOver(day=day)


def list_missed(*, until: date, now: datetime) -> list[date]:
    """The days up to this one that are over and not worked out, in order: without a night before only the last.

    Raises DayNotOver.
    """
    ensure_over(until, now=now)
    done = find_last()
    return [until] if done is None else clock.each_day(done.day + timedelta(days=1), until)


def find_last() -> LifecycleNight | None:
    """The latest day that was worked out."""
    return db.session.scalar(select(LifecycleNight).order_by(LifecycleNight.day.desc()).limit(1))


def find_first() -> date | None:
    """The first day that was worked out: before it nothing was said of anybody."""
    return db.session.scalar(select(func.min(LifecycleNight.day)))


def run(day: date, *, now: datetime, beside: Beside | None = None) -> LifecycleNight | None:
    """Work out a day that is over, of those that `list_missed` tells in their order; None when somebody has done so.

    Facts are carried on from the day before, which ends where counting everybody anew would. Everybody is counted where
    there is no day before, where the rules' windows changed, or where too many would be counted anyway.
    `beside` lets many members be worked on in shares; theirs are committed first, the day's sums and its row at last.
    Raises Busy.
    """
    take_long()
    rules = rule_sets.in_force(day)
    night = _begin(day, rules, now=now)
    if night is not None:
        _hold(day - timedelta(days=1))
        if beside is None or not _work_in_shares(night, rules, beside):
            _work_on_all(night, rules)
        _sum_up(night)
    return night


def _work_on_all(night: LifecycleNight, rules: InForce) -> None:
    """In the transaction at hand; everybody is counted where somebody died at the day and kept only some of it."""
    kept = keeping.find_before(night.day)
    with ExitStack() as tables:
        if taking.close_all(night.day):
            night.changes, carried = standings.adopt(night), None
        else:
            carried = _carry_on(night, rules, tables, kept.near)
        night.is_full = carried is None
        if night.is_full:
            _count_everybody(night, rules)
        _judge(night, rules, kept, carried)


def _sum_up(night: LifecycleNight) -> None:
    """The day's sums. Adding them waits for who leaves, so it comes last."""
    day_flows.add(night.day, night.day)
    stand_now = db.session.scalar(select(func.count()).select_from(_STAGES).where(_STAGES.c.stage != NOWHERE)) or 0
    night.members = stand_now - day_flows.count_came(after=night.day)
    db.session.flush()


def _hold(day: date) -> None:
    """Let nobody count a day anew that the night at hand goes on from; waits for whoever does."""
    db.session.execute(select(LifecycleNight.id).where(LifecycleNight.day == day).with_for_update())


class CountedAnew(NamedTuple):
    """A day that was worked out again, and how many members' changes differ from what was kept of it before."""

    night: LifecycleNight
    differing: int


def run_again(day: date, *, now: datetime) -> CountedAnew:
    """Count everybody anew for the last day that was worked out, and keep what differs. Raises LaterNightDone."""
    take_long()
    last = select(LifecycleNight).order_by(LifecycleNight.day.desc()).limit(1).with_for_update()
    night = db.session.scalars(last.execution_options(populate_existing=True)).one()
    # The night that held this one's row may have been a later one.
    if (latest := db.session.scalar(select(func.max(LifecycleNight.day)))) != day:
        raise LaterNightDone(day=latest)
    if (begun := taking.find_open(after=day)) is not None:
        raise LaterNightDone(day=begun)
    night.is_full, night.started_at, before = True, now, night.changes
    day_flows.take_back(day)
    rules = rule_sets.in_force(day)
    _count_everybody(night, rules)
    _judge(night, rules, keeping.find_before(day), None)
    _sum_up(night)
    return CountedAnew(night, night.changes - before)


def _begin(day: date, rules: InForce, *, now: datetime) -> LifecycleNight | None:
    """The night's row; None when the day is done. Waits for whoever is at it."""
    row = {"day": day, "is_full": True, "rules_id": rules.version_id, "members": 0, "changes": 0, "started_at": now}
    begun = insert(LifecycleNight).values(row).on_conflict_do_nothing(index_elements=["day"])
    return db.session.scalar(begun.returning(LifecycleNight))


class _Carried(NamedTuple):
    """Whose facts may have changed, and what that changed in how many members have which value."""

    members: list[Table]
    tallies: list[Tally]


def _carry_on(night: LifecycleNight, rules: InForce, tables: ExitStack, near: Near) -> _Carried | None:
    """Carry the facts of the day before on, and count those anew for whom that is not enough; None where everybody is
    to be counted."""
    last = _find_night_before(night.day)
    if last is None or _windows(rules) != _windows(rule_sets.in_force(last.day)):
        return None
    moves = tables.enter_context(working_table("day_moves", carrying.moved_by(rules.rules, day=night.day)))
    others, tally = carrying.carry(moves, day=night.day, near=near)
    uncertain = others | carrying.list_uncertain(day=night.day, last=last)
    if carrying.are_too_many(uncertain, members=last.members):
        return None
    if not uncertain:
        return _Carried([moves], [tally])
    counted, tally_of_some = tables.enter_context(_count_some(sorted(uncertain), night, rules, near))
    return _Carried([moves, counted], [tally, tally_of_some])


def _work_in_shares(night: LifecycleNight, rules: InForce, beside: Beside) -> bool:
    """Whether the members are many and nothing but facts and time moves them; else nothing is done."""
    last = _find_night_before(night.day)
    if last is None or last.rules_id != rules.version_id or rules.rules.asks_of_others:
        return False
    return working.work(night, rules, last=last, cut_fen_before=_find_cut_before(night.day), beside=beside)


def _find_cut_before(day: date) -> int | None:
    before = LifecycleCut.day == day - timedelta(days=1)
    return db.session.scalar(select(LifecycleCut.high_spend_fen).where(before))


def _find_night_before(day: date) -> LifecycleNight | None:
    before = LifecycleNight.day == day - timedelta(days=1)
    return db.session.scalar(select(LifecycleNight).where(before))


def _windows(rules: InForce) -> tuple[int, int]:
    return rules.rules.recent_days, rules.rules.spend_days


@contextmanager
def _count_some(
    numbers: Sequence[int], night: LifecycleNight, rules: InForce, near: Near
) -> Iterator[tuple[Table, Tally]]:
    """Count these anew; the table has a row for each of them, until the block ends."""
    found = people.find_people(numbers)
    with working_table("counted_members", facts_sql.of_some(rules.rules, as_of=night.day, people=found)) as counted:
        tally = standings.write_some(counted, day=night.day, near=near)
        yield counted, add_up([tally, _drop(gone.list_gone(numbers), night, rules, near)])


def _count_everybody(night: LifecycleNight, rules: InForce) -> None:
    facts = facts_sql.of_everybody(rules.rules, as_of=night.day, merged=people.list_merged())
    with ExitStack() as counting:
        with join_in_order():
            counted = counting.enter_context(working_table("counted_members", facts))
        standings.write_facts(counted, day=night.day)
    _drop(gone.list_gone(), night, rules, Near())


def _drop(found: Gone, night: LifecycleNight, rules: InForce, near: Near) -> Tally:
    ended, tally = gone.drop(found, rules, first=night.day, last=night.day, near=near)
    night.changes += ended
    return tally


def _judge(night: LifecycleNight, rules: InForce, kept: Kept, carried: _Carried | None) -> None:
    """What the facts of all mean, once they are counted."""
    _count_of_others(night.day, rules)
    points = _find_points(night.day, rules, kept, carried)
    standings.write_cuts(points, day=night.day)
    touched = _touched(night, rules, carried)
    night.changes += standings.move(rules, cut_fen=points.high_spend_fen, night=night, touched=touched)


def _find_points(day: date, rules: InForce, kept: Kept, carried: _Carried | None) -> CutPoints:
    def look(near: Near) -> list[tuple[Tally, list[int]]]:
        return [count(_STAGES, near, also=pending.NUMBERS)]

    moved = None if carried is None else carried.tallies
    try:
        return keeping.find_points(kept, moved, rules.rules, day=day, look=look)
    except TooFar:
        points = CutPoints(*db.session.execute(cut_points.of_rows(_STAGES, rules.rules, as_of=day)).one())
        keeping.look_near(points, day=day, look=look)
        return points


def _touched(night: LifecycleNight, rules: InForce, carried: _Carried | None) -> standings.Touched | None:
    """None where more than facts and time may move members: other rules, or what is counted whole each night."""
    last = _find_night_before(night.day)
    if carried is None or last is None or last.rules_id != rules.version_id or rules.rules.asks_of_others:
        return None
    return standings.Touched(carried.members, cut_fen_before=_find_cut_before(night.day))


def _count_of_others(day: date, rules: InForce) -> None:
    """What members brought is told and corrected days later, so it is counted whole each night, where it is asked."""
    if rules.rules.high_margin_fen is not None:
        standings.write_margins(rules, day=day, merged=people.list_merged())
    if rules.rules.high_friends is not None:
        standings.write_friends(rules, day=day, merged=people.list_merged())
    if rule_sets.in_force(day - timedelta(days=1)).rules.asks_of_others:
        standings.clear_unasked(rules.rules)
