"""Cash through WeChat Pay, whatever it is for: placed, taken, closed when nobody pays, given back when it is late.

What an order's purpose asks for stands in one table. Everything here may run twice at once and be killed anywhere:
WeChat Pay knows our orders and refunds by our own numbers, so whatever was not recorded is said again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.benefits.exchanges import exchanges as coupon_exchanges
from app.flows import parking
from app.flows.points import exchanges
from app.flows.stuck import payments as stuck_payments
from app.kernel import clock
from app.kernel.db import atomic
from app.parking.payment import payments as parking_payments
from app.payments import closing, orders, refunds
from app.payments.closing import Overdue
from app.payments.errors import AmountMismatch
from app.payments.models import OrderStatus
from app.payments.orders import Money
from app.payments.refunds import Owed
from app.wechat.errors import WeChatError
from app.wechat.pay import notices
from app.wechat.pay.notices import PaidOrder, RefundState, RefundStatus
from app.wechat.pay.pay import PayGateway
from app.workers import batches

REFUND_REASONS = {refunds.LATE: "订单已关闭，款项自动退回", refunds.GIVEN_BACK: "商品已退回，款项原路退还"}
_NOT_CARRIED_OUT = frozenset({RefundStatus.ABNORMAL, RefundStatus.CLOSED})
_NEVER_ASKED = "ORDER_NOT_EXIST"
_PAID_ALREADY = "ORDERPAID"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What follows for the thing paid for. Both take (member_id, reference, now=…) in the transaction of the order.

    `settle` when its money has arrived in time; `give_up` when its order was closed unpaid.
    """

    settle: Callable[..., object]
    give_up: Callable[..., object]


PURPOSES: dict[str, Purpose] = {
    parking_payments.PURPOSE: Purpose(settle=parking.settle_payment, give_up=parking.give_up_payment),
    coupon_exchanges.PURPOSE: Purpose(settle=exchanges.settle_exchange, give_up=exchanges.give_up_exchange),
}


def place_order(pay: PayGateway, member_id: int, *, purpose: str, reference: str, notify_url: str) -> None:
    """Ask WeChat Pay for the order of this one thing, if there is one that it has not been asked for.

    Raises what the gateway raises; the order stays and may be placed at the next try.
    """
    with atomic():
        unplaced = orders.find_unplaced(member_id, purpose=purpose, reference=reference)
    if unplaced is None:
        return
    prepay_id = pay.prepay_jsapi(
        out_trade_no=unplaced.out_trade_no,
        description=unplaced.description,
        amount_fen=unplaced.amount_fen,
        openid=unplaced.payer.openid,
        appid=unplaced.payer.appid,
        notify_url=notify_url,
        expires_at=unplaced.expires_at,
    )
    pay_params = pay.client_params(prepay_id, appid=unplaced.payer.appid)
    with atomic():
        orders.keep_prepay(member_id, unplaced.order_id, pay_params=pay_params, now=clock.now())


def take_money(money: Money) -> OrderStatus:
    """The platform says an order is paid: what it was for is settled, or the money is owed back if it came too late.

    The same news again changes nothing. Raises OrderUnknown, AmountMismatch.
    """
    now = clock.now()
    with atomic():
        booked = orders.take_money(money, now=now)
        if booked.just_paid:
            PURPOSES[booked.purpose].settle(booked.member_id, booked.reference, now=now)
    return booked.status


def money_of(order: PaidOrder) -> Money | None:
    """What arrived for an order as the platform has it; None while nothing has.

    Raises AmountMismatch for money of another currency than ours.
    """
    if order.state not in notices.PAID or order.paid_at is None:
        return None
    if order.currency != notices.CURRENCY:
        raise AmountMismatch(out_trade_no=order.out_trade_no)
    return Money(
        out_trade_no=order.out_trade_no,
        transaction_id=order.transaction_id,
        amount_fen=order.total_fen,
        appid=order.appid,
        paid_at=order.paid_at,
    )


def close_overdue_orders(pay: PayGateway, *, limit: int = batches.LIMIT) -> int:
    """Give up orders that nobody paid in time, and tell the platform of each; returns how many were looked at."""

    def close(order: Overdue) -> None:
        if not order.is_closed and not _give_up_unless_paid(pay, order):
            return
        _close_at_platform(pay, order)

    return batches.work_off(closing.claim, close, closing.postpone, limit=limit)


def _give_up_unless_paid(pay: PayGateway, order: Overdue) -> bool:
    """The notice may have been lost: the platform is asked before anything is given up. False when it was paid."""
    money = _find_money(pay, order.out_trade_no)
    if money is not None:
        take_money(money)
        return False
    now = clock.now()
    with atomic():
        if not closing.close(order, now=now):
            return False
        PURPOSES[order.purpose].give_up(order.member_id, order.reference, now=now)
    return True


def _find_money(pay: PayGateway, out_trade_no: str) -> Money | None:
    try:
        return money_of(pay.query(out_trade_no))
    except WeChatError as error:
        if error.platform_code == _NEVER_ASKED:
            return None
        raise


def _close_at_platform(pay: PayGateway, order: Overdue) -> None:
    try:
        pay.close(order.out_trade_no)
    except WeChatError as error:
        if error.platform_code == _PAID_ALREADY:
            _take_money_in_between(pay, order, error)
            return
        if error.platform_code != _NEVER_ASKED:
            raise
    with atomic():
        closing.finish(order, now=clock.now())


def _take_money_in_between(pay: PayGateway, order: Overdue, refusal: WeChatError) -> None:
    """It makes the order late, and a refund due."""
    money = _find_money(pay, order.out_trade_no)
    if money is None:
        raise refusal
    take_money(money)


def note_refund(refund: RefundState) -> None:
    """The platform says where a refund stands: people are asked about one that it took on and could not carry out.

    Otherwise a refund is done for us once the platform has taken it on. Raises OrderUnknown.
    """
    with atomic():
        _ask_if_undelivered(refund)


def _ask_if_undelivered(refund: RefundState) -> None:
    if refund.status in _NOT_CARRIED_OUT:
        stuck_payments.raise_undelivered(refund.out_trade_no, status=refund.status.value, now=clock.now())


def refund_payments(pay: PayGateway, *, notify_url: str, limit: int = batches.LIMIT) -> int:
    """Give back money that is owed back: late, or for what was given back; returns how many refunds were tried."""

    def give_back(owed: Owed) -> None:
        refund = pay.refund(
            out_trade_no=owed.out_trade_no,
            out_refund_no=owed.out_refund_no,
            refund_fen=owed.amount_fen,
            total_fen=owed.amount_fen,
            reason=REFUND_REASONS[owed.reason],
            notify_url=notify_url,
        )
        with atomic():
            refunds.finish(owed, now=clock.now())
            _ask_if_undelivered(refund)

    return batches.work_off(refunds.claim, give_back, refunds.postpone, limit=limit)
