"""Cash through WeChat Pay: ordered, paid, told once or often, late or never."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.benefits.coupons.models import Coupon
from app.cases.models import Case
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.parking.payment.models import GateMessage
from app.parking.sessions.models import ParkingSession
from app.payments import refunds
from app.payments.models import PaymentOrder, PaymentRefund
from app.points.ledger import queries as points_queries
from app.wechat.pay.notices import RefundStatus, TradeState
from app.workers import payments
from tests.payments.cashier import NOTICES, Cashier

JSAPI = "/v3/pay/transactions/jsapi"
REFUNDS = "/v3/refund/domestic/refunds"


@contextmanager
def later(**units: float) -> Iterator[None]:
    """The product's clock moved on; the platform's stands where it is, within its tolerance or out of it."""
    with app_clock.freeze(app_clock.now() + timedelta(**units)):
        yield


def refund_late(cashier: Cashier) -> int:
    return payments.refund_payments(cashier.gateway.pay, notify_url=f"{cashier.product.url}{NOTICES}")


def held(cashier: Cashier) -> tuple[list[str], int]:
    """The states of the coupons, and the points left."""
    db.session.expire_all()
    states = list(db.session.scalars(select(Coupon.status).where(Coupon.member_id == cashier.member.id)))
    return states, points_queries.get_balance(cashier.member.id).available_points


def settled_fen() -> int:
    db.session.expire_all()
    return db.session.scalars(select(ParkingSession.settled_fen)).one()


@pytest.mark.requirement("S3.22")
def test_the_whole_way_of_cash(cashier: Cashier) -> None:
    begun = cashier.begin().json or {}
    assert begun["payment"]["status"] == "awaiting_cash"
    assert begun["payment"]["cash_fen"] == 400
    assert set(begun["wechat_pay"]) == {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}
    notice = cashier.confirm(begun["wechat_pay"])
    assert cashier.take(notice).status_code == 204
    paid = cashier.payment(begun["payment"]["id"])
    assert (paid["status"], paid["exit_by"] is not None) == ("paid", True)
    assert held(cashier) == (["redeemed"], 0)
    assert cashier.order().transaction_id


def test_a_notice_told_often_counts_once(cashier: Cashier) -> None:
    notice = cashier.confirm((cashier.begin().json or {})["wechat_pay"])
    assert [cashier.take(notice).status_code for _ in range(3)] == [204, 204, 204]
    assert settled_fen() == 1_200
    assert db.session.scalar(select(func.count()).select_from(GateMessage)) == 1


def test_a_forged_or_altered_notice_is_refused(cashier: Cashier) -> None:
    notice = cashier.confirm((cashier.begin().json or {})["wechat_pay"])
    client = cashier.device.client
    assert client.post(NOTICES, data=notice.body).status_code == 403
    assert client.post(NOTICES, data=notice.body + b" ", headers=notice.headers).status_code == 403
    with later(minutes=6):
        assert cashier.take(notice).status_code == 403
    assert held(cashier) == (["reserved"], 0)


def test_the_same_command_again_is_the_same_order(cashier: Cashier) -> None:
    path = f"/members/me/parking/{cashier.session_id}"
    quote = cashier.device.post(f"{path}/quote").json or {}
    wish = {"quote_id": quote["quote_id"], "coupon_ids": [], "points": 0}
    first = cashier.device.post(f"{path}/pay", wish, key="pay-key-0001")
    again = cashier.device.post(f"{path}/pay", wish, key="pay-key-0001")
    assert first.json == again.json
    assert cashier.platforms.calls(JSAPI) == 1
    other = cashier.device.post(f"{path}/pay", wish | {"points": 100}, key="pay-key-0001")
    assert (other.status_code, (other.json or {})["error"]["code"]) == (409, "idempotency_conflict")


def test_a_platform_that_was_away_gets_the_same_order_at_the_next_try(cashier: Cashier) -> None:
    cashier.platforms.fault("http", "pay", endpoint=JSAPI, value="503", times=3)
    path = f"/members/me/parking/{cashier.session_id}"
    quote = cashier.device.post(f"{path}/quote").json or {}
    wish = {"quote_id": quote["quote_id"], "coupon_ids": [], "points": 0}
    away = cashier.device.post(f"{path}/pay", wish, key="pay-key-0001")
    assert (away.status_code, (away.json or {})["error"]["code"]) == (503, "platform_unavailable")
    there = cashier.device.post(f"{path}/pay", wish, key="pay-key-0001")
    assert there.status_code == 200
    assert (there.json or {})["wechat_pay"]["signType"] == "RSA"
    assert cashier.order().status == "prepaid"


def test_a_stale_payment_is_given_up_here_and_at_the_platform(cashier: Cashier) -> None:
    begun = cashier.begin().json or {}
    with later(minutes=11):
        assert payments.close_overdue_orders(cashier.gateway.pay) > 0
        assert payments.close_overdue_orders(cashier.gateway.pay) == 0
    assert cashier.payment(begun["payment"]["id"])["status"] == "released"
    assert held(cashier) == (["issued"], 200)
    assert cashier.gateway.pay.query(cashier.order().out_trade_no).state is TradeState.CLOSED


def test_a_payment_in_time_is_left_alone(cashier: Cashier) -> None:
    cashier.begin()
    assert payments.close_overdue_orders(cashier.gateway.pay) == 0
    assert held(cashier) == (["reserved"], 0)


def test_a_lost_notice_is_found_out_before_anything_is_given_up(cashier: Cashier) -> None:
    begun = cashier.begin().json or {}
    cashier.confirm(begun["wechat_pay"])
    with later(minutes=11):
        payments.close_overdue_orders(cashier.gateway.pay)
    assert cashier.payment(begun["payment"]["id"])["status"] == "paid"
    assert held(cashier) == (["redeemed"], 0)


def test_while_the_platform_is_away_nothing_is_given_up(cashier: Cashier) -> None:
    cashier.begin()
    cashier.platforms.fault("http", "pay", value="503", times=None)
    with later(minutes=11):
        assert payments.close_overdue_orders(cashier.gateway.pay) == 1
    assert held(cashier) == (["reserved"], 0)


def test_an_order_the_platform_never_heard_of_is_given_up_too(cashier: Cashier) -> None:
    cashier.platforms.fault("http", "pay", endpoint=JSAPI, value="503", times=3)
    assert cashier.begin().status_code == 503
    with later(minutes=11):
        payments.close_overdue_orders(cashier.gateway.pay)
    order = cashier.order()
    assert (order.status, order.done_at is not None) == ("closed", True)
    assert held(cashier) == (["issued"], 200)


def pay_after_giving_up(cashier: Cashier) -> None:
    """The person confirms the sheet of a payment that was replaced by a new one."""
    begun = cashier.begin().json or {}
    path = f"/members/me/parking/{cashier.session_id}"
    quote = cashier.device.post(f"{path}/quote").json or {}
    cashier.device.post(f"{path}/pay", {"quote_id": quote["quote_id"], "points": 1})
    cashier.take(cashier.confirm(begun["wechat_pay"]))


def test_late_money_is_refunded_by_itself_once(cashier: Cashier) -> None:
    pay_after_giving_up(cashier)
    (refund,) = db.session.scalars(select(PaymentRefund))
    assert (refund.amount_fen, settled_fen()) == (400, 0)
    assert refund_late(cashier) == 1
    assert refund_late(cashier) == 0
    db.session.expire_all()
    assert refund.status == "done"
    assert cashier.gateway.pay.query_refund(refund.out_refund_no).status is RefundStatus.SUCCESS


def test_a_refund_is_tried_again_later_with_the_same_number(cashier: Cashier) -> None:
    pay_after_giving_up(cashier)
    cashier.platforms.fault("http", "pay", endpoint=REFUNDS, value="503", times=3)
    assert refund_late(cashier) == 1
    (refund,) = db.session.scalars(select(PaymentRefund).execution_options(populate_existing=True))
    assert (refund.status, refund.attempts, refund.last_error) == ("due", 1, "platform_unavailable")
    assert refund_late(cashier) == 0
    with later(minutes=1):
        assert refund_late(cashier) == 1
    db.session.expire_all()
    assert refund.status == "done"


def test_a_worker_that_died_after_asking_for_the_refund_asks_for_the_same_one_again(cashier: Cashier) -> None:
    pay_after_giving_up(cashier)
    refund_late(cashier)
    (refund,) = db.session.scalars(select(PaymentRefund))
    refund.status, refund.done_at = "due", None
    order = db.session.get_one(PaymentOrder, (cashier.member.id, refund.order_id))
    order.status, order.refunded_at = "late", None
    db.session.flush()
    with later(minutes=3):
        assert refund_late(cashier) == 1
    db.session.expire_all()
    assert refund.status == "done"


@pytest.mark.parametrize("status", ["ABNORMAL", "CLOSED"])
def test_people_are_asked_once_about_a_refund_that_was_not_carried_out(cashier: Cashier, status: str) -> None:
    pay_after_giving_up(cashier)
    before = len(cashier.product.received)
    cashier.platforms.fault("refund_fails", "pay", value=status)
    refund_late(cashier)
    notice = cashier.product.wait_for(before + 1)[before]
    assert [cashier.take(notice).status_code for _ in range(2)] == [204, 204]
    case = db.session.scalars(select(Case)).one()
    assert (case.kind, case.reason, case.role) == ("refund_undelivered", status.lower(), "finance")
    assert (case.mall_id, case.facts["amount_fen"]) == (cashier.ground.mall.id, 400)


def test_a_refund_that_was_carried_out_is_nobodys_question(cashier: Cashier) -> None:
    pay_after_giving_up(cashier)
    before = len(cashier.product.received)
    refund_late(cashier)
    assert cashier.take(cashier.product.wait_for(before + 1)[before]).status_code == 204
    assert db.session.scalars(select(Case)).all() == []


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 20), (5, 320), (9, 3_600), (200, 3_600)])
def test_workers_wait_longer_and_longer(attempt: int, seconds: int) -> None:
    assert refunds.REFUNDS.pauses.after(attempt).total_seconds() == seconds
