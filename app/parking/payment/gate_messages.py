"""The outbox to the gates: claimed under a lease, sent at least once, marked."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.kernel.db import db
from app.parking.car_parks import car_parks
from app.parking.car_parks.models import CarPark
from app.parking.payment.models import GateMessage
from app.parking.sessions.models import ParkingSession
from app.providers.gate import PaidStay

# A worker that died gives its claims back after this long; the gate ignores what it then hears twice.
LEASE = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message in the hands of a worker, with the way to its gate."""

    id: int
    attempts: int
    gate_url: str
    gate_secret: str = field(repr=False)
    stay: PaidStay = field(repr=False)


def claim(*, now: datetime, limit: int) -> list[Delivery]:
    """Take due messages for this worker: until the lease is over nobody else gets them. Counts the try."""
    due = (
        select(GateMessage.id)
        .where(GateMessage.sent_at.is_(None), GateMessage.due_at <= now)
        .order_by(GateMessage.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = db.session.scalars(
        update(GateMessage)
        .where(GateMessage.id.in_(due))
        .values(due_at=now + LEASE, attempts=GateMessage.attempts + 1)
        .returning(GateMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    rows = db.session.execute(
        select(GateMessage, CarPark, ParkingSession)
        .join(CarPark, CarPark.id == GateMessage.car_park_id)
        .join(ParkingSession, ParkingSession.id == GateMessage.session_id)
        .where(GateMessage.id.in_(claimed))
        .order_by(GateMessage.id)
        .execution_options(populate_existing=True)
    )
    return [_delivery(message, car_park, session) for message, car_park, session in rows]


def _delivery(message: GateMessage, car_park: CarPark, session: ParkingSession) -> Delivery:
    stay = PaidStay(
        message_id=message.message_id,
        session_id=session.public_id,
        car_park_code=car_park.code,
        plate=session.plate,
        paid_fen=message.paid_fen,
        waived_fen=message.waived_fen,
        exit_by=message.exit_by,
    )
    return Delivery(message.id, message.attempts, car_park.gate_url, car_parks.gate_secret(car_park), stay)


def mark_sent(message_id: int, *, now: datetime) -> None:
    """The gate has taken the message."""
    db.session.execute(update(GateMessage).where(GateMessage.id == message_id).values(sent_at=now, last_error=None))


def postpone(message_id: int, *, attempts: int, error: str, now: datetime) -> None:
    """Try again later: after two seconds, doubling up to five minutes. A car is waiting."""
    wait = min(timedelta(seconds=1 << min(attempts, 10)), _LONGEST_WAIT)
    db.session.execute(
        update(GateMessage).where(GateMessage.id == message_id).values(due_at=now + wait, last_error=error)
    )
