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
from app.kernel.db import db, join_in_order, take_long
from app.kernel.fastpath.working_tables import working_table
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.rule_sets import InForce
from app.lifecycle.stages import carrying, cut_points, day_flows, facts_sql, standings
from app.lifecycle.stages.cut_points import CutPoints
from app.lifecycle.stages.errors import DayNotOver, LaterNightDone
from app.lifecycle.stages.models import LifecycleCut, LifecycleNight
from app.lifecycle.stages.shares import taking, working
from app.lifecycle.stages.shares.working import Beside


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
        if beside is None or not _work_in_shares(night, rules, beside):
            _work_on_all(night, rules)
        # Waits for who leaves, so it comes last.
        day_flows.add(day, day)
        db.session.flush()
    return night


def _work_on_all(night: LifecycleNight, rules: InForce) -> None:
    """In the transaction at hand; everybody is counted where somebody died at the day and kept only some of it."""
    with ExitStack() as tables:
        if taking.close_all(night.day):
            night.changes, touched = standings.adopt(night), None
        else:
            touched = _carry_on(night, rules, tables)
        night.is_full = touched is None
        if night.is_full:
            _count_everybody(night, rules)
        _judge(night, rules, touched)


class CountedAnew(NamedTuple):
    """A day that was worked out again, and how many members' changes differ from what was kept of it before."""

    night: LifecycleNight
    differing: int


def run_again(day: date, *, now: datetime) -> CountedAnew:
    """Count everybody anew for the last day that was worked out, and keep what differs. Raises LaterNightDone."""
    take_long()
    last = select(LifecycleNight).order_by(LifecycleNight.day.desc()).limit(1).with_for_update()
    night = db.session.scalars(last.execution_options(populate_existing=True)).one()
    if night.day != day:
        raise LaterNightDone(day=night.day)
    if (begun := taking.find_open(after=day)) is not None:
        raise LaterNightDone(day=begun)
    night.is_full, night.started_at, before = True, now, night.changes
    day_flows.take_back(day)
    rules = rule_sets.in_force(day)
    _count_everybody(night, rules)
    _judge(night, rules, None)
    day_flows.add(day, day)
    db.session.flush()
    return CountedAnew(night, night.changes - before)


def _begin(day: date, rules: InForce, *, now: datetime) -> LifecycleNight | None:
    """The night's row; None when the day is done. Waits for whoever is at it."""
    row = {"day": day, "is_full": True, "rules_id": rules.version_id, "members": 0, "changes": 0, "started_at": now}
    begun = insert(LifecycleNight).values(row).on_conflict_do_nothing(index_elements=["day"])
    return db.session.scalar(begun.returning(LifecycleNight))


def _carry_on(night: LifecycleNight, rules: InForce, tables: ExitStack) -> list[Table] | None:
    """Carry the facts of the day before on, and count those anew for whom that is not enough; None where everybody is
    to be counted. The tables name those whose facts may have changed."""
    last = _find_night_before(night.day)
    if last is None or _windows(rules) != _windows(rule_sets.in_force(last.day)):
        return None
    moves = tables.enter_context(working_table("day_moves", carrying.moved_by(rules.rules, day=night.day)))
    uncertain = carrying.carry(moves, day=night.day) | carrying.list_uncertain(day=night.day, last=last)
    if carrying.are_too_many(uncertain, members=last.members):
        return None
    if not uncertain:
        return [moves]
    return [moves, tables.enter_context(_count_some(sorted(uncertain), night, rules))]


def _work_in_shares(night: LifecycleNight, rules: InForce, beside: Beside) -> bool:
    """Whether the members are many and nothing but facts and time moves them; else nothing is done."""
    last, before = _find_night_before(night.day), _find_cuts_before(night.day)
    if last is None or before is None or last.rules_id != rules.version_id or rules.rules.asks_of_others:
        return False
    return working.work(night, rules, last=last, before=before, beside=beside)


def _find_cuts_before(day: date) -> CutPoints | None:
    cut = db.session.get(LifecycleCut, day - timedelta(days=1))
    return None if cut is None else CutPoints(cut.high_spend_fen, cut.recency, cut.frequency, cut.monetary)


def _find_night_before(day: date) -> LifecycleNight | None:
    before = LifecycleNight.day == day - timedelta(days=1)
    return db.session.scalar(select(LifecycleNight).where(before))


def _windows(rules: InForce) -> tuple[int, int]:
    return rules.rules.recent_days, rules.rules.spend_days


@contextmanager
def _count_some(numbers: Sequence[int], night: LifecycleNight, rules: InForce) -> Iterator[Table]:
    """Count these anew; the table has a row for each of them, until the block ends."""
    found = people.find_people(numbers)
    with working_table("counted_members", facts_sql.of_some(rules.rules, as_of=night.day, people=found)) as counted:
        standings.write_facts(counted, day=night.day)
        night.changes += standings.drop(standings.list_gone(numbers), rules, first=night.day, last=night.day)
        yield counted


def _count_everybody(night: LifecycleNight, rules: InForce) -> None:
    facts = facts_sql.of_everybody(rules.rules, as_of=night.day, merged=people.list_merged())
    with ExitStack() as counting:
        with join_in_order():
            counted = counting.enter_context(working_table("counted_members", facts))
        standings.write_facts(counted, day=night.day)
    night.changes += standings.drop(standings.list_gone(), rules, first=night.day, last=night.day)


def _judge(night: LifecycleNight, rules: InForce, touched: list[Table] | None) -> None:
    """What the facts of all mean, once they are counted."""
    _count_of_others(night.day, rules)
    near = _find_cuts_before(night.day)
    points, night.members = cut_points.of_everybody(rules.rules, day=night.day, near=near)
    standings.write_cuts(points, day=night.day)
    moved = _touched(night, rules, touched)
    night.changes += standings.move(rules, cut_fen=points.high_spend_fen, night=night, touched=moved)


def _touched(night: LifecycleNight, rules: InForce, tables: list[Table] | None) -> standings.Touched | None:
    """None where more than facts and time may move members: other rules, or what is counted whole each night."""
    last = _find_night_before(night.day)
    if tables is None or last is None or last.rules_id != rules.version_id or rules.rules.asks_of_others:
        return None
    before = db.session.scalar(select(LifecycleCut.high_spend_fen).where(LifecycleCut.day == last.day))
    return standings.Touched(tables, cut_fen_before=before)


def _count_of_others(day: date, rules: InForce) -> None:
    """What members brought is told and corrected days later, so it is counted whole each night, where it is asked."""
    if rules.rules.high_margin_fen is not None:
        standings.write_margins(rules, day=day, merged=people.list_merged())
    if rules.rules.high_friends is not None:
        standings.write_friends(rules, day=day, merged=people.list_merged())
    if rule_sets.in_force(day - timedelta(days=1)).rules.asks_of_others:
        standings.clear_unasked(rules.rules)
