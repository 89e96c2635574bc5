"""The outbox to the gates: claimed under a lease, sent at least once, given up after half a day of trying."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from app.kernel import outbox
from app.kernel.db import db
from app.kernel.outbox import Claim, Pauses, Queue
from app.parking.car_parks import car_parks
from app.parking.car_parks.models import CarPark
from app.parking.payment.models import GateMessage
from app.parking.sessions.models import ParkingSession
from app.providers.gate import PaidStay

# The gate ignores what it hears twice. A car is waiting, so that the pauses are short.
MESSAGES = Queue(
    GateMessage,
    lease=timedelta(minutes=1),
    pauses=Pauses(first=timedelta(seconds=2), longest=timedelta(minutes=5), most_attempts=150),
)


# So many tries reach over some ten minutes.
SILENT_AFTER_TRIES = 9


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message in the hands of a worker, with the way to its gate."""

    claim: Claim
    gate_url: str
    gate_secret: str = field(repr=False)
    stay: PaidStay = field(repr=False)


def claim(*, now: datetime, limit: int) -> list[Delivery]:
    """Take due messages for this worker."""
    messages = {message.id: message for message in outbox.claim(MESSAGES, now=now, limit=limit)}
    rows = db.session.execute(
        select(GateMessage.id, CarPark, ParkingSession)
        .join(CarPark, CarPark.id == GateMessage.car_park_id)
        .join(ParkingSession, ParkingSession.id == GateMessage.session_id)
        .where(GateMessage.id.in_(messages))
        .order_by(GateMessage.id)
    )
    return [_delivery(messages[message_id], car_park, session) for message_id, car_park, session in rows]


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
    return Delivery(outbox.claim_of(message), car_park.gate_url, car_parks.gate_secret(car_park), stay)


def finish(delivery: Delivery, *, now: datetime) -> None:
    """The gate has taken the message."""
    outbox.finish(MESSAGES, delivery.claim, now=now)


def postpone(delivery: Delivery, *, error: str, now: datetime) -> None:
    """Try again later, or give up."""
    outbox.postpone(MESSAGES, delivery.claim, error=error, now=now)


def settle_by_hand(message_id: int, *, now: datetime) -> None:
    """Somebody told the gate otherwise: a message that waits or was given up is done."""
    outbox.finish(MESSAGES, Claim((message_id,), 0), now=now)


def list_dead(*, limit: int) -> Sequence[GateMessage]:
    """Messages that were given up, the oldest first."""
    return outbox.list_dead(MESSAGES, limit=limit)


def list_unanswered(*, limit: int) -> Sequence[GateMessage]:
    """Messages that have been tried in vain for about ten minutes and still are, the oldest first."""
    tried = GateMessage.attempts >= SILENT_AFTER_TRIES, GateMessage.last_error.is_not(None)
    waiting = select(GateMessage).where(outbox.is_waiting(MESSAGES), *tried)
    return db.session.scalars(waiting.order_by(GateMessage.id).limit(limit)).all()


def restart(message_id: int, *, now: datetime) -> bool:
    """Try a message again from now on, whether it still waits or was given up; False when the gate has it."""
    return outbox.restart(MESSAGES, (message_id,), now=now)


def find_dead(message_id: int) -> GateMessage | None:
    """A message that was given up, by its id."""
    return outbox.find_dead(MESSAGES, (message_id,))


def requeue(message_id: int, *, now: datetime) -> bool:
    """Try a message that was given up again from now on; False when it is not given up any more."""
    return outbox.requeue(MESSAGES, (message_id,), now=now)
