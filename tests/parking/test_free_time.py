"""Free minutes of a tier: off the fee before all else, once a stay, paid by the mall; the barrier opens alone."""

from datetime import date

import pytest

from app.benefits.tier_benefits import benefits
from app.benefits.tier_benefits.rules import Benefits, TierGives
from app.flows import parking
from app.flows.consequences.rewards import growing
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.parking import history
from app.parking.payment.errors import NothingDue
from app.parking.sessions import queries
from app.parking.sessions.models import GateAction
from app.settlement.ledger.models import PostingKind
from app.tiers.growth.bulk import Credit
from app.workers import payments as payment_worker
from tests.builders import parking as builders
from tests.builders.parking import Ground, make_driver
from tests.builders.tasks import make_tiers
from tests.parking.driver import begin, coupons_of, money_for, points_of, postings, quoted
from tests.support.clock import StillClock

OPERATOR = PostingKind.PARKING_TIER.value


def give(ground: Ground, **minutes: int) -> None:
    said = Benefits({tier: TierGives(parking_minutes=one) for tier, one in minutes.items()})
    benefits.open_with(ground.mall.id, said, effective_from=date(2020, 1, 1), by="王", now=app_clock.now())


def rise(member: Member) -> None:
    now = app_clock.now()
    growing.grow(Credit(member.id, 2_000, note("试"), Fact("test"), now), now=now)


@pytest.fixture
def ground(clock: StillClock) -> Ground:
    make_tiers()
    ground = builders.make_ground()
    give(ground, gold=60)
    return ground


@pytest.fixture
def gold(ground: Ground) -> Member:
    member = make_driver(ground, points=1_000, coupons=(60,))
    rise(member)
    return member


@pytest.mark.requirement("S3.7", "S3.10")
def test_the_minutes_come_off_before_coupons_points_and_cash(ground: Ground, gold: Member) -> None:
    ground.comes(minutes_ago=230)
    offer = quoted(gold)
    assert (offer.quote.fee_fen, offer.stay.free_fen, offer.stay.open_fen) == (2_400, 600, 1_800)
    assert [(cover.minutes, cover.covers_fen) for cover in offer.proposal.coupons] == [(60, 600)]
    assert (offer.proposal.points, offer.proposal.cash_fen, offer.most_points) == (1_000, 200, 1_000)
    payment = begin(gold, offer, coupons_of(gold), points=1_000)
    payment_worker.take_money(money_for(payment))
    split = history.split_of(gold.id, [payment])[payment.id]
    assert (split.tier_code, split.tier_minutes, split.tier_fen) == ("gold", 60, 600)
    assert (split.coupons_fen, split.points_fen, split.cash_fen) == (600, 1_000, 200)
    (owed,) = postings(OPERATOR)
    assert (owed.merchant_id, owed.base_fen, owed.amount_fen) == (ground.store.merchant_id, 600, 600)
    assert ground.leaves().action is GateAction.OPEN


def test_a_stay_has_them_once(ground: Ground, gold: Member, clock: StillClock) -> None:
    ground.comes(minutes_ago=170)
    begin(gold, quoted(gold), coupons_of(gold), points=600)
    clock.advance(minutes=90)
    again = quoted(gold)
    assert (again.stay.free_fen, again.quote.due_fen, again.quote.tier_code) == (0, 1_200, None)
    ground.leaves()
    assert [one.base_fen for one in postings(OPERATOR)] == [600]


def test_the_tier_of_the_moment_counts_and_a_lower_one_gives_nothing(ground: Ground) -> None:
    member = make_driver(ground)
    ground.comes(minutes_ago=170)
    assert quoted(member).stay.free_fen == 0
    rise(member)
    assert quoted(member).stay.free_fen == 600


def test_what_they_cover_wholly_needs_no_press(ground: Ground, gold: Member) -> None:
    ground.comes(minutes_ago=80)
    (parked,) = queries.list_parked(gold.id)
    stay, tier = parking.price_stay(gold.id, parked, now=app_clock.now())
    assert (stay.fee_fen, stay.open_fen, tier) == (1_200, 0, "gold")
    answer = ground.leaves()
    assert (answer.action, answer.due_fen, answer.session.settled_fen) == (GateAction.OPEN, 0, 1_200)
    assert [one.amount_fen for one in postings(OPERATOR)] == [1_200]
    assert (points_of(gold), [coupon.status for coupon in coupons_of(gold)]) == (1_000, ["issued"])


def test_a_longer_stay_is_held_at_the_barrier(ground: Ground, gold: Member) -> None:
    ground.comes(minutes_ago=170)
    assert (ground.leaves().action, postings(OPERATOR)) == (GateAction.HOLD, [])


def test_what_is_given_up_can_have_them_again(ground: Ground, gold: Member) -> None:
    ground.comes(minutes_ago=170)
    payment = begin(gold, quoted(gold))
    assert parking.give_up_payment(gold.id, payment.public_id, now=app_clock.now())
    assert (quoted(gold).stay.free_fen, postings(OPERATOR)) == (600, [])


def test_an_operator_without_terms_gives_nothing(clock: StillClock) -> None:
    make_tiers()
    ground = builders.make_ground_without_contract()
    give(ground, silver=60)
    member = make_driver(ground)
    ground.comes(minutes_ago=80)
    assert quoted(member).stay.free_fen == 0
    assert ground.leaves().action is GateAction.HOLD


def test_within_the_grace_of_a_payment_nothing_is_due(ground: Ground, gold: Member) -> None:
    ground.comes(minutes_ago=80)
    begin(gold, quoted(gold))
    with pytest.raises(NothingDue):
        quoted(gold)
