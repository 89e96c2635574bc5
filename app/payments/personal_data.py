"""Personal data: orders and refunds."""

from typing import Any

from sqlalchemy import Select, and_, select

from app.kernel.personal_data import Ids, Sections
from app.payments.models import PaymentOrder, PaymentRefund


def _orders(ids: Ids) -> Select[Any]:
    one = PaymentOrder
    return (
        select(
            one.out_trade_no,
            one.transaction_id,
            one.description,
            one.amount_fen,
            one.status,
            one.created_at,
            one.paid_at,
            one.refunded_at,
        )
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


def _refunds(ids: Ids) -> Select[Any]:
    one = PaymentRefund
    return (
        select(PaymentOrder.out_trade_no, one.amount_fen, one.status, one.created_at, one.done_at)
        .join(PaymentOrder, and_(PaymentOrder.member_id == one.member_id, PaymentOrder.id == one.order_id))
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


SECTIONS: Sections = {
    "payments": _orders,
    "refunds": _refunds,
}

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "payment_numbers": "a directory of the numbers that stand with the payments",
}
