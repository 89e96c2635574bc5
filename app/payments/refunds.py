"""The queue of money to give back: once per order, known to the platform by one number, given up after two days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_

from app.kernel import outbox
from app.kernel.db import db
from app.kernel.outbox import Claim, Pauses, Queue
from app.kernel.security import codes
from app.payments import queries, rules
from app.payments.errors import RefundUnderWay
from app.payments.models import OrderStatus, PaymentOrder, PaymentRefund, RefundStatus

REFUNDS = Queue(
    PaymentRefund,
    lease=timedelta(minutes=2),
    pauses=Pauses(first=timedelta(seconds=20), longest=timedelta(hours=1), most_attempts=56),
)


# Why an order's money goes back.
LATE, GIVEN_BACK = "paid after closing", "given back"


@dataclass(frozen=True, slots=True)
class Owed:
    """A refund in the hands of a worker."""

    claim: Claim
    member_id: int
    refund_id: int
    out_trade_no: str
    out_refund_no: str
    amount_fen: int
    reason: str


def owe(order: PaymentOrder, *, reason: str, now: datetime) -> None:
    """Write down that the whole of a locked order goes back."""
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


def claim(*, now: datetime, limit: int) -> list[Owed]:
    """Take due refunds for this worker."""
    refunds = outbox.claim(REFUNDS, now=now, limit=limit)
    orders = [(refund.member_id, refund.order_id) for refund in refunds]
    rows = db.session.execute(
        select(PaymentOrder.member_id, PaymentOrder.id, PaymentOrder.out_trade_no).where(
            tuple_(PaymentOrder.member_id, PaymentOrder.id).in_(orders)
        )
    )
    numbers = {(member_id, order_id): out_trade_no for member_id, order_id, out_trade_no in rows}
    return [_owed(refund, numbers[refund.member_id, refund.order_id]) for refund in refunds]


def _owed(refund: PaymentRefund, out_trade_no: str) -> Owed:
    return Owed(
        claim=outbox.claim_of(refund),
        member_id=refund.member_id,
        refund_id=refund.id,
        out_trade_no=out_trade_no,
        out_refund_no=refund.out_refund_no,
        amount_fen=refund.amount_fen,
        reason=refund.reason,
    )


def finish(owed: Owed, *, now: datetime) -> None:
    """Note that the platform took a refund on; again changes nothing."""
    refund = db.session.get_one(PaymentRefund, (owed.member_id, owed.refund_id))
    _finish(refund, owed.claim, now=now)


def finish_by_hand(member_id: int, refund_id: int, *, now: datetime) -> None:
    """Note that somebody gave the money back on the platform's own pages; again changes nothing.

    Raises RefundUnderWay while a worker may give it back, too.
    """
    refund = db.session.get_one(PaymentRefund, (member_id, refund_id))
    queries.lock_order(member_id, refund.order_id)
    # Locked, too, so that nobody puts it back into the queue between this look and the note.
    db.session.refresh(refund, with_for_update=True)
    if refund.done_at is None and refund.given_up_at is None:
        raise RefundUnderWay
    _finish(refund, Claim((member_id, refund_id), 0), now=now)


def _finish(refund: PaymentRefund, claim: Claim, *, now: datetime) -> None:
    order = queries.lock_order(refund.member_id, refund.order_id)
    if order.status == OrderStatus.REFUNDED.value:
        return
    rules.ensure_transition(OrderStatus(order.status), OrderStatus.REFUNDED)
    order.status, order.refunded_at = OrderStatus.REFUNDED.value, now
    db.session.flush()
    outbox.finish(REFUNDS, claim, now=now, status=RefundStatus.DONE.value)


def postpone(owed: Owed, *, error: str, now: datetime) -> None:
    """Try a refund again later, or give up; the platform's code is kept for finance."""
    outbox.postpone(REFUNDS, owed.claim, error=error, now=now)


def list_dead(*, limit: int) -> Sequence[PaymentRefund]:
    """Refunds that were given up, the oldest first."""
    return outbox.list_dead(REFUNDS, limit=limit)


def find_dead(member_id: int, refund_id: int) -> PaymentRefund | None:
    """One of them."""
    return outbox.find_dead(REFUNDS, (member_id, refund_id))


def requeue(member_id: int, refund_id: int, *, now: datetime) -> bool:
    """Try a refund again from now on; False when it is not given up any more."""
    return outbox.requeue(REFUNDS, (member_id, refund_id), now=now)
