"""The last stay of members of the twin who keep their points for the car park, by the ordinary acts.

They come, are quoted, pay and leave as everybody does; whoever has too few points by then leaves as all others do.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from app.flows import parking
from app.flows.history import stays
from app.flows.history.outcomes import Outcome
from app.flows.parking import PaymentChoice
from app.flows.purchases import Effects
from app.kernel.db import db
from app.parking.car_parks import tariffs
from app.parking.car_parks.models import CarPark
from app.parking.car_parks.rules import fee
from app.parking.payment import gate_messages
from app.parking.payment.models import GateMessage, ParkingPayment
from app.parking.sessions import queries as sessions
from app.parking.sessions.models import Direction
from app.parking.sessions.passages import GateReport
from app.points.ledger import queries as points
from app.points.worth import factors, rules
from cli.twin.lives import Life, Stay
from cli.twin.people import Person, World
from cli.twin.stage import SOURCE, Cast, Stage

_BEFORE_LEAVING = timedelta(minutes=3)


def keeps_points(world: World, person: Person) -> bool:
    """Whether somebody pays with points in the car park and nowhere else."""
    is_driver = person.plate is not None
    return is_driver and world.chance_of(person.number, "parking points").random() < person.archetype.parks


def find_paid(world: World, person: Person, life: Life, effects: Effects) -> Stay | None:
    """The stay that somebody means to pay with points: the last, if all that moves points is over by then."""
    if effects is Effects.NONE or not life.stays or not keeps_points(world, person):
        return None
    last = max(life.stays, key=lambda stay: stay.exited_at)
    moved = [moment for one in life.bought for moment in (one.at, one.refunded_at) if moment is not None]
    return last if all(moment < last.exited_at - _BEFORE_LEAVING for moment in moved) else None


def park(cast: Cast, world: World, stage: Stage, effects: Effects) -> tuple[int, int]:
    """Returns how many of these stays there were, and how many of them were paid with points."""
    car_park, others, paid = stage.car_park, list[stays.Incoming](), 0
    if car_park is None:
        return 0, 0
    for member_id, one, life in cast.each():
        stay = find_paid(world, one, life, effects)
        if stay is None or one.plate is None:
            continue
        if _has_enough(member_id, stay, car_park):
            _pay(member_id, one, stay, car_park)
            paid += 1
        else:
            others.append(stays.Incoming(one.plate, stay.entered_at, stay.exited_at))
    return paid + count_known(stays.load(others, car_park)), paid


def count_known(found: Iterable[Outcome]) -> int:
    """How many stays are recorded."""
    return sum(outcome.error is None for outcome in found)


def _has_enough(member_id: int, stay: Stay, car_park: CarPark) -> bool:
    """Whether points cover all of a fee, which is not nothing."""
    at = stay.exited_at - _BEFORE_LEAVING
    tariff = tariffs.to_tariff(tariffs.get_tariff(car_park, at=stay.entered_at))
    fee_fen, available = fee(tariff, stay.entered_at, at), points.get_balance(member_id, now=at).available_points
    return 0 < fee_fen == rules.cover(fee_fen, max(available, 0), factors.at(at))[1]


def _pay(member_id: int, one: Person, stay: Stay, car_park: CarPark) -> None:
    at = stay.exited_at - _BEFORE_LEAVING
    _pass_gate(one, Direction.IN, car_park, at=stay.entered_at)
    (parked,) = sessions.list_parked(member_id)
    offer = parking.quote_stay(member_id, parked.session.public_id, now=at)
    choice = PaymentChoice(offer.quote.public_id, coupon_ids=(), points=offer.most_points)
    payment = parking.begin_payment(member_id, parked.session.public_id, choice, payer=None, now=at)
    _pass_gate(one, Direction.OUT, car_park, at=stay.exited_at)
    _let_out(payment, now=stay.exited_at)


def _pass_gate(one: Person, direction: Direction, car_park: CarPark, *, at: datetime) -> None:
    passage = GateReport(
        event_id=f"{SOURCE}:{one.card_no}:{direction.value}",
        car_park_code=car_park.code,
        lane="1",
        plate=one.plate or "",
        direction=direction,
        occurred_at=at,
    )
    parking.record_gate_report(passage, mall_id=car_park.mall_id, now=at)


def _let_out(payment: ParkingPayment, *, now: datetime) -> None:
    """No gate is told today of a car that left long ago."""
    told = select(GateMessage.id).where(GateMessage.message_id == payment.public_id)
    gate_messages.settle_by_hand(db.session.scalars(told).one(), now=now)
