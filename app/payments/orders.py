"""What happens to an order: opened, prepaid, paid, closed, and refunded when its money came too late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from app.kernel import codes
from app.kernel.db import db
from app.payments import queries, rules
from app.payments.errors import AmountMismatch
from app.payments.models import OrderStatus, PaymentNumber, PaymentOrder, PaymentRefund, RefundStatus

_UNPAID = (OrderStatus.CREATED.value, OrderStatus.PREPAID.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What the platform says arrived for one of our numbers. `amount_fen` > 0."""

    out_trade_no: str
    transaction_id: str
    amount_fen: int
    appid: str
    paid_at: datetime


def open_order(
    member_id: int,
    *,
    purpose: str,
    description: str,
    amount_fen: int,
    appid: str,
    openid: str,
    expires_at: datetime,
    now: datetime,
) -> PaymentOrder:
    """Write down what will be asked of the member, before the platform hears of it. One order per purpose."""
    order = PaymentOrder(
        member_id=member_id,
        out_trade_no=codes.new_public_id(),
        purpose=purpose,
        description=description,
        amount_fen=amount_fen,
        appid=appid,
        openid=openid,
        status=OrderStatus.CREATED.value,
        created_at=now,
        expires_at=expires_at,
    )
    db.session.add(order)
    db.session.flush()
    db.session.execute(
        insert(PaymentNumber).values(out_trade_no=order.out_trade_no, member_id=member_id, order_id=order.id)
    )
    return order


def keep_prepay(member_id: int, order_id: int, *, pay_params: dict[str, Any], now: datetime) -> None:
    """Keep what the member's WeChat needs to pay; an order that has moved on meanwhile stays as it is."""
    db.session.execute(
        update(PaymentOrder)
        .where(
            PaymentOrder.member_id == member_id,
            PaymentOrder.id == order_id,
            PaymentOrder.status == OrderStatus.CREATED.value,
        )
        .values(status=OrderStatus.PREPAID.value, pay_params=pay_params, prepaid_at=now)
    )


def take_money(order: PaymentOrder, money: Money, *, now: datetime) -> OrderStatus:
    """Book money that arrived for a locked order; returns what the order has become.

    The same news again changes nothing. Money after closing makes the order late and a refund due.
    Raises AmountMismatch when amount or app differ from what was asked.
    """
    if money.amount_fen != order.amount_fen or money.appid != order.appid:
        raise AmountMismatch(out_trade_no=order.out_trade_no)
    before = OrderStatus(order.status)
    after = rules.state_after_money(before)
    if after is before:
        return after
    rules.ensure_transition(before, after)
    order.status, order.transaction_id, order.paid_at = after.value, money.transaction_id, money.paid_at
    if after is OrderStatus.LATE:
        _owe_refund(order, reason="paid after closing", now=now)
    db.session.flush()
    return after


def _owe_refund(order: PaymentOrder, *, reason: str, now: datetime) -> None:
    db.session.add(
        PaymentRefund(
            member_id=order.member_id,
            order_id=order.id,
            out_refund_no=codes.new_public_id(),
            amount_fen=order.amount_fen,
            reason=reason,
            status=RefundStatus.DUE.value,
            due_at=now,
            attempts=0,
            created_at=now,
        )
    )


def close(member_id: int, *, purpose: str, now: datetime) -> bool:
    """Give an unpaid order up; False when it was paid or closed before. The platform is told by a worker."""
    closed = db.session.execute(
        update(PaymentOrder)
        .where(PaymentOrder.member_id == member_id, PaymentOrder.purpose == purpose, PaymentOrder.status.in_(_UNPAID))
        .values(status=OrderStatus.CLOSED.value, closed_at=now)
        .returning(PaymentOrder.id)
    ).first()
    return closed is not None


def mark_platform_closed(member_id: int, order_id: int, *, now: datetime) -> None:
    """Note that the platform will not take money for a closed order any more."""
    db.session.execute(
        update(PaymentOrder)
        .where(PaymentOrder.member_id == member_id, PaymentOrder.id == order_id)
        .values(platform_closed_at=now)
    )


def mark_refunded(member_id: int, refund_id: int, *, now: datetime) -> None:
    """Note that the platform took a refund on; again changes nothing."""
    refund = db.session.scalars(
        select(PaymentRefund).where(PaymentRefund.member_id == member_id, PaymentRefund.id == refund_id)
    ).one()
    order = queries.lock_order(member_id, refund.order_id)
    if order.status == OrderStatus.REFUNDED.value:
        return
    rules.ensure_transition(OrderStatus(order.status), OrderStatus.REFUNDED)
    order.status, order.refunded_at = OrderStatus.REFUNDED.value, now
    refund.status, refund.done_at, refund.last_error = RefundStatus.DONE.value, now, None
    db.session.flush()


def forget_payer(member_id: int) -> None:
    """Forget who in WeChat paid the member's orders; refunds find them by the order's number."""
    db.session.execute(
        update(PaymentOrder).where(PaymentOrder.member_id == member_id).values(openid="", pay_params=None)
    )
