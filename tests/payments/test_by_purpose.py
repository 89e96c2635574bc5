"""A purpose that is not parking goes the whole way of cash: the table of purposes is all that knows of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.parking.payment.models import ParkingPayment
from app.payments import closing, orders, refunds
from app.payments.errors import AmountMismatch
from app.payments.models import OrderStatus, PaymentOrder, PaymentRefund
from app.payments.orders import Demand, Money, Payer
from app.wechat.gateway import Gateway
from app.wechat.pay.notices import RefundStatus, TradeState
from app.workers import payments
from app.workers.payments import Purpose
from tests.builders.identity import make_member
from tests.payments.cashier import NOTICES
from tests.sandbox.product import Product, Received
from tests.support.isolation import Client
from tests.support.platforms import Platforms

PURPOSE = "gift_card"
REFUNDS = "/v3/refund/domestic/refunds"


class GiftCards:
    """What the made-up purpose does; remembers what it was told."""

    def __init__(self) -> None:
        self.settled: list[str] = []
        self.given_up: list[str] = []

    def settle(self, member_id: int, reference: str, *, now: datetime) -> None:
        self.settled.append(reference)

    def give_up(self, member_id: int, reference: str, *, now: datetime) -> None:
        self.given_up.append(reference)


@pytest.fixture
def gift_cards(monkeypatch: pytest.MonkeyPatch) -> GiftCards:
    cards = GiftCards()
    monkeypatch.setitem(payments.PURPOSES, PURPOSE, Purpose(settle=cards.settle, give_up=cards.give_up))
    return cards


class Sale:
    """A member who is asked for 25 yuan, and the platform that plays their WeChat."""

    def __init__(self, client: Client, platforms: Platforms, product: Product, gateway: Gateway) -> None:
        self.client, self.platforms, self.product, self.gateway = client, platforms, product, gateway
        self.member: Member = make_member()
        self.payer = Payer(platforms.settings.wechat.mini_appid, platforms.person()["openid"])

    def open(self, reference: str) -> None:
        demand = Demand(
            purpose=PURPOSE,
            reference=reference,
            description="礼品卡",
            amount_fen=2_500,
            payer=self.payer,
            expires_at=app_clock.now() + timedelta(minutes=10),
        )
        orders.open_order(self.member.id, demand, now=app_clock.now())

    def place(self, reference: str) -> None:
        notify_url = f"{self.product.url}{NOTICES}"
        payments.place_order(
            self.gateway.pay, self.member.id, purpose=PURPOSE, reference=reference, notify_url=notify_url
        )

    def pay(self, reference: str) -> Received:
        """The person confirms the payment sheet; returns the platform's notice."""
        before = len(self.product.received)
        params = self.order(reference).pay_params
        self.platforms.post(f"/phone/api/people/{self.platforms.person()['id']}/pay", params)
        return self.product.wait_for(before + 1)[before]

    def take(self, notice: Received) -> int:
        return self.client.post(NOTICES, data=notice.body, headers=notice.headers).status_code

    def order(self, reference: str) -> PaymentOrder:
        found = select(PaymentOrder).where(PaymentOrder.purpose == PURPOSE, PaymentOrder.reference == reference)
        return db.session.scalars(found.execution_options(populate_existing=True)).one()

    def refund(self) -> PaymentRefund:
        return db.session.scalars(select(PaymentRefund).execution_options(populate_existing=True)).one()

    def give_back(self) -> int:
        return payments.refund_payments(self.gateway.pay, notify_url=f"{self.product.url}{NOTICES}")


@pytest.fixture
def sale(client: Client, platforms: Platforms, product: Product, gift_cards: GiftCards) -> Iterator[Sale]:
    gateway = platforms.gateway()
    yield Sale(client, platforms, product, gateway)
    assert db.session.scalars(select(ParkingPayment)).all() == []
    gateway.close()


@contextmanager
def later(**units: float) -> Iterator[None]:
    with app_clock.freeze(app_clock.now() + timedelta(**units)):
        yield


def test_money_in_time_settles_its_own_purpose_once(sale: Sale, gift_cards: GiftCards) -> None:
    sale.open("7")
    sale.open("8")
    sale.place("7")
    notice = sale.pay("7")
    assert [sale.take(notice), sale.take(notice)] == [204, 204]
    assert (gift_cards.settled, gift_cards.given_up) == (["7"], [])
    assert (sale.order("7").status, sale.order("8").status) == ("paid", "created")
    with later(minutes=5):
        assert payments.close_overdue_orders(sale.gateway.pay) == 0


def test_an_order_nobody_pays_is_given_up_and_closed_at_the_platform(sale: Sale, gift_cards: GiftCards) -> None:
    sale.open("7")
    sale.place("7")
    with later(minutes=11):
        assert payments.close_overdue_orders(sale.gateway.pay) == 1
        assert payments.close_overdue_orders(sale.gateway.pay) == 0
    assert (gift_cards.settled, gift_cards.given_up) == ([], ["7"])
    order = sale.order("7")
    assert (order.status, order.done_at is not None) == ("closed", True)
    assert sale.gateway.pay.query(order.out_trade_no).state is TradeState.CLOSED


def test_money_whose_notice_was_lost_settles_instead_of_giving_up(sale: Sale, gift_cards: GiftCards) -> None:
    sale.open("7")
    sale.place("7")
    sale.pay("7")
    with later(minutes=11):
        assert payments.close_overdue_orders(sale.gateway.pay) == 1
        assert payments.close_overdue_orders(sale.gateway.pay) == 0
    assert (gift_cards.settled, gift_cards.given_up, sale.order("7").status) == (["7"], [], "paid")


