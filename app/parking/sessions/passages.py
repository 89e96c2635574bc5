"""What the gates report: cars that come and go, each report counted once, in whatever order it arrives.

A gate never keeps a car in because of our ignorance: an exit without a known entry opens, and the stay bears a note. A
reading that is no plate may be of any car: it begins and ends no stay but its own (`unread.py` asks people about it).
So may one with the form of a neighbour's plate (`AB1234`), which junk has, too, until a member has bound it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock, idempotency
from app.kernel.day_sums import marks
from app.kernel.db import db
from app.kernel.security import codes
from app.kernel.spelling import plates
from app.parking.car_parks import rules as car_park_rules
from app.parking.car_parks import tariffs
from app.parking.car_parks.models import CarPark, ParkingTariff
from app.parking.sessions import queries as session_queries
from app.parking.sessions import rules
from app.parking.sessions.day_sums import CARS
from app.parking.sessions.errors import GateEventConflict
from app.parking.sessions.models import Direction, GateAction, GateEvent, ParkingSession, SessionNote


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """A car before a barrier."""

    event_id: str
    car_park_code: str
    lane: str
    plate: str
    direction: Direction
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What the gate is told. `due_fen` > 0 only when it holds the car."""

    session: ParkingSession
    action: GateAction
    due_fen: int


def record(car_park: CarPark, passage: GateReport, *, member_id: int | None, now: datetime) -> GateAnswer:
    """Take a report once; the same event id gets the same answer. Raises GateEventConflict and NoTariff.

    `member_id` is the plate's owner, locked by the caller when there is one.
    """
    if not _take(car_park, passage, now=now):
        return _first_answer(car_park, passage)
    # A plate that is bound is its member's, whatever it looks like.
    if member_id is None and not plates.is_of_mainland(passage.plate):
        answer = GateAnswer(_put_apart(car_park, passage), GateAction.OPEN, 0)
    elif passage.direction is Direction.IN:
        answer = GateAnswer(_enter(car_park, passage, member_id=member_id), GateAction.OPEN, 0)
    else:
        answer = _leave(car_park, passage, member_id=member_id)
    db.session.execute(
        update(GateEvent)
        .where(GateEvent.car_park_id == car_park.id, GateEvent.event_id == passage.event_id)
        .values(session_id=answer.session.id, action=answer.action.value, due_fen=answer.due_fen)
    )
    return answer


def _fingerprint(passage: GateReport) -> str:
    return idempotency.fingerprint("gate event", asdict(passage))


def _take(car_park: CarPark, passage: GateReport, *, now: datetime) -> bool:
    """Write the report down; False when it is there. A second report under way waits here for the first."""
    taken = db.session.execute(
        insert(GateEvent)
        .values(
            car_park_id=car_park.id,
            event_id=passage.event_id,
            fingerprint=_fingerprint(passage),
            lane=passage.lane,
            plate=passage.plate,
            direction=passage.direction.value,
            occurred_at=passage.occurred_at,
            received_at=now,
        )
        .on_conflict_do_nothing()
        .returning(GateEvent.event_id)
    ).first()
    return taken is not None


def _first_answer(car_park: CarPark, passage: GateReport) -> GateAnswer:
    event, session = db.session.execute(
        select(GateEvent, ParkingSession)
        .join(ParkingSession, ParkingSession.id == GateEvent.session_id)
        .where(GateEvent.car_park_id == car_park.id, GateEvent.event_id == passage.event_id)
    ).one()
    if event.fingerprint != _fingerprint(passage):
        raise GateEventConflict(event_id=passage.event_id)
    return GateAnswer(session, GateAction(event.action), event.due_fen)


def _enter(car_park: CarPark, passage: GateReport, *, member_id: int | None) -> ParkingSession:
    """The stay this entry begins, or the one that is known already by another report."""
    while True:
        current = _lock_open(car_park, passage.plate)
        if current is not None and abs(passage.occurred_at - current.entered_at) <= rules.SAME_PASSAGE:
            return current
        if current is None or passage.occurred_at < current.entered_at:
            exited = _lock_exit_without_entry(car_park, passage)
            if exited is not None:
                return _complete_entry(exited, passage, car_park, member_id=member_id)
        if current is not None and passage.occurred_at < current.entered_at:
            return _begin_past(car_park, passage, until=current.entered_at, member_id=member_id)
        if current is not None:
            _end(current, at=passage.occurred_at, note=SessionNote.EXIT_MISSED)
        begun = _begin(car_park, passage, member_id=member_id)
        if begun is not None:
            return begun


def _lock_open(car_park: CarPark, plate: str) -> ParkingSession | None:
    return db.session.scalar(_select_of(car_park, plate).where(ParkingSession.exited_at.is_(None)))


