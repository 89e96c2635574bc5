"""Personal data: paying for parking."""

from typing import Any

from sqlalchemy import Select, and_, select

from app.kernel.personal_data import Ids, Sections
from app.parking.payment.models import ParkingPayment, ParkingQuote, ParkingWaiver
from app.tiers.ladders import ladders


def _quotes(ids: Ids) -> Select[Any]:
    one = ParkingQuote
    tier = ladders.naming(one.tier_code).label("tier")
    return (
        select(one.quoted_at, one.valid_until, one.fee_fen, one.due_fen, tier, one.tier_minutes)
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


def _parking_payments(ids: Ids) -> Select[Any]:
    one = ParkingPayment
    return (
        select(
            one.public_id.label("id"),
            one.status,
            one.due_fen,
            one.waived_fen,
            one.cash_fen,
            one.created_at,
            one.paid_at,
            one.released_at,
        )
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


def _waivers(ids: Ids) -> Select[Any]:
    one = ParkingWaiver
    return (
        select(
            ParkingPayment.public_id.label("payment"),
            one.kind,
            ladders.naming(one.tier_code).label("tier"),
            one.minutes,
            one.points,
            one.covers_fen,
            one.released_at,
        )
        .join(ParkingPayment, and_(ParkingPayment.member_id == one.member_id, ParkingPayment.id == one.payment_id))
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


SECTIONS: Sections = {
    "parking_quotes": _quotes,
    "parking_payments": _parking_payments,
    "parking_waivers": _waivers,
}