def test_late_money_settles_nothing_and_goes_back(sale: Sale, gift_cards: GiftCards) -> None:
    sale.open("7")
    sale.place("7")
    notice = sale.pay("7")
    orders.close(sale.member.id, purpose=PURPOSE, reference="7", now=app_clock.now())
    assert sale.take(notice) == 204
    assert (gift_cards.settled, sale.order("7").status) == ([], OrderStatus.LATE.value)
    assert (sale.give_back(), sale.give_back()) == (1, 0)
    assert (sale.refund().status, sale.order("7").status) == ("done", "refunded")
    assert sale.gateway.pay.query_refund(sale.refund().out_refund_no).status is RefundStatus.SUCCESS


def test_money_between_giving_up_and_closing_goes_back_too(sale: Sale, gift_cards: GiftCards) -> None:
    sale.open("7")
    sale.place("7")
    sale.pay("7")
    orders.close(sale.member.id, purpose=PURPOSE, reference="7", now=app_clock.now())
    assert payments.close_overdue_orders(sale.gateway.pay) == 1
    assert (gift_cards.settled, sale.order("7").status, sale.refund().amount_fen) == ([], "late", 2_500)


def test_an_order_the_platform_says_nothing_about_ends_before_people_and_can_be_put_back(
    sale: Sale, gift_cards: GiftCards
) -> None:
    sale.open("7")
    sale.place("7")
    sale.platforms.fault("http", "pay", value="503", times=None)
    closing_queue = closing.ORDERS
    order = sale.order("7")
    order.attempts = (closing_queue.pauses.most_attempts or 0) - 1
    db.session.flush()
    with later(minutes=11):
        assert payments.close_overdue_orders(sale.gateway.pay) == 1
    with later(days=1):
        assert payments.close_overdue_orders(sale.gateway.pay) == 0
    (dead,) = closing.list_dead(limit=10)
    assert (dead.reference, dead.last_error, gift_cards.given_up) == ("7", "platform_unavailable", [])
    sale.platforms.delete("/faults")
    assert closing.requeue(sale.member.id, dead.id, now=app_clock.now())
    assert closing.find_dead(sale.member.id, dead.id) is None
    with later(minutes=11):
        assert payments.close_overdue_orders(sale.gateway.pay) == 1
    assert (gift_cards.given_up, sale.order("7").status) == (["7"], "closed")


def test_money_for_an_order_that_was_left_to_people_settles_it(sale: Sale, gift_cards: GiftCards) -> None:
    sale.open("7")
    sale.place("7")
    order = sale.order("7")
    order.given_up_at, order.last_error = app_clock.now(), "platform_unavailable"
    db.session.flush()
    assert sale.take(sale.pay("7")) == 204
    assert (gift_cards.settled, closing.list_dead(limit=10)) == (["7"], [])


def test_a_refund_the_platform_refuses_to_the_end_waits_for_people(sale: Sale) -> None:
    sale.open("7")
    sale.place("7")
    notice = sale.pay("7")
    orders.close(sale.member.id, purpose=PURPOSE, reference="7", now=app_clock.now())
    sale.take(notice)
    refund = sale.refund()
    refund.attempts = (refunds.REFUNDS.pauses.most_attempts or 0) - 1
    db.session.flush()
    sale.platforms.fault("http", "pay", endpoint=REFUNDS, value="503", times=3)
    assert sale.give_back() == 1
    (dead,) = refunds.list_dead(limit=10)
    assert (dead.status, dead.last_error) == ("due", "platform_unavailable")
    with later(days=1):
        assert sale.give_back() == 0
    assert refunds.find_dead(sale.member.id, dead.id) is not None
    assert refunds.requeue(sale.member.id, dead.id, now=app_clock.now())
    assert (sale.give_back(), sale.refund().status) == (1, "done")


def test_trouble_in_settling_leaves_the_order_unpaid_until_the_news_comes_again(
    sale: Sale, gift_cards: GiftCards, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(member_id: int, reference: str, *, now: datetime) -> None:
        raise AmountMismatch(out_trade_no=reference)

    sale.open("7")
    sale.place("7")
    db.session.commit()
    notice = sale.pay("7")
    with monkeypatch.context() as broken:
        broken.setitem(payments.PURPOSES, PURPOSE, Purpose(settle=fail, give_up=gift_cards.give_up))
        assert sale.take(notice) == 409
    assert sale.order("7").status == "prepaid"
    assert (sale.take(notice), sale.order("7").status) == (204, "paid")


def test_one_reference_has_one_order_and_two_purposes_may_share_it(sale: Sale) -> None:
    sale.open("7")
    other = Demand(
        purpose="parking_made_up",
        reference="7",
        description="",
        amount_fen=1,
        payer=sale.payer,
        expires_at=app_clock.now(),
    )
    orders.open_order(sale.member.id, other, now=app_clock.now())
    with pytest.raises(Exception, match="uq_payment_orders_member_id_purpose_reference"), db.session.begin_nested():
        sale.open("7")


def test_money_of_another_amount_is_refused(sale: Sale) -> None:
    sale.open("7")
    order = sale.order("7")
    money = Money(
        out_trade_no=order.out_trade_no,
        transaction_id="42",
        amount_fen=2_499,
        appid=sale.payer.appid,
        paid_at=app_clock.now(),
    )
    with pytest.raises(AmountMismatch):
        payments.take_money(money)
