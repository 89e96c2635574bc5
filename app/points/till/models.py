"""Payments with points in a store, and what a mall asks of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay, Published


class PaymentStatus(StrEnum):
    """A payment's life."""

    AWAITING = "awaiting"  # points are held; next: paid, or released by an act or by time
    PAID = "paid"  # points are spent, the store is owed; next: reversed, within minutes
    RELEASED = "released"  # the points are free again; the end
    REVERSED = "reversed"  # undone by the store, the points given back; the end


class ReleasedWhy(StrEnum):
    """Who let a payment go."""

    DECLINED = "declined"  # the member said no
    WITHDRAWN = "withdrawn"  # the till gave it up
    TIMED_OUT = "timed_out"  # nobody said anything in time


class PointsPayment(Model):
    """Points (> 0) with which a member pays in a store, worth `worth_fen` (> 0) at the factor of its moment.

    `consent` is the code by which the till knew the member: it is good for one payment. `consented_at` is null while
    more is asked than the code alone may give, until the member says yes on their phone. A payment of a clerk is paid
    with the consent, one of a machine when the machine takes it. What waits is over at `confirm_by`, whether or not a
    job has written it.
    """

    __tablename__ = "points_payments"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str]
    mall_id: Mapped[int]
    merchant_id: Mapped[int]
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    staff_id: Mapped[int | None]
    machine_id: Mapped[int | None]
    points: Mapped[int]
    worth_fen: Mapped[int]
    factor_bps: Mapped[int]
    status: Mapped[str]
    consent: Mapped[str]
    created_at: Mapped[datetime]
    confirm_by: Mapped[datetime]
    consented_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_why: Mapped[str | None]
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("member_id", "public_id"),
        CheckConstraint("points > 0 AND worth_fen > 0 AND factor_bps > 0", name="amounts"),
        CheckConstraint("status IN ('awaiting', 'paid', 'released', 'reversed')", name="status"),
        CheckConstraint("num_nonnulls(staff_id, machine_id) = 1", name="taker"),
        CheckConstraint("(status IN ('paid', 'reversed')) = (paid_at IS NOT NULL)", name="paid"),
        CheckConstraint("paid_at IS NULL OR consented_at IS NOT NULL", name="consented"),
        CheckConstraint(
            "(status = 'released') = (released_at IS NOT NULL AND released_why IS NOT NULL)", name="released"
        ),
        CheckConstraint("released_why IN ('declined', 'withdrawn', 'timed_out')", name="released_why"),
        CheckConstraint("(status = 'reversed') = (reversed_at IS NOT NULL)", name="reversed"),
        Index(
            "uq_points_payments_consent",
            "member_id",
            "consent",
            unique=True,
            postgresql_where="status <> 'released'",
        ),
        Index(
            "uq_points_payments_awaiting",
            "member_id",
            "store_id",
            unique=True,
            postgresql_where="status = 'awaiting'",
        ),
        Index("ix_points_payments_public_id", "public_id"),
        Index("ix_points_payments_store_id_created_at", "store_id", "created_at", "member_id", "id"),
        Index("ix_points_payments_mall_id_created_at", "mall_id", "created_at", "member_id", "id"),
        Index("ix_points_payments_confirm_by", "confirm_by", postgresql_where="status = 'awaiting'"),
    )


class TillRules(FromDay, Published, Model):
    """What a mall asks of payments with points from a day on; rows are added, never changed.

    Up to `code_limit_points` the code that a till has scanned is the member's consent; above it they confirm on their
    phone within `wait_minutes`.
    """

    __tablename__ = "points_till_rules"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    code_limit_points: Mapped[int]
    wait_minutes: Mapped[int]

    __table_args__ = (
        UniqueConstraint("mall_id", "effective_from"),
        CheckConstraint("code_limit_points BETWEEN 0 AND 1000000", name="code_limit"),
        CheckConstraint("wait_minutes BETWEEN 1 AND 30", name="wait"),
    )
