"""Exchanges at the same moment: the last in stock, one member's limit, money against giving up, back against use."""

import threading
from functools import partial

from flask import Flask
from sqlalchemy import func, select, update

from app.access import audit
from app.benefits.campaigns.errors import CampaignLimitReached
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import coupons
from app.benefits.coupons.grant_history import list_held
from app.benefits.coupons.models import Coupon, CouponStatus
from app.benefits.exchanges import queries
from app.benefits.exchanges.errors import ExchangeNotDone
from app.benefits.exchanges.exchanges import put_back
from app.benefits.exchanges.models import CouponExchange, ExchangeStatus
from app.benefits.stock import stock
from app.benefits.stock.errors import CampaignOutOfStock
from app.benefits.stock.models import StockBucket
from app.flows import redemptions
from app.flows.points import exchanges
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import atomic, db
from app.malls.models import Mall
from app.payments import queries as order_queries
from app.payments.models import OrderStatus, PaymentRefund
from app.points.ledger import queries as points_queries
from app.workers import payments as payment_worker
from tests.builders.benefits import make_till
from tests.builders.exchanges import exchange, make_priced, money_for, order_of
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.till_points import make_saver
from tests.support.patience import PATIENCE_S
from tests.support.races import race, winners

CALLERS = 4


def make_offer(members: int, *, cash_fen: int = 0, **terms: object) -> tuple[int, list[int]]:
    """A campaign for 500 points, and members with 1,000 each."""
    with atomic():
        mall = make_mall()
        campaign = make_priced(mall, 500, cash_fen, **terms)
        return campaign.id, [make_saver(1_000, mall=mall).id for _ in range(members)]


def ask(member_id: int, campaign_id: int) -> str:
    with atomic():
        member, campaign = db.session.get_one(Member, member_id), db.session.get_one(Campaign, campaign_id)
        return exchange(member, campaign).public_id


def give_back(member_id: int, exchange_id: str) -> str:
    with atomic():
        return exchanges.give_back_exchange(member_id, exchange_id, audit.SYSTEM, now=clock.now()).status


def available(member_ids: list[int]) -> list[int]:
    return sorted(points_queries.get_balance(one).available_points for one in member_ids)


def count_coupons() -> int:
    return db.session.scalar(select(func.count()).select_from(Coupon)) or 0


def test_the_last_in_stock_is_had_by_one_and_the_others_keep_their_points(committed_app: Flask) -> None:
    campaign_id, members = make_offer(CALLERS, stock=1)
    results = race(committed_app, [partial(ask, member_id, campaign_id) for member_id in members])
    assert len(winners(results)) == 1
    assert all(isinstance(one, CampaignOutOfStock) for one in results if isinstance(one, Exception))
    assert available(members) == [500, 1_000, 1_000, 1_000]
    assert (count_coupons(), stock.left(campaign_id)) == (1, 0)


def test_one_member_pressing_at_once_has_as_many_as_the_limit(committed_app: Flask) -> None:
    campaign_id, [member_id] = make_offer(1, per_member_limit=1)
    results = race(committed_app, [partial(ask, member_id, campaign_id)] * CALLERS)
    assert len(winners(results)) == 1
    assert all(isinstance(one, CampaignLimitReached) for one in results if isinstance(one, Exception))
    assert (available([member_id]), count_coupons()) == ([500], 1)


def test_money_that_races_with_giving_up_buys_the_coupon_or_comes_back(committed_app: Flask) -> None:
    campaign_id, [member_id] = make_offer(1, cash_fen=990, stock=1)
    exchange_id = ask(member_id, campaign_id)
    with atomic():
        money = money_for(order_of(queries.find_exchange(member_id, exchange_id)))

    def give_up() -> bool:
        with atomic():
            return exchanges.give_up_exchange(member_id, exchange_id, now=clock.now())

    results = race(committed_app, [partial(payment_worker.take_money, money), give_up, give_up])
    assert len(winners(results)) == 3
    with atomic():
        order = order_queries.find_order(member_id, purpose="exchange", reference=exchange_id)
        found = queries.find_exchange(member_id, exchange_id)
        assert order is not None
        is_had = found.status == "done"
        assert order.status == (OrderStatus.PAID if is_had else OrderStatus.LATE).value
        assert (available([member_id]), count_coupons(), stock.left(campaign_id)) == (
            ([500], 1, 0) if is_had else ([1_000], 0, 1)
        )
        assert points_queries.list_disagreements() == []


def test_given_back_many_times_is_given_back_once(committed_app: Flask) -> None:
    campaign_id, [member_id] = make_offer(1, stock=1)
    exchange_id = ask(member_id, campaign_id)
    results = race(committed_app, [partial(give_back, member_id, exchange_id)] * CALLERS)
    assert len(winners(results)) == 1
    assert all(isinstance(one, ExchangeNotDone) for one in results if isinstance(one, Exception))
    assert (available([member_id]), stock.left(campaign_id)) == ([1_000], 1)


