"""A payment's row: begun, consented, paid, released, reversed. The caller holds the member's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.db import add_unless_taken, db
from app.kernel.security import codes
from app.malls.store_refs import StoreRef
from app.points.till import queries
from app.points.till.errors import CodeSpent, PaymentWaits
from app.points.till.models import PaymentStatus, PointsPayment, ReleasedWhy
from app.points.till.rules import TRANSITIONS, TillTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Points (> 0) and what they are worth at a factor."""

    points: int
    worth_fen: int
    factor_bps: int


def begin(
    member_id: int,
    asked: Sum,
    store: StoreRef,
    *,
    staff_id: int | None,
    machine_id: int | None,
    consent: str,
    terms: TillTerms,
    now: datetime,
) -> PointsPayment:
    """Write a payment down that waits; the code is consent enough up to the mall's limit.

    Raises CodeSpent, and PaymentWaits while another of the member waits in the store.
    """
    is_enough = asked.points <= terms.code_limit_points
    payment = PointsPayment(
        member_id=member_id,
        public_id=codes.new_public_id(),
        mall_id=store.mall_id,
        merchant_id=store.merchant_id,
        store_id=store.store_id,
        staff_id=staff_id,
        machine_id=machine_id,
        points=asked.points,
        worth_fen=asked.worth_fen,
        factor_bps=asked.factor_bps,
        status=PaymentStatus.AWAITING.value,
        consent=consent,
        created_at=now,
        confirm_by=now + timedelta(minutes=terms.wait_minutes),
        consented_at=now if is_enough else None,
    )
    _add(payment)
    return payment


def _add(payment: PointsPayment) -> None:
    try:
        add_unless_taken(payment, "uq_points_payments_", CodeSpent())
    except CodeSpent:
        if queries.is_spent(payment.member_id, payment.consent):
            raise
        raise PaymentWaits from None


def mark_paid(payment: PointsPayment, *, now: datetime) -> None:
    """The points are spent; raises ValueError when the payment does not wait any more."""
    _ensure(payment, PaymentStatus.PAID)
    payment.status, payment.paid_at = PaymentStatus.PAID.value, now
    db.session.flush()


def mark_released(payment: PointsPayment, why: ReleasedWhy, *, now: datetime) -> None:
    """The points are free again; raises ValueError when the payment does not wait any more."""
    _ensure(payment, PaymentStatus.RELEASED)
    payment.status, payment.released_at, payment.released_why = PaymentStatus.RELEASED.value, now, why.value
    db.session.flush()


def mark_reversed(payment: PointsPayment, *, staff_id: int | None, now: datetime) -> None:
    """The store undid it; raises ValueError when it is not paid."""
    _ensure(payment, PaymentStatus.REVERSED)
    payment.status, payment.reversed_at, payment.reversed_by = PaymentStatus.REVERSED.value, now, staff_id
    db.session.flush()


def release_all(member_ids: Sequence[int], *, now: datetime) -> None:
    """Let go of what waits because its locked members leave; the ledger gives the points back beside it."""
    for payment in queries.list_open(member_ids):
        mark_released(payment, ReleasedWhy.DECLINED, now=now)


def _ensure(payment: PointsPayment, wanted: PaymentStatus) -> None:
    if wanted not in TRANSITIONS[PaymentStatus(payment.status)]:
        raise ValueError(f"a payment that is {payment.status} cannot become {wanted.value}")
