"""What happens to an order: opened, placed, paid, closed; money that comes too late is owed back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from app.identity import queries as members
from app.kernel.db import db
from app.kernel.security import codes
from app.payments import queries, refunds, rules
from app.payments.errors import AmountMismatch, PayerUnknown
from app.payments.models import OrderStatus, PaymentNumber, PaymentOrder

_UNPAID = (OrderStatus.CREATED.value, OrderStatus.PREPAID.value)


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays: the person's id in the WeChat app they stand in."""

    appid: str
    openid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is asked of a member: how much, what for, and until when it may be paid. `amount_fen` > 0.

    `payer`: None for who has no id in WeChat.
    """

    purpose: str
    reference: str
    description: str
    amount_fen: int
    payer: Payer | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What the platform says arrived for one of our numbers. `amount_fen` > 0."""

    out_trade_no: str
    transaction_id: str
    amount_fen: int
    appid: str
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class Booked:
    """What money did to an order: whose it is, what it is for, what it became, and whether it became paid just now."""

    member_id: int
    purpose: str
    reference: str
    status: OrderStatus
    just_paid: bool


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An order the platform has not heard of, in plain values: no transaction is open while it is asked."""

    member_id: int
    order_id: int
    out_trade_no: str
    description: str
    amount_fen: int
    payer: Payer
    expires_at: datetime


def open_order(member_id: int, demand: Demand, *, now: datetime) -> PaymentOrder:
    """Write down what will be asked of the member, before the platform hears of it. One order per reference.

    Raises PayerUnknown.
    """
    if demand.payer is None:
        raise PayerUnknown
    order = PaymentOrder(
        member_id=member_id,
        out_trade_no=codes.new_public_id(),
        purpose=demand.purpose,
        reference=demand.reference,
        description=demand.description,
        amount_fen=demand.amount_fen,
        appid=demand.payer.appid,
        openid=demand.payer.openid,
        status=OrderStatus.CREATED.value,
        created_at=now,
        expires_at=demand.expires_at,
        due_at=demand.expires_at,
        attempts=0,
    )
    db.session.add(order)
    db.session.flush()
    db.session.execute(
        insert(PaymentNumber).values(out_trade_no=order.out_trade_no, member_id=member_id, order_id=order.id)
    )
    return order


def find_unplaced(member_id: int, *, purpose: str, reference: str) -> Unplaced | None:
    """The order for this one thing, if the platform is still to be asked for it."""
    order = queries.find_order(member_id, purpose=purpose, reference=reference)
    if order is None or order.status != OrderStatus.CREATED.value:
        return None
    return Unplaced(
        member_id=member_id,
        order_id=order.id,
        out_trade_no=order.out_trade_no,
        description=order.description,
        amount_fen=order.amount_fen,
        payer=Payer(order.appid, order.openid),
        expires_at=order.expires_at,
    )


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


def take_money(money: Money, *, now: datetime) -> Booked:
    """Book money that arrived, with member and order locked. What it pays for is settled by whoever asked for it.

    The same news again changes nothing. Money after closing makes the order late and a refund due.
    Raises OrderUnknown, and AmountMismatch when amount or app differ from what was asked.
    """
    member_id, order_id = queries.get_owner(money.out_trade_no)
    members.lock_member(member_id)
    order = queries.lock_order(member_id, order_id)
    if money.amount_fen != order.amount_fen or money.appid != order.appid:
        raise AmountMismatch(out_trade_no=order.out_trade_no)
    before = OrderStatus(order.status)
    after = rules.state_after_money(before)
    if after is not before:
        rules.ensure_transition(before, after)
        order.status, order.transaction_id, order.paid_at = after.value, money.transaction_id, money.paid_at
        order.done_at, order.given_up_at, order.last_error = order.done_at or now, None, None
        if after is OrderStatus.LATE:
            refunds.owe(order, reason=refunds.LATE, now=now)
        db.session.flush()
    just_paid = after is OrderStatus.PAID and before is not after
    return Booked(member_id, order.purpose, order.reference, after, just_paid)


def close(member_id: int, *, purpose: str, reference: str, now: datetime) -> bool:
    """Give an unpaid order up; False when it was paid or closed before. A worker tells the platform."""
    closed = db.session.execute(
        update(PaymentOrder)
        .where(
            PaymentOrder.member_id == member_id,
            PaymentOrder.purpose == purpose,
            PaymentOrder.reference == reference,
            PaymentOrder.status.in_(_UNPAID),
        )
        .values(
            status=OrderStatus.CLOSED.value, closed_at=now, due_at=now, attempts=0, given_up_at=None, last_error=None
        )
        .returning(PaymentOrder.id)
    ).first()
    return closed is not None


def give_back(member_id: int, *, purpose: str, reference: str, now: datetime) -> None:
    """What an order paid for is given back, and so is its money; nothing where none was asked. Member's lock held."""
    order = queries.find_order(member_id, purpose=purpose, reference=reference)
    if order is None:
        return
    order = queries.lock_order(member_id, order.id)
    rules.ensure_transition(OrderStatus(order.status), OrderStatus.REFUNDED)
    refunds.owe(order, reason=refunds.GIVEN_BACK, now=now)
    db.session.flush()


def forget_payer(member_id: int) -> None:
    """Forget who in WeChat paid the member's orders; refunds find them by the order's number."""
    db.session.execute(
        update(PaymentOrder).where(PaymentOrder.member_id == member_id).values(openid="", pay_params=None)
    )
