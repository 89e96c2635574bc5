"""Quotes near the end of what they offer: a proposal can always be paid as proposed, while the quote is good."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.identity.models import Member
from app.kernel.clock import MALL_ZONE
from app.kernel.db import db
from app.kernel.reasons import note
from app.parking.payment.errors import QuoteExpired
from app.points.expiry.rules import Policy
from app.points.ledger import ledger
from app.points.ledger.models import PointsEntry
from tests.builders import parking as builders
from tests.builders.parking import Ground, make_driver, make_parking_coupon
from tests.builders.points import set_expiry
from tests.parking.driver import begin, coupons_of, points_of, quoted
from tests.support.clock import StillClock

MIDNIGHT = datetime(2027, 1, 1, tzinfo=MALL_ZONE)  # what was earned in 2025 is over


@pytest.fixture
def ground(clock: StillClock) -> Ground:
    """A car park late on the last evening of 2026."""
    clock.set(MIDNIGHT - timedelta(minutes=3))
    return builders.make_ground()


def make_driver_of_two_years(ground: Ground) -> Member:
    """With 500 points that are over at midnight, and 70 of the year after."""
    member = make_driver(ground)
    for year, points in [(2025, 500), (2026, 70)]:
        at = datetime(year, 6, 1, tzinfo=MALL_ZONE)
        ledger.accrue(member.id, points=points, reason=note("得"), fact=f"test:{year}", now=at)
    ground.comes(minutes_ago=100)
    return member


def test_after_midnight_only_what_is_left_is_proposed_and_paid(ground: Ground, clock: StillClock) -> None:
    member = make_driver_of_two_years(ground)
    clock.set(MIDNIGHT)
    offer = quoted(member)
    assert (offer.proposal.points, offer.most_points) == (70, 70)
    assert begin(member, offer, points=offer.proposal.points).waived_fen == 70
    assert points_of(member) == 0


def test_a_quote_from_before_midnight_is_good_until_then(ground: Ground, clock: StillClock) -> None:
    member = make_driver_of_two_years(ground)
    offer, same = quoted(member), quoted(member)
    assert offer.proposal.points == 570
    clock.set(MIDNIGHT - timedelta(seconds=1))
    assert begin(member, offer, points=570).waived_fen == 570
    clock.set(MIDNIGHT)
    with pytest.raises(QuoteExpired):
        begin(member, same, points=570)


@pytest.mark.parametrize(("grace_days", "offered"), [(0, 70), (30, 570)])
def test_what_an_unfinished_payment_holds_is_offered_while_it_is_not_over(
    ground: Ground, clock: StillClock, grace_days: int, offered: int
) -> None:
    """What is over when it comes back is good for the days of grace, if there are any."""
    set_expiry(Policy(grace_days=grace_days), MIDNIGHT.date())
    member = make_driver_of_two_years(ground)
    make_parking_coupon(member, ground, 60, valid_days=1)  # over at midnight, too
    offer = quoted(member)
    begin(member, offer, coupons_of(member), points=570)
    assert len(quoted(member).usable) == 1
    clock.set(MIDNIGHT)
    again = quoted(member)
    assert (again.usable, again.proposal.points) == ([], offered)
    assert begin(member, again, points=offered).waived_fen == offered
    assert points_of(member) == 0


def test_held_points_pay_what_is_owed_before_they_are_offered(ground: Ground, clock: StillClock) -> None:
    member = make_driver(ground, points=500)
    ground.comes(minutes_ago=100)
    begin(member, quoted(member), points=500)
    earned = db.session.scalars(select(PointsEntry).where(PointsEntry.points == 500)).one()
    ledger.take_back(member.id, points=200, earned=earned, reason=note("退"), fact="test:back", now=clock.now)
    offer = quoted(member)
    assert offer.proposal.points == 300
    assert begin(member, offer, points=300).waived_fen == 300
