"""Cars whose plate a gate could not read: people are asked, because nobody was charged for them."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.kernel.db import db
from app.kernel.lists.days import day_of
from app.parking.car_parks.models import CarPark
from app.parking.sessions.models import ParkingSession, SessionNote

PLATES_UNREAD = CaseKind(
    code="plates_unread",
    role=Role.OPERATIONS,
    within=timedelta(days=1),
    outcomes={"charged_by_hand": None, "camera_repaired": None, "nothing_due": None},
)
# What gates report late still counts; older days are history.
LOOK_BACK = timedelta(days=7)


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about every car park and day with readings that are no plates; returns how many were new.

    One case for a day, not one for each car: a camera that has gone blind is one question.
    """
    found = {_subject(row): row for row in _list_days(now)}
    new = case_queries.list_new(PLATES_UNREAD, found.keys(), limit=limit)
    return sum(_ask(subject, found[subject], now=now) for subject in new)


def _list_days(now: datetime) -> list[Row[Any]]:
    day = day_of(ParkingSession.entered_at).label("day")
    return list(
        db.session.execute(
            select(ParkingSession.car_park_id, CarPark.mall_id, CarPark.name.label("car_park"), day)
            .join(CarPark, CarPark.id == ParkingSession.car_park_id)
            .where(
                ParkingSession.note == SessionNote.PLATE_UNREAD.value,
                ParkingSession.entered_at >= now - LOOK_BACK,
            )
            .group_by(ParkingSession.car_park_id, CarPark.mall_id, CarPark.name, day)
        )
    )


def _subject(row: Row[Any]) -> str:
    return f"unread_plates:{row.car_park_id}:{row.day}"


def _ask(subject: str, row: Row[Any], *, now: datetime) -> bool:
    day: date = row.day
    return cases.raise_case(
        PLATES_UNREAD,
        subject,
        mall_id=row.mall_id,
        reason="no_plate_read",
        facts={"car_park": row.car_park, "day": day.isoformat()},
        evidence=[subject, f"car_park:{row.car_park_id}"],
        now=now,
    )
