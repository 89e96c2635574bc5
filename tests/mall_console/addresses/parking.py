"""Addresses of parking in the console."""

from sqlalchemy import select

from app.flows import parking
from app.flows.parking import PaymentChoice
from app.kernel import clock
from app.kernel.db import db
from app.parking.invoices.models import ParkingInvoice
from app.parking.payment.models import ParkingPayment
from app.parking.sessions import queries
from app.payments.orders import Payer
from tests.builders.console import World
from tests.builders.parking import make_invoice, take_money


def payment(world: World) -> ParkingPayment:
    """The payment of the car that is in; begun when it is asked for first."""
    found = db.session.scalar(select(ParkingPayment).where(ParkingPayment.member_id == world.member.id))
    if found is not None:
        return found
    (parked,) = queries.list_parked(world.member.id)
    session_id, now = parked.session.public_id, clock.now()
    offer = parking.quote_stay(world.member.id, session_id, now=now)
    wish = PaymentChoice(offer.quote.public_id, [], 0)
    payer = Payer(appid="wxapp", openid="openid-1")
    return parking.begin_payment(world.member.id, session_id, wish, payer=payer, now=now)


def invoice(world: World) -> ParkingInvoice:
    """An invoice that the member wished for; wished for when it is asked for first."""
    found = db.session.scalar(select(ParkingInvoice).where(ParkingInvoice.member_id == world.member.id))
    if found is None:
        paid = payment(world)
        take_money(paid)
        found = make_invoice(paid)
    return found


def pages(world: World) -> dict[str, str]:
    return {
        "/parking": "parking.view",
        "/parking/payments": "parking.view",
        f"/parking/payments/{world.member.id}-{payment(world).id}": "parking_payment.view",
        "/parking/tariffs": "parking.view",
        "/parking/car-parks": "parking.view",
        f"/parking/car-parks/{world.car_park.code}": "parking.view",
        f"/parking/invoices/{invoice(world).public_id}": "parking.invoice",
        "/parking/new": "parking.manage",
    }


def forms(world: World) -> dict[str, str]:
    car_park = f"/parking/car-parks/{world.car_park.code}"
    return {
        "/parking/tariffs": "parking.manage",
        f"/parking/tariffs/{world.car_park.code}/1/withdraw": "parking.manage",
        "/parking/car-parks": "parking.manage",
        car_park: "parking.manage",
        f"{car_park}/secret": "parking.manage",
        f"{car_park}/off": "parking.manage",
        f"/parking/invoices/{invoice(world).public_id}": "parking.invoice",
        f"{car_park}/on": "parking.manage",
    }
