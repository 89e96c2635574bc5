"""A quote being paid: begun, paid, or released. The caller holds the member's lock."""

from datetime import datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.dialects import postgresql

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.security import codes
from app.parking.payment import facts, rules
from app.parking.payment.day_sums import CASH, WAIVED
from app.parking.payment.errors import QuoteUsed
from app.parking.payment.models import (
    GateMessage,
    ParkingPayment,
    ParkingQuote,
    ParkingWaiver,
    PaymentStatus,
    WaiverKind,
)
from app.parking.sessions.models import ParkingSession

# What orders for the cash of a payment are for; their reference is the payment's public id.
PURPOSE = "parking"


def purpose_of(payment: ParkingPayment) -> Fact:
    """What coupons and points are reserved for."""
    return facts.payment(payment.public_id)


def begin(quote: ParkingQuote, mix: rules.Mix, *, mall_id: int, now: datetime) -> ParkingPayment:
    """Write down the payment of a quote in a car park of the mall, and what covers it; raises QuoteUsed when it has one
    already.
    """
    payment = db.session.scalar(
        postgresql.insert(ParkingPayment)
        .values(
            member_id=quote.member_id,
            public_id=codes.new_public_id(),
            quote_id=quote.id,
            session_id=quote.session_id,
            mall_id=mall_id,
            due_fen=quote.due_fen,
            waived_fen=mix.waived_fen,
            cash_fen=mix.cash_fen,
            status=PaymentStatus.AWAITING_CASH.value,
            created_at=now,
            close_after=now + rules.CASH_PATIENCE,
        )
        .on_conflict_do_nothing(index_elements=["member_id", "quote_id"])
        .returning(ParkingPayment)
    )
    if payment is None:
        raise QuoteUsed
    _write_waivers(payment, quote, mix)
    return payment


def _write_waivers(payment: ParkingPayment, quote: ParkingQuote, mix: rules.Mix) -> None:
    key = {"member_id": payment.member_id, "payment_id": payment.id, "tier_code": None}
    rows: list[dict[str, object]] = [
        {
            **key,
            "kind": WaiverKind.COUPON.value,
            "coupon_id": cover.coupon_id,
            "minutes": cover.minutes,
            "points": 0,
            "covers_fen": cover.covers_fen,
        }
        for cover in mix.coupons
    ]
    if mix.points:
        points = {"coupon_id": None, "minutes": 0, "points": mix.points, "covers_fen": mix.points_fen}
        rows.append({**key, "kind": WaiverKind.POINTS.value, **points})
    if mix.free_fen:
        free = {"coupon_id": None, "minutes": quote.tier_minutes, "points": 0, "covers_fen": mix.free_fen}
        rows.append({**key, "kind": WaiverKind.TIER.value, "tier_code": quote.tier_code, **free})
    if rows:
        db.session.execute(insert(ParkingWaiver), rows)


def mark_paid(
    payment: ParkingPayment, session: ParkingSession, *, grace_minutes: int, tier_minutes: int, now: datetime
) -> None:
    """Settle a payment on its locked stay and tell the gate; raises ValueError when it does not wait any more.

    `tier_minutes` are the free ones in it: a stay has them once.
    """
    _ensure(payment, PaymentStatus.PAID)
    payment.status, payment.paid_at = PaymentStatus.PAID.value, now
    payment.exit_by = now + timedelta(minutes=grace_minutes)
    for series in (CASH, WAIVED):
        marks.note(series, payment.mall_id, clock.business_date(now))
    session.settled_fen += payment.due_fen
    session.tier_minutes += tier_minutes
    session.exit_by = payment.exit_by
    db.session.add(
        GateMessage(
            message_id=payment.public_id,
            car_park_id=session.car_park_id,
            session_id=session.id,
            paid_fen=payment.cash_fen,
            waived_fen=payment.waived_fen,
            exit_by=payment.exit_by,
            created_at=now,
            due_at=now,
            attempts=0,
        )
    )
    db.session.flush()


def mark_released(payment: ParkingPayment, *, now: datetime) -> None:
    """Give a payment up; its coupons may serve another. Raises ValueError when it does not wait any more."""
    _ensure(payment, PaymentStatus.RELEASED)
    payment.status, payment.released_at = PaymentStatus.RELEASED.value, now
    db.session.flush()
    db.session.execute(
        update(ParkingWaiver)
        .where(ParkingWaiver.member_id == payment.member_id, ParkingWaiver.payment_id == payment.id)
        .values(released_at=now)
    )


def _ensure(payment: ParkingPayment, wanted: PaymentStatus) -> None:
    if wanted not in rules.TRANSITIONS[PaymentStatus(payment.status)]:
        raise ValueError(f"a payment that is {payment.status} cannot become {wanted.value}")
