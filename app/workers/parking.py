"""What workers do for parking, each in units of work of their own, with the network between them.

Everything here may run twice at once and be killed anywhere: gates and WeChat Pay know our messages, orders and refunds
by our own numbers, so whatever was not marked is said again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.flows import parking
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError, PlatformUnavailable
from app.parking.payment import payments, queries
from app.parking.payment.models import ParkingPayment
from app.payments import orders
from app.payments import queries as order_queries
from app.payments.orders import Money
from app.wechat.errors import WeChatError
from app.wechat.pay.notices import PaidOrder, TradeState
from app.wechat.pay.pay import PayGateway

logger = logging.getLogger(__name__)

BATCH = 20
REFUND_REASON = "订单已关闭，款项自动退回"
_NEVER_ASKED = "ORDER_NOT_EXIST"
_PAID_ALREADY = "ORDERPAID"


@dataclass(frozen=True, slots=True)
class _Waiting:
    member_id: int
    payment_id: str
    out_trade_no: str


@dataclass(frozen=True, slots=True)
class _GivenUp:
    member_id: int
    order_id: int
    out_trade_no: str


@dataclass(frozen=True, slots=True)
class _Owed:
    member_id: int
    refund_id: int
    attempts: int
    out_trade_no: str
    out_refund_no: str
    amount_fen: int


def close_stale_payments(pay: PayGateway, *, limit: int = BATCH) -> int:
    """Give up payments that waited too long, unless the platform says they are paid; returns how many were looked at.

    Then tell the platform of every order that was given up, so that nobody can pay it any more.
    """
    with atomic():
        stale = queries.list_stale(now=clock.now(), limit=limit)
        numbers = {payment.id: _number_of(payment) for payment in stale}
        waiting = [_Waiting(payment.member_id, payment.public_id, numbers[payment.id]) for payment in stale]
    for one in waiting:
        _attempt(partial(_end_waiting, pay, one), one.out_trade_no)
    with atomic():
        unclosed = [
            _GivenUp(order.member_id, order.id, order.out_trade_no)
            for order in order_queries.list_unclosed(limit=limit)
        ]
    for order in unclosed:
        _attempt(partial(_close_at_platform, pay, order), order.out_trade_no)
    return len(waiting) + len(unclosed)


def _number_of(payment: ParkingPayment) -> str:
    order = order_queries.find_order(payment.member_id, purpose=payments.purpose_of(payment))
    if order is None:
        raise AssertionError("a payment that waits for cash has an order")
    return order.out_trade_no


def _attempt(act: Callable[[], None], out_trade_no: str) -> None:
    """One order's trouble is no other's; it is tried again at the next run."""
    try:
        act()
    except DomainError as error:
        logger.warning("order left for the next run", extra={"out_trade_no": out_trade_no, "code": error.code})


def _end_waiting(pay: PayGateway, one: _Waiting) -> None:
    """The notice may have been lost: the platform is asked before anything is given up."""
    money = _find_money(pay, one.out_trade_no)
    with atomic():
        if money is not None:
            parking.take_money(money, now=clock.now())
        else:
            parking.give_up_payment(one.member_id, one.payment_id, now=clock.now())


def _find_money(pay: PayGateway, out_trade_no: str) -> Money | None:
    try:
        return money_of(pay.query(out_trade_no))
    except WeChatError as error:
        if error.platform_code == _NEVER_ASKED:
            return None
        raise


def money_of(order: PaidOrder) -> Money | None:
    """What arrived for an order as the platform has it; None while nothing has."""
    if order.state not in (TradeState.SUCCESS, TradeState.REFUND) or order.paid_at is None:
        return None
    return Money(
        out_trade_no=order.out_trade_no,
        transaction_id=order.transaction_id,
        amount_fen=order.total_fen,
        appid=order.appid,
        paid_at=order.paid_at,
    )


def _close_at_platform(pay: PayGateway, order: _GivenUp) -> None:
    """Money that came in between makes the order late instead, and a refund due."""
    try:
        pay.close(order.out_trade_no)
    except WeChatError as error:
        if error.platform_code == _PAID_ALREADY:
            _take_late_money(pay, order)
            return
        if error.platform_code != _NEVER_ASKED:
            raise
    with atomic():
        orders.mark_platform_closed(order.member_id, order.order_id, now=clock.now())


def _take_late_money(pay: PayGateway, order: _GivenUp) -> None:
    money = _find_money(pay, order.out_trade_no)
    if money is not None:
        with atomic():
            parking.take_money(money, now=clock.now())


def refund_late_payments(pay: PayGateway, *, notify_url: str, limit: int = BATCH) -> int:
    """Give back money that came after its payment was given up; returns how many refunds were tried."""
    with atomic():
        owed = [
            _Owed(
                member_id=refund.member_id,
                refund_id=refund.id,
                attempts=refund.attempts,
                out_trade_no=order.out_trade_no,
                out_refund_no=refund.out_refund_no,
                amount_fen=refund.amount_fen,
            )
            for refund, order in order_queries.claim_refunds(now=clock.now(), limit=limit)
        ]
    for one in owed:
        _refund(pay, one, notify_url)
    return len(owed)


def _refund(pay: PayGateway, one: _Owed, notify_url: str) -> None:
    try:
        pay.refund(
            out_trade_no=one.out_trade_no,
            out_refund_no=one.out_refund_no,
            refund_fen=one.amount_fen,
            total_fen=one.amount_fen,
            reason=REFUND_REASON,
            notify_url=notify_url,
        )
    except (WeChatError, PlatformUnavailable) as error:
        reason = str(error.facts.get("platform_code", error.code))
        with atomic():
            order_queries.postpone_refund(
                one.member_id, one.refund_id, attempts=one.attempts, error=reason, now=clock.now()
            )
        logger.warning("refund postponed", extra={"out_trade_no": one.out_trade_no, "reason": reason})
        return
    with atomic():
        orders.mark_refunded(one.member_id, one.refund_id, now=clock.now())
