"""Parking fees by day: what pages add up without reading every payment."""

from typing import Any

from app.kernel.day_sums.series import Series
from app.parking.payment.models import ParkingPayment, PaymentStatus

_PAID: dict[str, Any] = {
    "origin": ParkingPayment.__table__,
    "mall": ParkingPayment.mall_id,
    "key": ParkingPayment.mall_id,
    "moment": ParkingPayment.paid_at,
    "wanted": [ParkingPayment.status == PaymentStatus.PAID.value],
}
# Payments by members; amount: fen in cash, and fen covered by coupons and points.
CASH = Series(name="parking_cash", **_PAID, amount=ParkingPayment.cash_fen)
WAIVED = Series(name="parking_waived", **_PAID, amount=ParkingPayment.waived_fen)

SERIES = {one.name: one for one in (CASH, WAIVED)}
