"""Payments for parking by the number that WeChat Pay knows their order by, as it stands on bills and in cases."""

from collections.abc import Sequence

from app.kernel.spelling import marks
from app.parking.payment import list_queries, queries
from app.parking.payment.models import ParkingPayment
from app.parking.payment.payments import PURPOSE
from app.payments import queries as orders
from app.payments.errors import OrderUnknown
from app.web import filters
from mall_console.kit.lookups import Finder, Hit, Reach
from mall_console.parking.payments import ORDERS, PERMISSION


def _find(reach: Reach, typed: str) -> Sequence[Hit]:
    try:
        member_id, order_id = orders.get_owner(marks.unblanked(typed).lower())
    except OrderUnknown:
        return ()
    order = orders.get_order(member_id, order_id)
    if order.purpose != PURPOSE:
        return ()
    payment = queries.get_payment(member_id, order.reference)
    mall = reach.malls.get(payment.mall_id)
    if mall is None:
        return ()
    _, _, car_park, _ = list_queries.get_payment(member_id, payment.id, visible=reach.holds(ParkingPayment.mall_id))
    state, _ = ORDERS[order.status]
    return [
        Hit(
            name=f"停车缴费 {filters.yuan(order.amount_fen)}",
            told=f"{car_park.name}，{filters.local_time(order.created_at)}，{state}",
            mall=mall,
            path=f"/parking/payments/{member_id}-{payment.id}",
            subject=f"member:{member_id}",
        )
    ]


LOOKUPS = (Finder(code="order", what="付款单", by="商户订单号", permission=PERMISSION, find=_find),)
