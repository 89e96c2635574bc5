"""The queue of orders nobody paid in time: the platform is asked for each, then told that it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.identity import queries as members
from app.kernel import outbox
from app.kernel.outbox import Claim, Pauses, Queue
from app.payments import orders
from app.payments.models import OrderStatus, PaymentOrder

# An order that waits may hold a member's coupons and points, so that the pauses stay short; given up after a day.
ORDERS = Queue(
    PaymentOrder,
    lease=timedelta(minutes=2),
    pauses=Pauses(first=timedelta(seconds=20), longest=timedelta(minutes=10), most_attempts=150),
)


@dataclass(frozen=True, slots=True)
class Overdue:
    """An order in the hands of a worker; `is_closed` when it was given up here and the platform is to be told."""

    claim: Claim
    member_id: int
    purpose: str
    reference: str
    out_trade_no: str
    is_closed: bool


def claim(*, now: datetime, limit: int) -> list[Overdue]:
    """Take orders that are overdue, or closed without the platform's knowledge, for this worker."""
    claimed = outbox.claim(ORDERS, now=now, limit=limit)
    return [_overdue(order) for order in sorted(claimed, key=lambda order: (order.created_at, order.id))]


def _overdue(order: PaymentOrder) -> Overdue:
    return Overdue(
        claim=outbox.claim_of(order),
        member_id=order.member_id,
        purpose=order.purpose,
        reference=order.reference,
        out_trade_no=order.out_trade_no,
        is_closed=order.status == OrderStatus.CLOSED.value,
    )


def close(order: Overdue, *, now: datetime) -> bool:
    """Give the order up, with its member locked; False when it was paid or closed meanwhile."""
    members.lock_member(order.member_id)
    return orders.close(order.member_id, purpose=order.purpose, reference=order.reference, now=now)


def finish(order: Overdue, *, now: datetime) -> None:
    """The platform will not take money for the closed order any more."""
    outbox.finish(ORDERS, order.claim, now=now)


def postpone(order: Overdue, *, error: str, now: datetime) -> None:
    """Ask the platform again later, or give up."""
    outbox.postpone(ORDERS, order.claim, error=error, now=now)


def list_dead(*, limit: int) -> Sequence[PaymentOrder]:
    """Orders the platform gave no answer about until we gave up, the oldest first."""
    return outbox.list_dead(ORDERS, limit=limit)


def find_dead(member_id: int, order_id: int) -> PaymentOrder | None:
    """One of them."""
    return outbox.find_dead(ORDERS, (member_id, order_id))


def requeue(member_id: int, order_id: int, *, now: datetime) -> bool:
    """Ask the platform about an order again from now on; False when it is not given up any more."""
    return outbox.requeue(ORDERS, (member_id, order_id), now=now)


def ask_now(member_id: int, order_id: int, *, now: datetime) -> bool:
    """Ask the platform about an order at once, given up or not; False when there is nothing left to ask."""
    return outbox.restart(ORDERS, (member_id, order_id), now=now)
