"""Stays that a second entry ended before anybody paid: an "in" repeated without an "out" makes what came before free.

The exit may only be late: people are asked when it has not come for a while, and no longer once it has.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.kernel.db import db
from app.parking.car_parks.models import CarPark
from app.parking.sessions import queries, rules
from app.parking.sessions.models import ParkingSession, SessionNote

ENTRY_REPEATED = CaseKind(
    code="entry_repeated",
    role=Role.OPERATIONS,
    within=timedelta(days=1),
    outcomes={"charged_by_hand": None, "gate_repaired": None, "nothing_due": None},
)
# So long an exit may be on its way.
PATIENCE = timedelta(minutes=30)
LOOK_BACK = timedelta(days=2)


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about every stay that a second entry ended with something due; returns how many were new."""
    _settle_those_that_came_right(now)
    found = {_subject(session.id): (session, car_park) for session, car_park in _list_ended(now)}
    new = case_queries.list_new(ENTRY_REPEATED, found.keys(), limit=limit)
    return sum(_ask(*found[subject], now=now) for subject in new)


def _list_ended(now: datetime) -> Sequence[tuple[ParkingSession, CarPark]]:
    rows = db.session.execute(
        select(ParkingSession, CarPark)
        .join(CarPark, CarPark.id == ParkingSession.car_park_id)
        .where(
            ParkingSession.note == SessionNote.EXIT_MISSED.value,
            ParkingSession.exited_at >= now - LOOK_BACK,
            ParkingSession.exited_at <= now - PATIENCE,
        )
    )
    return [(session, car_park) for session, car_park in rows]


def _due_fen(session: ParkingSession) -> int:
    """What was due when the second entry came."""
    if session.exited_at is None:
        raise ValueError("the stay is over")
    stay = rules.Stay(queries.get_tariff_of(session), session.entered_at, session.exited_at, session.settled_fen)
    return rules.due_now(stay, exit_by=session.exit_by)


def _settle_those_that_came_right(now: datetime) -> None:
    asked = [int(subject.partition(":")[2]) for subject in case_queries.list_open_subjects(ENTRY_REPEATED.code)]
    right = db.session.scalars(
        select(ParkingSession.id).where(
            ParkingSession.id.in_(asked), ParkingSession.note.is_distinct_from(SessionNote.EXIT_MISSED.value)
        )
    )
    for session_id in right.all():
        cases.settle_itself(ENTRY_REPEATED, _subject(session_id), now=now)


def _subject(session_id: int) -> str:
    return f"parking_session:{session_id}"


def _ask(session: ParkingSession, car_park: CarPark, *, now: datetime) -> bool:
    """Nothing is asked where nothing was due."""
    subject, due_fen = _subject(session.id), _due_fen(session)
    return due_fen > 0 and cases.raise_case(
        ENTRY_REPEATED,
        subject,
        mall_id=car_park.mall_id,
        reason="unpaid",
        facts={"car_park": car_park.name, "due_fen": due_fen},
        evidence=[subject, f"car_park:{car_park.id}"],
        now=now,
    )
