"""Reading orders and refunds, and claiming what a worker has to do."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, tuple_, update

from app.kernel.db import db
from app.payments import rules
from app.payments.errors import OrderUnknown
from app.payments.models import OrderStatus, PaymentNumber, PaymentOrder, PaymentRefund, RefundStatus

# A worker that died gives its claims back after this long.
LEASE = timedelta(minutes=2)


def find_order(member_id: int, *, purpose: str) -> PaymentOrder | None:
    return db.session.scalar(
        select(PaymentOrder).where(PaymentOrder.member_id == member_id, PaymentOrder.purpose == purpose)
    )


def count_unpaid(member_id: int) -> int:
    """How many of the member's orders could still be paid."""
    unpaid = (OrderStatus.CREATED.value, OrderStatus.PREPAID.value)
    return db.session.scalar(
        select(func.count()).where(PaymentOrder.member_id == member_id, PaymentOrder.status.in_(unpaid))
    ) or 0  # fmt: skip


def get_owner(out_trade_no: str) -> tuple[int, int]:
    """Whose order a number is: (member_id, order_id); raises OrderUnknown."""
    row = db.session.execute(
        select(PaymentNumber.member_id, PaymentNumber.order_id).where(PaymentNumber.out_trade_no == out_trade_no)
    ).first()
    if row is None:
        raise OrderUnknown
    return row.member_id, row.order_id


def lock_order(member_id: int, order_id: int) -> PaymentOrder:
    """The order FOR UPDATE as it is now; after the member in the lock order."""
    return db.session.scalars(
        select(PaymentOrder)
        .where(PaymentOrder.member_id == member_id, PaymentOrder.id == order_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def list_unclosed(*, limit: int) -> Sequence[PaymentOrder]:
    """Orders given up here of which the platform has not been told, the oldest first."""
    return db.session.scalars(
        select(PaymentOrder)
        .where(PaymentOrder.status == OrderStatus.CLOSED.value, PaymentOrder.platform_closed_at.is_(None))
        .order_by(PaymentOrder.closed_at)
        .limit(limit)
    ).all()


def claim_refunds(*, now: datetime, limit: int) -> Sequence[tuple[PaymentRefund, PaymentOrder]]:
    """Take due refunds for this worker: until the lease is over nobody else gets them. Counts the try."""
    due = (
        select(PaymentRefund.member_id, PaymentRefund.id)
        .where(PaymentRefund.status == RefundStatus.DUE.value, PaymentRefund.due_at <= now)
        .order_by(PaymentRefund.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = db.session.execute(
        update(PaymentRefund)
        .where(tuple_(PaymentRefund.member_id, PaymentRefund.id).in_(due))
        .values(due_at=now + LEASE, attempts=PaymentRefund.attempts + 1)
        .returning(PaymentRefund.member_id, PaymentRefund.id)
        .execution_options(synchronize_session=False)
    ).all()
    keys = [(row.member_id, row.id) for row in claimed]
    rows = db.session.execute(
        select(PaymentRefund, PaymentOrder)
        .join(
            PaymentOrder,
            (PaymentOrder.member_id == PaymentRefund.member_id) & (PaymentOrder.id == PaymentRefund.order_id),
        )
        .where(tuple_(PaymentRefund.member_id, PaymentRefund.id).in_(keys))
        .execution_options(populate_existing=True)
    )
    return [(refund, order) for refund, order in rows]


def postpone_refund(member_id: int, refund_id: int, *, attempts: int, error: str, now: datetime) -> None:
    """Try a refund again later; the platform's code is kept for finance."""
    db.session.execute(
        update(PaymentRefund)
        .where(PaymentRefund.member_id == member_id, PaymentRefund.id == refund_id)
        .values(due_at=now + rules.wait_before(attempts), last_error=error)
    )