def test_given_back_and_used_at_a_till_at_once_is_one_of_both(committed_app: Flask) -> None:
    campaign_id, [member_id] = make_offer(1, cash_fen=990)
    exchange_id = ask(member_id, campaign_id)
    with atomic():
        money = money_for(order_of(queries.find_exchange(member_id, exchange_id)))
    payment_worker.take_money(money)
    with atomic():
        coupon = db.session.scalars(select(Coupon)).one()
        code, till = coupon.code, make_till(make_store(db.session.scalars(select(Mall)).one(), make_merchant()))

    def use() -> str:
        with atomic():
            return redemptions.redeem_coupon(code, till, spend_fen=5_000, now=clock.now()).redemption_id

    results = race(committed_app, [use, partial(give_back, member_id, exchange_id)])
    assert len(winners(results)) == 1
    with atomic():
        is_used = db.session.scalars(select(Coupon)).one().status == "redeemed"
        assert available([member_id]) == ([500] if is_used else [1_000])
        assert db.session.scalar(select(func.count()).select_from(PaymentRefund)) == int(not is_used)
        assert points_queries.list_disagreements() == []


def test_without_the_conditional_update_the_last_one_would_be_had_twice(committed_app: Flask) -> None:
    """The control: two that read the stock before either writes both take the last one."""
    campaign_id, _ = make_offer(0, stock=1)

    def take_unguarded() -> None:
        with atomic():
            bucket = db.session.scalars(select(StockBucket).where(StockBucket.campaign_id == campaign_id)).one()
            assert bucket.remaining > 0
            barrier.wait(PATIENCE_S)
            bucket.remaining = bucket.remaining - 1

    barrier = threading.Barrier(2)
    assert len(winners(race(committed_app, [take_unguarded, take_unguarded]))) == 2
    assert stock.left(campaign_id) == 0


def test_without_the_members_lock_a_limit_of_one_would_let_two_through(committed_app: Flask) -> None:
    """The control: both count what the member holds before either writes theirs."""
    campaign_id, [member_id] = make_offer(1, per_member_limit=1)
    looked = threading.Barrier(2)

    def exchange_unguarded(caller: int) -> None:
        with atomic():
            campaign, held = db.session.get_one(Campaign, campaign_id), len(list_held(member_id, [campaign_id]))
            looked.wait(PATIENCE_S)
            key, now = f"caller:{caller}", clock.now()
            made = coupons.make(
                member_id, campaign, held=held, grant_key=key, trigger="exchange", entrance_id=None, now=now
            )
            coupons.write([made])

    results = race(committed_app, [partial(exchange_unguarded, caller) for caller in range(2)])
    assert (len(winners(results)), count_coupons()) == (2, 2)


def test_without_the_exchanges_lock_money_and_giving_up_would_both_have_it(committed_app: Flask) -> None:
    """The control: both read that it waits before either decides, and the later one overwrites what the other did."""
    campaign_id, [member_id] = make_offer(1, cash_fen=990, stock=1)
    exchange_id, looked = ask(member_id, campaign_id), threading.Barrier(2)

    def decide_unguarded(status: ExchangeStatus, **changes: object) -> str:
        with atomic():
            found = queries.find_exchange(member_id, exchange_id)
            assert found.status == ExchangeStatus.AWAITING_CASH.value
            looked.wait(PATIENCE_S)
            values = {"status": status.value, **changes}
            db.session.execute(update(CouponExchange).where(CouponExchange.id == found.id).values(values))
            return status.value

    done = partial(decide_unguarded, ExchangeStatus.DONE, done_at=clock.now(), released_at=None)
    released = partial(decide_unguarded, ExchangeStatus.RELEASED, released_at=clock.now(), coupon_id=None, done_at=None)
    with atomic():
        coupon_id = queries.find_exchange(member_id, exchange_id).coupon_id
    results = race(committed_app, [partial(done, coupon_id=coupon_id), released])
    assert sorted(winners(results)) == ["done", "released"]


def test_without_the_exchanges_lock_it_would_be_given_back_twice(committed_app: Flask) -> None:
    """The control: both read that it is done before either writes, and the stock grows by more than was taken."""
    campaign_id, [member_id] = make_offer(1, stock=1)
    exchange_id, looked = ask(member_id, campaign_id), threading.Barrier(2)

    def give_back_unguarded() -> None:
        with atomic():
            found = queries.find_exchange(member_id, exchange_id)
            assert found.status == ExchangeStatus.DONE.value
            looked.wait(PATIENCE_S)
            found.status, found.refunded_at = ExchangeStatus.REFUNDED.value, clock.now()
            put_back(found)

    assert len(winners(race(committed_app, [give_back_unguarded] * 2))) == 2
    assert stock.left(campaign_id) == 2


def test_without_the_conditional_update_a_used_coupon_would_be_given_back(committed_app: Flask) -> None:
    """The control: till and giving back both look before either writes, and each is certain of its coupon."""
    campaign_id, [member_id] = make_offer(1)
    ask(member_id, campaign_id)
    looked = threading.Barrier(2)

    def take_unguarded(status: CouponStatus, used: bool) -> str:
        with atomic():
            coupon = db.session.scalars(select(Coupon)).one()
            assert coupon.status == CouponStatus.ISSUED.value
            looked.wait(PATIENCE_S)
            values = {"status": status.value, "redeemed_at": clock.now() if used else None}
            db.session.execute(update(Coupon).where(Coupon.id == coupon.id).values(values))
            return status.value

    uses = [partial(take_unguarded, CouponStatus.REDEEMED, True), partial(take_unguarded, CouponStatus.VOID, False)]
    assert sorted(winners(race(committed_app, uses))) == ["redeemed", "void"]
