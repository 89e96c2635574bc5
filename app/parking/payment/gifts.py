"""Parking gifts of joining: one for a car within the time in which who left is remembered, whoever owns it by then."""

from collections.abc import Collection, Sequence
from datetime import datetime

from app.benefits.coupons.models import Coupon
from app.benefits.grants import grants
from app.former import memory
from app.identity.models import IdentityKind

_GIFT = "parking_gift"


def remember(plates: Collection[str], *, days: int, now: datetime) -> None:
    """Somebody who leaves had a parking gift for these cars; each is remembered by itself."""
    for plate in plates:
        memory.remember([_mark(plate)], given=[_GIFT], days=days, now=now)


def was_given(plate: str, *, now: datetime) -> bool:
    """Whether a parking gift was had for the car by somebody who has left."""
    return _GIFT in memory.given_in(memory.list_known([_mark(plate)], now=now))


def takeable(coupons: Sequence[Coupon], plate: str, *, now: datetime) -> Sequence[Coupon]:
    """The coupons that may be used for the car: a gift that is tied to none is not, when the car had one before."""
    free_gifts = [coupon for coupon in coupons if coupon.plate is None and coupon.trigger in grants.OF_JOINING]
    if not free_gifts or not was_given(plate, now=now):
        return coupons
    return [coupon for coupon in coupons if coupon not in free_gifts]


def _mark(plate: str) -> memory.Mark:
    return IdentityKind.PLATE.value, plate