def _select_of(car_park: CarPark, plate: str) -> Select[tuple[ParkingSession]]:
    return (
        select(ParkingSession)
        .where(ParkingSession.car_park_id == car_park.id, ParkingSession.plate == plate)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _lock_exit_without_entry(car_park: CarPark, passage: GateReport) -> ParkingSession | None:
    """The first exit after this entry whose own entry nobody reported."""
    return db.session.scalar(
        _select_of(car_park, passage.plate)
        .where(
            ParkingSession.note == SessionNote.ENTRY_MISSED.value,
            ParkingSession.exited_at >= passage.occurred_at,
            ParkingSession.exited_at <= passage.occurred_at + car_park_rules.DAY,
        )
        .order_by(ParkingSession.exited_at)
        .limit(1)
    )


def _complete_entry(
    session: ParkingSession, passage: GateReport, car_park: CarPark, *, member_id: int | None
) -> ParkingSession:
    _note_began(car_park, session.entered_at)
    session.entered_at, session.note = passage.occurred_at, SessionNote.ENTRY_LATE.value
    _note_began(car_park, session.entered_at)
    session.tariff_id = tariffs.get_tariff(car_park, at=passage.occurred_at).id
    session.member_id = session.member_id or member_id
    db.session.flush()
    return session


def _end(session: ParkingSession, *, at: datetime, note: SessionNote | None) -> None:
    session.exited_at = at
    session.note = note.value if note is not None else session.note
    db.session.flush()


def _begin(car_park: CarPark, passage: GateReport, *, member_id: int | None) -> ParkingSession | None:
    """A new open stay, or None when another report has just begun one."""
    tariff = tariffs.get_tariff(car_park, at=passage.occurred_at)
    values = _values(car_park, passage, tariff, member_id=member_id)
    _note_began(car_park, passage.occurred_at)
    return db.session.scalar(
        insert(ParkingSession)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["car_park_id", "plate"], index_where=ParkingSession.exited_at.is_(None))
        .returning(ParkingSession)
    )


def _begin_past(
    car_park: CarPark,
    passage: GateReport,
    *,
    until: datetime,
    member_id: int | None,
    note: SessionNote = SessionNote.EXIT_MISSED,
) -> ParkingSession:
    """A stay that is over as far as we know, for a report that came late or alone."""
    tariff = tariffs.get_tariff(car_park, at=passage.occurred_at)
    values = _values(car_park, passage, tariff, member_id=member_id)
    _note_began(car_park, passage.occurred_at)
    session = ParkingSession(**values, exited_at=until, note=note.value)
    db.session.add(session)
    db.session.flush()
    return session


def _note_began(car_park: CarPark, at: datetime) -> None:
    marks.note(CARS, car_park.mall_id, clock.business_date(at))


def _values(
    car_park: CarPark, passage: GateReport, tariff: ParkingTariff, *, member_id: int | None
) -> dict[str, object]:
    return {
        "public_id": codes.new_public_id(),
        "car_park_id": car_park.id,
        "tariff_id": tariff.id,
        "plate": passage.plate,
        "member_id": member_id,
        "entered_at": passage.occurred_at,
        "settled_fen": 0,
    }


def _put_apart(car_park: CarPark, passage: GateReport) -> ParkingSession:
    until, note = passage.occurred_at, SessionNote.PLATE_UNREAD
    return _begin_past(car_park, passage, until=until, member_id=None, note=note)


def _leave(car_park: CarPark, passage: GateReport, *, member_id: int | None) -> GateAnswer:
    current = _lock_open(car_park, passage.plate)
    if current is None or passage.occurred_at < current.entered_at:
        return GateAnswer(_past_exit(car_park, passage, member_id=member_id), GateAction.OPEN, 0)
    due_fen = _due(current, at=passage.occurred_at)
    if due_fen > 0:
        return GateAnswer(current, GateAction.HOLD, due_fen)
    _end(current, at=passage.occurred_at, note=None)
    return GateAnswer(current, GateAction.OPEN, 0)


def _due(session: ParkingSession, *, at: datetime) -> int:
    stay = rules.Stay(session_queries.get_tariff_of(session), session.entered_at, at, session.settled_fen)
    return rules.due_now(stay, exit_by=session.exit_by)


def _past_exit(car_park: CarPark, passage: GateReport, *, member_id: int | None) -> ParkingSession:
    """An exit of a stay that is not open: reported twice, reported late, or never begun for us."""
    ended = db.session.scalar(
        _select_of(car_park, passage.plate)
        .where(ParkingSession.entered_at <= passage.occurred_at, ParkingSession.exited_at.is_not(None))
        .order_by(ParkingSession.exited_at.desc())
        .limit(1)
    )
    if ended is not None and ended.exited_at is not None:
        if ended.note == SessionNote.EXIT_MISSED.value and passage.occurred_at <= ended.exited_at:
            _end(ended, at=passage.occurred_at, note=SessionNote.EXIT_LATE)
            return ended
        if abs(passage.occurred_at - ended.exited_at) <= rules.SAME_PASSAGE:
            return ended
    return _begin_past(car_park, passage, until=passage.occurred_at, member_id=member_id, note=SessionNote.ENTRY_MISSED)
