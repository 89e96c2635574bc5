"""How long points are good, what returns too late, and lots that run out by the thousand."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.points.expiry import policies
from app.points.expiry.errors import ExpiryConflict, ExpiryInForce, ExpiryOutOfRange, ExpiryTooEarly
from app.points.expiry.models import Until
from app.points.expiry.rules import DEFAULT, NEVER, Policy
from app.points.ledger import bulk, holds, ledger, queries
from app.points.ledger.many import expiring
from app.points.ledger.models import EntryKind, PointsEntry, PointsLot, PointsUse
from app.points.notices.models import PointsExpiryNotice
from app.workers.points import points as points_work
from tests.builders.identity import make_member
from tests.builders.malls import make_store
from tests.builders.points import set_expiry
from tests.support.clock import StillClock


def _earn(member_id: int, clock: StillClock, points: int = 3, fact: str = "a") -> None:
    ledger.accrue(member_id, points=points, reason=note("purchase"), fact=fact, now=clock.now)


def _last_days(member_id: int) -> list[tuple[date, int]]:
    lots = select(PointsLot.expires_on, PointsLot.remaining_points).where(
        PointsLot.member_id == member_id, PointsLot.remaining_points > 0
    )
    return [(day, int(points)) for day, points in db.session.execute(lots.order_by(PointsLot.expires_on))]


@pytest.mark.parametrize(
    ("earned_on", "months", "last_day"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 3, 11), 12, date(2027, 3, 11)),
        (date(2026, 12, 1), 120, date(2036, 12, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_month_s_last(earned_on: date, months: int, last_day: date) -> None:
    assert app_clock.add_months(earned_on, months) == last_day


@pytest.mark.requirement("S1.29")
def test_points_are_good_by_the_policy_of_the_day_on_which_they_were_earned(clock: StillClock) -> None:
    """By the till and by an import, also for days that are over."""
    today, store = app_clock.business_date(clock.now), make_store()
    set_expiry(Policy(Until.MONTHS, months=2), today - timedelta(days=10))
    set_expiry(Policy(Until.NEVER), today)
    days = {today - timedelta(days=11): None, today - timedelta(days=1): None, today: None}
    one, other = make_member().id, make_member().id
    for day in days:
        ledger.accrue(one, points=5, reason=note("x"), fact=f"f:{day}", now=clock.now, earned_on=day)
    bulk.accrue(
        [bulk.Earned(other, 5, note("x"), f"f:{day}", store.mall_id, store.id, day, {}, clock.now) for day in days]
    )
    expected = sorted([DEFAULT.last_day(min(days)), app_clock.add_months(today - timedelta(days=1), 2), NEVER])
    assert [day for day, _ in _last_days(one)] == [day for day, _ in _last_days(other)] == expected
    clock.advance(days=9_000)
    assert queries.get_balance(one, now=clock.now) == queries.Balance(5, 0, 0, None, None)


def test_a_policy_begins_on_a_coming_day_once_and_can_be_taken_back_until_then(clock: StillClock) -> None:
    today = app_clock.business_date(clock.now)
    said = {"by": "测试", "now": clock.now}
    version = policies.publish(DEFAULT, effective_from=today + timedelta(days=1), **said)
    assert not policies.publish(DEFAULT, effective_from=today + timedelta(days=1), **said).is_new
    with pytest.raises(ExpiryConflict):
        policies.publish(Policy(Until.NEVER), effective_from=today + timedelta(days=1), **said)
    with pytest.raises(ExpiryTooEarly):
        policies.publish(DEFAULT, effective_from=today, **said)
    for wrong in (Policy(Until.MONTHS), Policy(months=3), Policy(grace_days=-1), Policy(notice_days=0)):
        with pytest.raises(ExpiryOutOfRange):
            policies.publish(wrong, effective_from=today + timedelta(days=2), **said)
    with pytest.raises(ExpiryInForce):
        policies.withdraw(version.id, now=clock.now + timedelta(days=1))
    policies.withdraw(version.id, now=clock.now)
    assert policies.list_versions() == []


def test_what_returns_after_its_last_day_is_good_for_the_days_of_grace(clock: StillClock) -> None:
    member_id = make_member().id
    _earn(member_id, clock)
    ledger.redeem(member_id, points=2, reason=note("parking"), fact="b", now=clock.now)
    clock.advance(days=800)
    today = app_clock.business_date(clock.now)
    assert ledger.expire(member_id, now=clock.now) == 1
    ledger.give_back(member_id, spent_fact="b", reason=note("parking"), fact="c", now=clock.now)
    assert _last_days(member_id) == [(today + timedelta(days=30), 2)]
    assert queries.get_balance(member_id, now=clock.now).expiring_on == today + timedelta(days=30)
    clock.advance(days=30)
    assert ledger.expire(member_id, now=clock.now) == 0
    clock.advance(days=1)
    assert ledger.expire(member_id, now=clock.now) == 2
    assert queries.list_disagreements() == []


def test_what_returns_in_time_keeps_its_last_day(clock: StillClock) -> None:
    member_id = make_member().id
    _earn(member_id, clock)
    ledger.redeem(member_id, points=2, reason=note("parking"), fact="b", now=clock.now)
    ledger.give_back(member_id, spent_fact="b", reason=note("parking"), fact="c", now=clock.now)
    assert _last_days(member_id) == [(DEFAULT.last_day(app_clock.business_date(clock.now)), 3)]


def test_a_hold_that_ends_late_gives_grace_and_what_is_read_before_says_so(clock: StillClock) -> None:
    member_id = make_member().id
    _earn(member_id, clock)
    until = clock.now + timedelta(days=700)
    holds.hold(member_id, points=3, reason=note("x"), fact="h", now=clock.now, until=until)
    clock.advance(days=800)
    before = queries.get_balance(member_id, now=clock.now)
    assert (before.available_points, before.held_points) == (3, 0)
    assert points_work.release_overdue_holds(limit=10) == 1
    assert queries.get_balance(member_id, now=clock.now) == before


def test_without_grace_a_lot_that_gets_points_back_runs_out_twice_on_one_day(clock: StillClock) -> None:
    set_expiry(Policy(grace_days=0), app_clock.business_date(clock.now))
    member_id = make_member().id
    _earn(member_id, clock)
    ledger.redeem(member_id, points=1, reason=note("parking"), fact="b", now=clock.now)
    clock.advance(days=800)
    assert ledger.expire(member_id, now=clock.now) == 2
    ledger.give_back(member_id, spent_fact="b", reason=note("parking"), fact="c", now=clock.now)
    assert ledger.expire(member_id, now=clock.now) == 1
    assert queries.get_balance(member_id, now=clock.now).available_points == 0


def _make_history(clock: StillClock, start: datetime) -> int:
    """A member with lots of three years, some spent, some given back after they ran out, and a debt paid."""
    member_id = make_member().id
    for years, fact in enumerate(("a", "b", "c")):
        clock.set(start + timedelta(days=366 * years))
        _earn(member_id, clock, 50 + years, fact)
        ledger.redeem(member_id, points=20, reason=note("x"), fact=f"{fact}:spent", now=clock.now)
    ledger.give_back(member_id, spent_fact="a:spent", reason=note("x"), fact="back", now=clock.now)
    return member_id


def test_many_at_once_leave_the_rows_that_one_by_one_leaves(clock: StillClock) -> None:
    set_expiry(Policy(grace_days=0), app_clock.business_date(clock.now))
    start = clock.now
    singly, together = [_make_history(clock, start) for _ in range(2)]
    clock.advance(days=900)
    gone = ledger.expire(singly, now=clock.now)
    expired = expiring.expire([together, make_member().id], now=clock.now)
    assert (expired.points, expired.lots) == (gone, 3)
    assert gone > 0
    assert expiring.expire([together], now=clock.now) == expiring.Expired(0, 0, 0)
    assert _written(singly) == _written(together)
    assert queries.list_disagreements() == []


def _written(member_id: int) -> list[tuple[object, ...]]:
    """The entries of expiry in order, each with the lot that it emptied and which use of it that was."""
    entry, use = PointsEntry, PointsUse
    uses = db.session.execute(select(use.lot_id, use.entry_id).where(use.member_id == member_id)).tuples().all()
    rows = db.session.execute(
        select(entry, PointsLot, use.points)
        .join(use, (use.member_id == entry.member_id) & (use.entry_id == entry.id))
        .join(PointsLot, (PointsLot.member_id == use.member_id) & (PointsLot.id == use.lot_id))
        .where(entry.member_id == member_id, entry.kind == EntryKind.EXPIRE.value)
        .order_by(entry.id)
    )
    names = ("points", "balance_after", "reason_code", "reason_facts", "breakdown", "mall_id", "occurred_at")
    return [
        (*(getattr(one, name) for name in names), one.fact == f"expiry:{lot.id}:{before}", lot.expires_on, points)
        for one, lot, points in rows
        for before in [sum(lot_id == lot.id and entry_id < one.id for lot_id, entry_id in uses)]
    ]


def test_notices_say_what_runs_out_for_whom_and_follow_what_happens(clock: StillClock) -> None:
    today = app_clock.business_date(clock.now)
    set_expiry(Policy(Until.MONTHS, months=2, notice_days=10), today)
    one, other = make_member().id, make_member().id
    _earn(one, clock, 30)
    _earn(other, clock, 20)
    assert points_work.note_expiring() == 0
    clock.set(app_clock.end_of_day(app_clock.add_months(today, 2)) - timedelta(days=10, seconds=1))
    assert points_work.note_expiring() == 0 + 2
    assert points_work.note_expiring() == 0
    ledger.redeem(one, points=30, reason=note("x"), fact="all", now=clock.now)
    ledger.redeem(other, points=5, reason=note("x"), fact="some", now=clock.now)
    assert points_work.note_expiring() == 2
    (notice,) = db.session.scalars(select(PointsExpiryNotice).execution_options(populate_existing=True))
    assert (notice.member_id, notice.expires_on, notice.points) == (other, app_clock.add_months(today, 2), 15)
    assert notice.noticed_on == today + (app_clock.add_months(today, 2) - today) - timedelta(days=10)
