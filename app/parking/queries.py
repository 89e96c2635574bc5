"""Reading car parks, tariffs, sessions and payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from app.identity.models import IdentityKind, MemberIdentity
from app.kernel.db import db
from app.malls.models import Mall
from app.parking import car_parks, rules
from app.parking.errors import CarParkUnknown, NoTariff, PaymentNotFound, QuoteNotFound, SessionNotFound
from app.parking.models import (
    CarPark,
    ParkingPayment,
    ParkingQuote,
    ParkingSession,
    ParkingTariff,
    ParkingWaiver,
    PaymentStatus,
)


@dataclass(frozen=True, slots=True)
class Parked:
    """A member's car in a car park, with the tariff of its entry."""

    session: ParkingSession
    car_park: CarPark
    mall: Mall
    tariff: rules.Tariff

    def stay(self, *, until: datetime) -> rules.Stay:
        """The stay up to a moment, as the rules see it."""
        return rules.Stay(self.tariff, self.session.entered_at, until, self.session.settled_fen)


def get_car_park(code: str, *, mall_id: int) -> CarPark:
    """The active car park of a mall; raises CarParkUnknown."""
    car_park = db.session.scalar(
        select(CarPark).where(CarPark.code == code, CarPark.mall_id == mall_id, CarPark.active)
    )
    if car_park is None:
        raise CarParkUnknown
    return car_park


def get_tariff(car_park: CarPark, *, at: datetime) -> ParkingTariff:
    """The tariff in force at a moment, or the first one for a moment before all; raises NoTariff when there is none."""
    versions = select(ParkingTariff).where(ParkingTariff.car_park_id == car_park.id)
    in_force = versions.where(ParkingTariff.effective_from <= at).order_by(ParkingTariff.effective_from.desc()).limit(1)
    tariff = db.session.scalar(in_force) or db.session.scalar(versions.order_by(ParkingTariff.effective_from).limit(1))
    if tariff is None:
        raise NoTariff(car_park_code=car_park.code)
    return tariff


def _select_parked() -> Select[tuple[ParkingSession, CarPark, Mall, ParkingTariff]]:
    return (
        select(ParkingSession, CarPark, Mall, ParkingTariff)
        .join(CarPark, CarPark.id == ParkingSession.car_park_id)
        .join(Mall, Mall.id == CarPark.mall_id)
        .join(ParkingTariff, ParkingTariff.id == ParkingSession.tariff_id)
    )


def _select_parked_of(member_id: int) -> Select[tuple[ParkingSession, CarPark, Mall, ParkingTariff]]:
    """Open stays of the plates that are the member's now, whoever had them when the car came."""
    is_theirs = (
        (MemberIdentity.kind == IdentityKind.PLATE.value)
        & (MemberIdentity.value == ParkingSession.plate)
        & (MemberIdentity.member_id == member_id)
    )
    return _select_parked().join(MemberIdentity, is_theirs).where(ParkingSession.exited_at.is_(None))


def list_parked(member_id: int) -> list[Parked]:
    """The member's cars that are in a car park now, the last arrived first."""
    rows = db.session.execute(
        _select_parked_of(member_id).order_by(ParkingSession.entered_at.desc(), ParkingSession.id.desc())
    )
    return [Parked(session, car_park, mall, car_parks.rates(tariff)) for session, car_park, mall, tariff in rows]


def get_parked(member_id: int, session_public_id: str) -> Parked:
    """The member's open stay; raises SessionNotFound, also for other people's."""
    row = db.session.execute(_select_parked_of(member_id).where(ParkingSession.public_id == session_public_id)).first()
    if row is None:
        raise SessionNotFound
    session, car_park, mall, tariff = row
    return Parked(session, car_park, mall, car_parks.rates(tariff))


def lock_session(session_id: int) -> ParkingSession:
    """The session FOR UPDATE as it is now; after member, coupons and points account in the lock order."""
    return db.session.scalars(
        select(ParkingSession)
        .where(ParkingSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def get_quote(member_id: int, quote_public_id: str, *, session_id: int) -> ParkingQuote:
    """The member's quote for a stay; raises QuoteNotFound."""
    quote = db.session.scalar(
        select(ParkingQuote).where(
            ParkingQuote.member_id == member_id,
            ParkingQuote.public_id == quote_public_id,
            ParkingQuote.session_id == session_id,
        )
    )
    if quote is None:
        raise QuoteNotFound
    return quote


def get_payment(member_id: int, payment_public_id: str) -> ParkingPayment:
    """The member's payment; raises PaymentNotFound."""
    payment = db.session.scalar(
        select(ParkingPayment).where(
            ParkingPayment.member_id == member_id, ParkingPayment.public_id == payment_public_id
        )
    )
    if payment is None:
        raise PaymentNotFound
    return payment


def lock_payment(member_id: int, payment_public_id: str) -> ParkingPayment:
    """The member's payment FOR UPDATE as it is now; raises PaymentNotFound."""
    payment = db.session.scalar(
        select(ParkingPayment)
        .where(ParkingPayment.member_id == member_id, ParkingPayment.public_id == payment_public_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if payment is None:
        raise PaymentNotFound
    return payment


def find_awaiting(member_id: int, *, session_id: int) -> ParkingPayment | None:
    """The member's payment of this stay that waits for cash."""
    return db.session.scalar(
        select(ParkingPayment).where(
            ParkingPayment.member_id == member_id,
            ParkingPayment.session_id == session_id,
            ParkingPayment.status == PaymentStatus.AWAITING_CASH.value,
        )
    )


def count_awaiting(member_id: int) -> int:
    """How many of the member's payments wait for cash."""
    return db.session.scalar(
        select(func.count()).where(
            ParkingPayment.member_id == member_id, ParkingPayment.status == PaymentStatus.AWAITING_CASH.value
        )
    ) or 0  # fmt: skip


def list_stale(*, now: datetime, limit: int) -> Sequence[ParkingPayment]:
    """Payments that have waited for cash too long, the oldest first."""
    return db.session.scalars(
        select(ParkingPayment)
        .where(ParkingPayment.status == PaymentStatus.AWAITING_CASH.value, ParkingPayment.close_after <= now)
        .order_by(ParkingPayment.close_after)
        .limit(limit)
    ).all()


def list_waivers(member_id: int, payment_id: int) -> Sequence[ParkingWaiver]:
    """What covers a payment besides cash, coupons before points."""
    return db.session.scalars(
        select(ParkingWaiver)
        .where(ParkingWaiver.member_id == member_id, ParkingWaiver.payment_id == payment_id)
        .order_by(ParkingWaiver.id)
    ).all()


def get_place(car_park_id: int) -> CarPark:
    """The car park of a session."""
    return db.session.scalars(select(CarPark).where(CarPark.id == car_park_id)).one()


def get_tariff_of(session: ParkingSession) -> rules.Tariff:
    """The tariff a stay is priced by."""
    version = db.session.scalars(select(ParkingTariff).where(ParkingTariff.id == session.tariff_id)).one()
    return car_parks.rates(version)
