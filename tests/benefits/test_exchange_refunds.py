"""Exchanges given back: the unused coupon is void, points are in their lots again, cash goes back once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access import audit
from app.access.audit import Actor
from app.benefits.campaigns.errors import CampaignLimitReached
from app.benefits.coupons.models import Coupon
from app.benefits.exchanges import queries
from app.benefits.exchanges.errors import ExchangeCouponUsed, ExchangeNotDone, ExchangeNotFound
from app.benefits.exchanges.models import CouponExchange
from app.benefits.stock import stock
from app.care.errors import OwnMembership
from app.flows import redemptions
from app.flows.points import exchanges
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.malls.models import Mall
from app.payments import refunds
from app.payments.models import OrderStatus, PaymentRefund
from app.points.ledger import queries as points_queries
from app.points.ledger.models import PointsLot
from app.workers import payments as payment_worker
from tests.builders.benefits import make_till
from tests.builders.exchanges import exchange, make_priced, money_for, order_of
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.staff import make_staff, phone_of
from tests.builders.till_points import make_saver
from tests.support.clock import StillClock


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    return make_mall()


@pytest.fixture
def member(mall: Mall) -> Member:
    return make_saver(2_000, mall=mall)


def had(member: Member, mall: Mall, *, cash_fen: int = 990, **terms: object) -> CouponExchange:
    """An exchange that is done, its cash paid."""
    found = exchange(member, make_priced(mall, 500, cash_fen, **terms))
    if cash_fen:
        payment_worker.take_money(money_for(order_of(found)))
    db.session.expire_all()
    return found


def give_back(found: CouponExchange) -> CouponExchange:
    back = exchanges.give_back_exchange(found.member_id, found.public_id, audit.SYSTEM, now=app_clock.now())
    db.session.expire_all()
    return back


def lots(member: Member) -> list[tuple[object, int]]:
    db.session.expire_all()
    mine = select(PointsLot.expires_on, PointsLot.remaining_points).where(PointsLot.member_id == member.id)
    return sorted((day, points) for day, points in db.session.execute(mine))


@pytest.mark.requirement("S3.11")
def test_points_go_back_to_their_lots_and_cash_to_the_queue(member: Member, mall: Mall) -> None:
    before = lots(member)
    found = had(member, mall, stock=5)
    back = give_back(found)
    assert (back.status, back.refunded_at, lots(member)) == ("refunded", app_clock.now(), before)
    assert (db.session.scalars(select(Coupon)).one().status, stock.left(found.campaign_id)) == ("void", 5)
    (owed,) = refunds.claim(now=app_clock.now(), limit=5)
    assert (owed.amount_fen, owed.reason) == (990, refunds.GIVEN_BACK)
    refunds.finish(owed, now=app_clock.now())
    db.session.expire_all()
    order = order_of(found)
    assert (order.status, order.refunded_at) == (OrderStatus.REFUNDED.value, app_clock.now())
    assert points_queries.list_disagreements() == []


def test_nobody_gives_back_their_own(mall: Mall) -> None:
    person = make_staff()
    found = had(make_saver(2_000, mall=mall, phone=phone_of(person)), mall)
    with pytest.raises(OwnMembership):
        by = Actor("staff", person.id, person.name)
        exchanges.give_back_exchange(found.member_id, found.public_id, by, now=app_clock.now())
    assert db.session.scalars(select(Coupon.status)).all() == ["issued"]


def test_it_happens_once(member: Member, mall: Mall) -> None:
    found = had(member, mall)
    give_back(found)
    with pytest.raises(ExchangeNotDone):
        give_back(found)
    assert len(db.session.scalars(select(PaymentRefund)).all()) == 1
    assert points_queries.get_balance(member.id).available_points == 2_000


def test_what_cost_points_alone_owes_no_cash_and_may_be_had_again(member: Member, mall: Mall) -> None:
    found = had(member, mall, cash_fen=0, per_member_limit=1)
    campaign = queries.list_offers(member.id, mall_id=mall.id, now=app_clock.now())[0].campaign
    with pytest.raises(CampaignLimitReached):
        exchange(member, campaign)
    give_back(found)
    assert db.session.scalars(select(PaymentRefund)).all() == []
    assert exchange(member, campaign).status == "done"


def test_a_used_coupon_gives_nothing_back(member: Member, mall: Mall) -> None:
    found = had(member, mall)
    till = make_till(make_store(mall, make_merchant()))
    code = db.session.scalars(select(Coupon)).one().code
    redemptions.redeem_coupon(code, till, spend_fen=5_000, now=app_clock.now())
    with pytest.raises(ExchangeCouponUsed):
        give_back(found)
    assert points_queries.get_balance(member.id).available_points == 1_500


def test_after_its_last_day_neither(member: Member, mall: Mall, clock: StillClock) -> None:
    found = had(member, mall, valid_days=7)
    clock.advance(days=7)
    with pytest.raises(ExchangeCouponUsed):
        give_back(found)
    assert db.session.scalars(select(PaymentRefund)).all() == []


def test_points_that_ran_out_meanwhile_are_good_for_the_days_of_grace(
    member: Member, mall: Mall, clock: StillClock
) -> None:
    found = had(member, mall, valid_days=365 * 3)
    [(last_day, _)] = lots(member)
    assert hasattr(last_day, "year")
    clock.set(app_clock.end_of_day(last_day) + timedelta(days=1))  # type: ignore[arg-type]
    give_back(found)
    balance = points_queries.get_balance(member.id)
    assert balance.available_points == 500
    assert balance.expiring_on is not None and balance.expiring_on > app_clock.business_date(app_clock.now())


def test_what_waits_for_cash_is_given_up_instead_and_others_have_no_say(member: Member, mall: Mall) -> None:
    waiting = exchange(member, make_priced(mall, 500, 990))
    with pytest.raises(ExchangeNotDone):
        give_back(waiting)
    stranger = make_saver(100, mall=mall)
    with pytest.raises(ExchangeNotFound):
        exchanges.give_back_exchange(stranger.id, waiting.public_id, audit.SYSTEM, now=app_clock.now())
