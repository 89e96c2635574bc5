"""Reading orders."""

from sqlalchemy import func, select

from app.kernel.db import db
from app.payments.errors import OrderUnknown
from app.payments.models import OrderStatus, PaymentNumber, PaymentOrder, PaymentRefund


def find_order(member_id: int, *, purpose: str, reference: str) -> PaymentOrder | None:
    """The member's order for this one thing."""
    return db.session.scalar(
        select(PaymentOrder).where(
            PaymentOrder.member_id == member_id,
            PaymentOrder.purpose == purpose,
            PaymentOrder.reference == reference,
        )
    )


def count_unpaid(member_id: int) -> int:
    """How many of the member's orders could still be paid."""
    unpaid = (OrderStatus.CREATED.value, OrderStatus.PREPAID.value)
    counted = select(func.count()).where(PaymentOrder.member_id == member_id, PaymentOrder.status.in_(unpaid))
    return db.session.scalar(counted) or 0


def get_owner(out_trade_no: str) -> tuple[int, int]:
    """Whose order a number is: (member_id, order_id); raises OrderUnknown."""
    row = db.session.execute(
        select(PaymentNumber.member_id, PaymentNumber.order_id).where(PaymentNumber.out_trade_no == out_trade_no)
    ).first()
    if row is None:
        raise OrderUnknown
    return row.member_id, row.order_id


def get_order(member_id: int, order_id: int) -> PaymentOrder:
    """The member's order, known to exist."""
    return db.session.get_one(PaymentOrder, (member_id, order_id))


def lock_order(member_id: int, order_id: int) -> PaymentOrder:
    """The order FOR UPDATE as it is now; after the member in the lock order."""
    return db.session.scalars(
        select(PaymentOrder)
        .where(PaymentOrder.member_id == member_id, PaymentOrder.id == order_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def find_refund(order: PaymentOrder) -> PaymentRefund | None:
    """What of the order's money goes back, or went."""
    return db.session.scalar(
        select(PaymentRefund).where(PaymentRefund.member_id == order.member_id, PaymentRefund.order_id == order.id)
    )
