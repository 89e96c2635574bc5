"""The points of a payment: held until it is complete or given up, whichever comes; only these end the hold."""

from datetime import datetime

from app.kernel.reasons import Reason
from app.parking.car_parks.models import CarPark
from app.parking.payment import facts
from app.parking.payment.models import ParkingPayment
from app.parking.payment.payments import purpose_of
from app.points.ledger import hold_queries, holds, ledger


def hold(payment: ParkingPayment, points: int, car_park: CarPark, *, now: datetime) -> None:
    """Hold points (> 0) for the payment. Raises InsufficientPoints."""
    holds.hold(
        payment.member_id,
        points=points,
        reason=Reason("parking", {"car_park": car_park.name}),
        fact=purpose_of(payment),
        now=now,
        until=None,
        mall_id=car_park.mall_id,
        store_id=car_park.store_id,
    )


def spend(payment: ParkingPayment, *, now: datetime) -> None:
    """The payment is complete; nothing more for one whose points were spent as it began."""
    holds.capture(payment.member_id, fact=purpose_of(payment), now=now)


def release(payment: ParkingPayment, *, now: datetime) -> None:
    """The payment is given up. One that began before points were held has spent them: they are given back."""
    purpose = purpose_of(payment)
    if hold_queries.find_hold(payment.member_id, purpose) is not None:
        holds.release(payment.member_id, fact=purpose, now=now)
        return
    given_back = facts.points_given_back(payment.public_id)
    ledger.give_back(payment.member_id, spent_fact=purpose, reason=Reason("parking_back"), fact=given_back, now=now)
