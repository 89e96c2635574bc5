"""What a member has paid for parking, and in which parts: free minutes of their tier, coupons, points, cash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import Asked, Order, Page
from app.malls.models import Mall
from app.parking.car_parks.models import CarPark
from app.parking.payment import payments
from app.parking.payment.models import ParkingPayment, ParkingWaiver, PaymentStatus, WaiverKind
from app.parking.sessions.models import ParkingSession
from app.payments.models import OrderStatus, PaymentOrder

ORDER = Order(ParkingPayment.id.desc())
# Money that came after its order was closed goes back.
_CAME_LATE = (OrderStatus.LATE.value, OrderStatus.REFUNDED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The parts of what was due, in fen, with how many coupons, points and free minutes (of which tier) they took."""

    tier_code: str | None = None
    tier_minutes: int = 0
    tier_fen: int = 0
    coupons: int = 0
    coupons_fen: int = 0
    points: int = 0
    points_fen: int = 0
    cash_fen: int = 0

    def __add__(self, other: "Split") -> "Split":
        return Split(
            tier_code=self.tier_code or other.tier_code,
            tier_minutes=self.tier_minutes + other.tier_minutes,
            tier_fen=self.tier_fen + other.tier_fen,
            coupons=self.coupons + other.coupons,
            coupons_fen=self.coupons_fen + other.coupons_fen,
            points=self.points + other.points,
            points_fen=self.points_fen + other.points_fen,
            cash_fen=self.cash_fen + other.cash_fen,
        )


@dataclass(frozen=True, slots=True)
class PaidStay:
    """A payment with the stay it was for. `late_order` is the cash that came too late and goes back, if any did."""

    payment: ParkingPayment
    session: ParkingSession
    car_park: CarPark
    mall: Mall
    split: Split
    late_order: PaymentOrder | None


def list_paid(member_id: int, *, asked: Asked) -> Page[PaidStay]:
    """A page of what the member paid, the latest first; of what was given up only what money still came for."""
    query = (
        select(ParkingPayment, PaymentOrder)
        .outerjoin(
            PaymentOrder,
            and_(
                PaymentOrder.member_id == ParkingPayment.member_id,
                PaymentOrder.reference == ParkingPayment.public_id,
                PaymentOrder.purpose == payments.PURPOSE,
                PaymentOrder.status.in_(_CAME_LATE),
            ),
        )
        .where(
            ParkingPayment.member_id == member_id,
            or_(ParkingPayment.status == PaymentStatus.PAID.value, PaymentOrder.id.is_not(None)),
        )
    )
    page = keyset.rows(query, ORDER, asked)
    paid = [payment for payment, _ in page]
    splits, stays = split_of(member_id, paid), list_stays([payment.session_id for payment in paid])
    return page.with_items([PaidStay(one, *stays[one.session_id], splits[one.id], late) for one, late in page])


def list_stays(session_ids: Sequence[int]) -> Mapping[int, tuple[ParkingSession, CarPark, Mall]]:
    """The stays with their car parks and malls, by their ids."""
    rows = db.session.execute(
        select(ParkingSession, CarPark, Mall)
        .join(CarPark, CarPark.id == ParkingSession.car_park_id)
        .join(Mall, Mall.id == CarPark.mall_id)
        .where(ParkingSession.id.in_(session_ids))
    )
    return {session.id: (session, car_park, mall) for session, car_park, mall in rows}


def get_stay(session_id: int) -> tuple[ParkingSession, CarPark, Mall]:
    """The stay, known to exist, with its car park and mall."""
    return list_stays([session_id])[session_id]


def split_of(member_id: int, paid: Sequence[ParkingPayment]) -> Mapping[int, Split]:
    """How each of the member's payments is made up, by its id."""
    waived = db.session.execute(
        select(
            ParkingWaiver.payment_id,
            ParkingWaiver.kind,
            func.count(),
            func.sum(ParkingWaiver.points),
            func.sum(ParkingWaiver.covers_fen),
            func.max(ParkingWaiver.tier_code),
            func.sum(ParkingWaiver.minutes),
        )
        .where(ParkingWaiver.member_id == member_id, ParkingWaiver.payment_id.in_([one.id for one in paid]))
        .group_by(ParkingWaiver.payment_id, ParkingWaiver.kind)
    )
    splits = {one.id: Split(cash_fen=one.cash_fen) for one in paid}
    for payment_id, kind, count, points, covers_fen, tier, minutes in waived:
        match WaiverKind(kind):
            case WaiverKind.COUPON:
                part = Split(coupons=count, coupons_fen=int(covers_fen))
            case WaiverKind.POINTS:
                part = Split(points=int(points), points_fen=int(covers_fen))
            case WaiverKind.TIER:
                part = Split(tier_code=tier, tier_minutes=int(minutes), tier_fen=int(covers_fen))
        splits[payment_id] += part
    return splits


def split_of_stays(member_id: int, session_ids: Sequence[int]) -> Mapping[int, Split]:
    """What the member has paid of each of these stays so far; stays of which they paid nothing are left out."""
    paid = db.session.scalars(
        select(ParkingPayment).where(
            ParkingPayment.member_id == member_id,
            ParkingPayment.session_id.in_(session_ids),
            ParkingPayment.status == PaymentStatus.PAID.value,
        )
    ).all()
    found: dict[int, Split] = {}
    for payment, split in zip(paid, (split_of(member_id, paid) if paid else {}).values(), strict=True):
        found[payment.session_id] = found.get(payment.session_id, Split()) + split
    return found
