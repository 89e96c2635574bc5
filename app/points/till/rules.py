"""How a payment with points stands, and what may be done with it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from app.points.till.models import PaymentStatus, PointsPayment

REVERSAL_WINDOW = timedelta(minutes=15)
# For so long after a till has taken a member's code it may ask that member for points.
CODE_GOOD_FOR = timedelta(minutes=5)
TRANSITIONS: Mapping[PaymentStatus, frozenset[PaymentStatus]] = MappingProxyType(
    {
        PaymentStatus.AWAITING: frozenset({PaymentStatus.PAID, PaymentStatus.RELEASED}),
        PaymentStatus.PAID: frozenset({PaymentStatus.REVERSED}),
        PaymentStatus.RELEASED: frozenset(),
        PaymentStatus.REVERSED: frozenset(),
    }
)


@dataclass(frozen=True, slots=True)
class TillTerms:
    """Up to how many points a code is consent enough, and how long a member has to confirm more."""

    code_limit_points: int = 2_000
    wait_minutes: int = 5


def status_at(payment: PointsPayment, now: datetime) -> PaymentStatus:
    """How a payment stands at a moment: one that waited past its time is released, whoever writes it down."""
    status = PaymentStatus(payment.status)
    if status is PaymentStatus.AWAITING and payment.confirm_by <= now:
        return PaymentStatus.RELEASED
    return status


def asks_member(payment: PointsPayment, now: datetime) -> bool:
    """Whether the member is still to say yes or no."""
    return status_at(payment, now) is PaymentStatus.AWAITING and payment.consented_at is None


def undo_until(payment: PointsPayment) -> datetime | None:
    """Until when the store may undo it; None when it is not paid."""
    return None if payment.paid_at is None or payment.reversed_at else payment.paid_at + REVERSAL_WINDOW
