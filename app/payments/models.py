"""Orders, the directory of their numbers, and refunds."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import outbox
from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.outbox import Queued


class OrderStatus(StrEnum):
    """An order's life."""

    CREATED = "created"  # the platform has not been asked yet; next: prepaid, paid or closed
    PREPAID = "prepaid"  # the member can pay; next: paid or closed
    PAID = "paid"  # the money is here, and in time; the end, unless what it was for is given back: refunded
    CLOSED = "closed"  # given up; next: late, should the money come all the same
    LATE = "late"  # paid after it was closed, a refund is due; next: refunded
    REFUNDED = "refunded"  # the platform took the money back; the end


class RefundStatus(StrEnum):
    """A refund's life."""

    DUE = "due"  # waits for a worker, or was given up and waits for people; next: done
    DONE = "done"  # the platform accepted it; the end


class PaymentOrder(Queued, Model):
    """Money asked of a member through WeChat Pay. `amount_fen` > 0; one order per purpose and reference.

    `purpose` says what kind of thing the money is for, `reference` which one. As a row of a queue it waits until it
    expires unpaid, then until the platform knows that it is closed; `done_at` is when nothing was left to do about it.
    """

    __tablename__ = "payment_orders"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    out_trade_no: Mapped[str]
    purpose: Mapped[str]
    reference: Mapped[str]
    description: Mapped[str]
    amount_fen: Mapped[int]
    appid: Mapped[str]
    openid: Mapped[str]
    status: Mapped[str]
    pay_params: Mapped[dict[str, Any] | None]
    transaction_id: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    prepaid_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    refunded_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("member_id", "out_trade_no"),
        UniqueConstraint("member_id", "purpose", "reference"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("status IN ('created', 'prepaid', 'paid', 'closed', 'late', 'refunded')", name="status"),
        CheckConstraint(
            "(status IN ('paid', 'late', 'refunded')) = (transaction_id IS NOT NULL AND paid_at IS NOT NULL)",
            name="paid",
        ),
        CheckConstraint("status NOT IN ('closed', 'late') OR closed_at IS NOT NULL", name="closed"),
        CheckConstraint("(status = 'refunded') = (refunded_at IS NOT NULL)", name="refunded"),
        CheckConstraint("status <> 'prepaid' OR pay_params IS NOT NULL", name="prepaid"),
        CheckConstraint("status NOT IN ('paid', 'late', 'refunded') OR done_at IS NOT NULL", name="done"),
        *outbox.table_args("payment_orders"),
    )


class PaymentNumber(Model):
    """Directory: the number WeChat Pay knows an order by → whose order it is."""

    __tablename__ = "payment_numbers"
    __placement__ = placement.directory(
        "out_trade_no", left_out={"fk_payment_numbers_member_id_order_id": placement.OTHER_KEY}
    )

    out_trade_no: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int]
    order_id: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "order_id"], ["payment_orders.member_id", "payment_orders.id"]),
    )


class PaymentRefund(Queued, Model):
    """Money to be given back, as a row of a queue. `amount_fen` > 0; once per order."""

    __tablename__ = "payment_refunds"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[int]
    out_refund_no: Mapped[str]
    amount_fen: Mapped[int]
    reason: Mapped[str]
    status: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "order_id"], ["payment_orders.member_id", "payment_orders.id"]),
        UniqueConstraint("member_id", "order_id"),
        UniqueConstraint("member_id", "out_refund_no"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("status IN ('due', 'done')", name="status"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done"),
        *outbox.table_args("payment_refunds"),
    )
