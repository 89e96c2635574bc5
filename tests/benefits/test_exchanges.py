"""Coupons for points, or points and cash: held, spent with the coupon's issue, or given back; limits and stock kept."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.benefits.campaigns.errors import CampaignInvalid, CampaignLimitReached, CampaignNotAvailable
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import queries as coupon_queries
from app.benefits.coupons.models import Coupon, CouponCode
from app.benefits.exchanges import queries
from app.benefits.exchanges.errors import ExchangePriceChanged
from app.benefits.exchanges.models import CouponExchange
from app.benefits.stock import stock
from app.benefits.stock.errors import CampaignOutOfStock
from app.flows import redemptions
from app.flows.members import leaving
from app.flows.members.leaving import Cost
from app.flows.points import exchanges
from app.flows.points.exchanges import ExchangeChoice
from app.identity.errors import LeavingPaymentOpen
from app.identity.models import Member
from app.kernel.db import db
from app.malls.models import Mall, Store
from app.payments.errors import PayerUnknown
from app.payments.models import OrderStatus
from app.points.ledger import queries as points_queries
from app.points.ledger.errors import InsufficientPoints
from app.settlement.ledger.models import Posting
from app.workers import payments as payment_worker
from tests.builders.benefits import make_till
from tests.builders.exchanges import exchange, make_priced, money_for, order_of
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.till_points import make_saver
from tests.support.clock import StillClock


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    return make_mall()


@pytest.fixture
def store(mall: Mall) -> Store:
    return make_store(mall, make_merchant())


@pytest.fixture
def member(mall: Mall) -> Member:
    return make_saver(2_000, mall=mall)


def points(member: Member) -> tuple[int, int]:
    """Points that can be spent, and points held."""
    db.session.expire_all()
    found = points_queries.get_balance(member.id)
    return found.available_points, found.held_points


def coupons(member: Member) -> list[Coupon]:
    db.session.expire_all()
    return list(db.session.scalars(select(Coupon).where(Coupon.member_id == member.id).order_by(Coupon.id)))


def left(campaign: Campaign) -> int | None:
    return stock.left(campaign.id)


@pytest.mark.requirement("S3.11")
def test_points_alone_buy_a_coupon_at_once(mall: Mall, member: Member) -> None:
    campaign = make_priced(mall, 500, stock=3)
    done = exchange(member, campaign, payer=None)
    (coupon,) = coupons(member)
    assert (done.status, done.coupon_id, coupon.status, coupon.paid_points) == ("done", coupon.id, "issued", 500)
    assert (points(member), left(campaign)) == ((1_500, 0), 2)
    (entry,) = (one for one in points_queries.list_entries([member.id]) if one.points < 0)
    assert (entry.points, entry.reason_code, entry.mall_id) == (-500, "exchange", mall.id)


@pytest.mark.requirement("S1.25")
def test_with_cash_the_coupon_waits_and_comes_with_the_money(mall: Mall, member: Member, clock: StillClock) -> None:
    campaign = make_priced(mall, 500, 990, stock=3)
    begun = exchange(member, campaign)
    assert (begun.status, points(member), left(campaign)) == ("awaiting_cash", (1_500, 500), 2)
    assert list(coupon_queries.list_coupons(member.id, [member.id], status="usable", now=clock.now)) == []
    assert payment_worker.take_money(money_for(order_of(begun))) is OrderStatus.PAID
    (coupon,) = coupons(member)
    assert (coupon.status, points(member), left(campaign)) == ("issued", (1_500, 0), 2)
    assert queries.find_exchange(member.id, begun.public_id).status == "done"
    assert payment_worker.take_money(money_for(order_of(begun))) is OrderStatus.PAID
    assert len(coupons(member)) == 1 and points_queries.list_disagreements() == []


def test_what_is_given_up_leaves_nothing_behind(mall: Mall, member: Member, clock: StillClock) -> None:
    campaign = make_priced(mall, 500, 990, stock=1)
    begun = exchange(member, campaign)
    for expected in (True, False):
        assert exchanges.give_up_exchange(member.id, begun.public_id, now=clock.now) is expected
    assert (coupons(member), points(member), left(campaign)) == ([], (2_000, 0), 1)
    assert db.session.scalar(select(func.count()).select_from(CouponCode)) == 0
    assert payment_worker.take_money(money_for(order_of(begun))) is OrderStatus.LATE
    assert (coupons(member), queries.find_exchange(member.id, begun.public_id).status) == ([], "released")
    assert points_queries.list_disagreements() == []


def test_the_same_coupon_asked_for_again_gives_up_the_first(mall: Mall, member: Member) -> None:
    campaign = make_priced(mall, 500, 990, stock=1, per_member_limit=1)
    first = exchange(member, campaign)
    second = exchange(member, campaign)
    assert (order_of(first).status, second.status, points(member), left(campaign)) == (
        "closed",
        "awaiting_cash",
        (1_500, 500),
        0,
    )


def test_limits_stock_and_points_are_kept(mall: Mall, member: Member) -> None:
    campaign = make_priced(mall, 500, per_member_limit=1)
    exchange(member, campaign)
    with pytest.raises(CampaignLimitReached):
        exchange(member, campaign)
    with pytest.raises(InsufficientPoints), db.session.begin_nested():
        exchange(member, make_priced(mall, 1_501))
    with pytest.raises(CampaignOutOfStock), db.session.begin_nested():
        exchange(member, make_priced(mall, 100, stock=0))
    with pytest.raises(PayerUnknown), db.session.begin_nested():
        exchange(member, make_priced(mall, 100, 100), payer=None)
    assert (len(coupons(member)), points(member)) == (1, (1_500, 0))


def test_the_price_that_was_shown_is_the_price_or_there_is_none(mall: Mall, member: Member, clock: StillClock) -> None:
    campaign = make_priced(mall, 500)
    seen = ExchangeChoice(campaign=campaign.public_id, points=400, cash_fen=0)
    with pytest.raises(ExchangePriceChanged) as refused:
        exchanges.exchange_coupon(member.id, seen, mall_id=mall.id, payer=None, now=clock.now)
    assert refused.value.facts == {"points": 500, "cash_fen": 0}
    with pytest.raises(CampaignNotAvailable):
        exchanges.exchange_coupon(member.id, seen, mall_id=make_mall().id, payer=None, now=clock.now)
    campaign.active = False
    with pytest.raises(CampaignNotAvailable):
        exchange(member, campaign)


def test_cash_is_asked_for_by_the_mall_alone(mall: Mall) -> None:
    with pytest.raises(CampaignInvalid) as refused:
        make_priced(mall, 500, 990, mall_share_bps=6_000)
    assert refused.value.facts == {"field": "exchange_fen"}


def test_the_merchants_share_of_the_points_is_owed_when_the_coupon_is_used_and_taken_back_with_it(
    mall: Mall, store: Store, member: Member, clock: StillClock
) -> None:
    campaign = make_priced(mall, 500, stores=[store], mall_share_bps=6_000)
    exchange(member, campaign)
    assert db.session.scalar(select(func.count()).select_from(Posting)) == 0
    till = make_till(store)
    (coupon,) = coupons(member)
    done = redemptions.redeem_coupon(coupon.code, till, spend_fen=None, now=clock.now)
    posted = {one.kind: (one.points, one.amount_fen) for one in db.session.scalars(select(Posting))}
    assert posted["points_spent"] == (200, 180)
    assert posted["coupon_mall_share"] == (0, 600)
    redemptions.reverse_redemption(done.redemption_id, till, now=clock.now + timedelta(minutes=1))
    assert db.session.scalar(select(func.sum(Posting.amount_fen))) == 0


def test_nobody_leaves_while_an_exchange_waits_for_money(mall: Mall, member: Member, clock: StillClock) -> None:
    begun = exchange(member, make_priced(mall, 500, 990))
    with pytest.raises(LeavingPaymentOpen):
        leaving.let_member_leave(member.id, told=Cost(points=2_000, coupons=0), now=clock.now)
    exchanges.give_up_exchange(member.id, begun.public_id, now=clock.now)
    leaving.let_member_leave(member.id, told=Cost(points=2_000, coupons=0), now=clock.now)
    assert db.session.scalar(select(func.count()).select_from(CouponExchange)) == 1


def test_what_can_be_had_says_how_many_more_and_what_is_gone(mall: Mall, member: Member, clock: StillClock) -> None:
    cheap = make_priced(mall, 100, per_member_limit=2)
    dear = make_priced(mall, 9_000, stock=1)
    gone = make_priced(mall, 300, stock=0)
    make_priced(mall, 100, issue_from=(clock.now + timedelta(days=2)).date())
    make_priced(make_mall(), 100)
    exchange(member, cheap)
    found = queries.list_offers(member.id, mall_id=mall.id, now=clock.now)
    assert [(one.campaign.id, one.left_for_member, one.is_gone) for one in found] == [
        (cheap.id, 1, False),
        (gone.id, 1, True),
        (dear.id, 1, False),
    ]
