"""The figures of a mall: what counts, for which mall, in which span."""

from datetime import timedelta

import pytest

from app.benefits.coupons import coupons
from app.entrances.queries import Traffic
from app.insights.questions import figures
from app.insights.questions.figures import Span
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.points.ledger import ledger
from tests.builders.console import World, make_world
from tests.builders.identity import make_member
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock


@pytest.fixture
def worlds(clock: StillClock) -> tuple[World, World]:
    """Two malls with the same history, all of it at ten in the morning.

    Two joined in each, one of them through the entrance; they were found to be one person.
    """
    make_tiers()
    made = make_world("甲", "YH"), make_world("乙", "YT")
    clock.advance(minutes=1)
    return made


def _today() -> Span:
    return figures.today(app_clock.now())


@pytest.mark.requirement("S0.9", "S3.16")
def test_a_mall_s_figures_are_its_own(worlds: tuple[World, World]) -> None:
    read = figures.read(worlds[0].mall.id, _today())
    assert (read.scans, read.scan_joins, read.joins, read.join_rate_permille) == (2, 1, 2, 500)
    assert (read.redemptions, read.discount_fen, read.sales_fen) == (1, 1_000, 12_345)
    assert (read.points_issued, read.points_spent, read.messages_sent) == (123, 0, 0)
    assert (read.cars, read.parking_cash_fen, read.parking_waived_fen) == (1, 0, 0)


def test_nothing_happened_a_week_before(worlds: tuple[World, World]) -> None:
    before = figures.read(worlds[0].mall.id, _today().earlier(days=7))
    assert set(vars_of(before)) == {0} and before.join_rate_permille == 0


def vars_of(read: figures.Figures) -> list[int]:
    """Every figure."""
    return [getattr(read, name) for name in figures.Figures.__slots__]


def test_the_same_day_last_week_counts_up_to_the_same_minute(worlds: tuple[World, World], clock: StillClock) -> None:
    """At nine a week later, what happened at ten does not compare yet; at eleven it does."""
    mall_id = worlds[0].mall.id
    clock.advance(days=6, hours=23)
    assert figures.read(mall_id, _today().earlier(days=7)).redemptions == 0
    clock.advance(hours=2)
    assert figures.read(mall_id, _today().earlier(days=7)).redemptions == 1


def test_a_redemption_that_was_taken_back_does_not_count(worlds: tuple[World, World]) -> None:
    world = worlds[0]
    public_id = db.session.execute(
        db.text("SELECT public_id FROM redemptions WHERE store_id = :store"), {"store": world.store.id}
    ).scalar_one()
    coupons.reverse(public_id, store_id=world.store.id, staff_id=None, now=app_clock.now())
    read = figures.read(world.mall.id, _today())
    assert (read.redemptions, read.discount_fen) == (0, 0)


def test_points_taken_back_are_not_spent_and_those_given_back_not_issued(worlds: tuple[World, World]) -> None:
    world, now = worlds[0], app_clock.now()
    given = {"reason": note("purchase"), "now": now, "mall_id": world.mall.id}
    before = figures.read(world.mall.id, _today())
    earned = ledger.accrue(world.member.id, points=500, fact="a", **given)
    ledger.redeem(world.member.id, points=200, fact="b", **given)
    ledger.give_back(world.member.id, spent_fact="b", reason=note("parking"), fact="c", now=now)
    ledger.take_back(world.member.id, points=100, earned=earned, reason=note("refund"), fact="d", now=now)
    later = Span(_today().since, now + timedelta(seconds=1))
    read = figures.read(world.mall.id, later)
    assert (read.points_issued, read.points_spent) == (before.points_issued + 500, before.points_spent + 200)


def test_a_rate_is_rounded() -> None:
    assert Traffic(scans=9, joins=5).rate_permille == 556


def test_who_joins_without_an_entrance_counts_as_joined_but_not_as_a_scan(worlds: tuple[World, World]) -> None:
    make_member(worlds[0].mall)
    span = Span(_today().since, app_clock.now() + timedelta(seconds=1))
    read = figures.read(worlds[0].mall.id, span)
    assert (read.joins, read.scans, read.scan_joins) == (3, 2, 1)


def test_a_day_s_line_agrees_with_its_figures_and_quiet_days_are_there(
    worlds: tuple[World, World], clock: StillClock
) -> None:
    today = app_clock.business_date(clock.now)
    days = figures.list_days(figures.sums_of(worlds[0].mall.id), first=today - timedelta(days=2), last=today)
    assert [(day.day, day.scans, day.joins, day.redemptions) for day in days] == [
        (today - timedelta(days=2), 0, 0, 0),
        (today - timedelta(days=1), 0, 0, 0),
        (today, 2, 2, 1),
    ]


def test_a_day_begins_at_the_mall_s_midnight(worlds: tuple[World, World], clock: StillClock) -> None:
    clock.advance(hours=13, minutes=58)
    assert figures.read(worlds[0].mall.id, _today()).scans == 2
    clock.advance(minutes=2)
    assert figures.read(worlds[0].mall.id, _today()).scans == 0
