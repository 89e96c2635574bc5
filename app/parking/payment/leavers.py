"""Plates of members who have left: a stay is a fact without them, but a gate needs them until the car is out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update

from app.identity.models import Member
from app.kernel.db import db
from app.parking.payment.models import ParkingQuote
from app.parking.sessions.models import GateEvent, ParkingSession


def forget_plates(member_id: int) -> None:
    """The locked member leaves: their stays that are over keep no plate, nor do the gates' reports of them.

    Cars that are still inside are let go; `sweep` sees to those whose stay the member had been quoted.
    """
    over = db.session.scalars(
        select(ParkingSession.id).where(ParkingSession.member_id == member_id, ParkingSession.exited_at.is_not(None))
    ).all()
    _blank(over)
    db.session.execute(
        update(ParkingSession)
        .where(ParkingSession.member_id == member_id, ParkingSession.exited_at.is_(None))
        .values(member_id=None)
    )


def sweep(*, now: datetime) -> int:
    """Forget the plates of cars that have gone out since their member left by now; returns how many stays.

    A stay that has become somebody else's, who bound the plate meanwhile, is theirs.
    """
    gone = db.session.scalars(
        select(ParkingSession.id)
        .join(ParkingQuote, ParkingQuote.session_id == ParkingSession.id)
        .join(Member, Member.id == ParkingQuote.member_id)
        .where(
            Member.closed_at <= now,
            ParkingSession.exited_at.is_not(None),
            ParkingSession.plate != "",
            or_(ParkingSession.member_id.is_(None), ParkingSession.member_id == Member.id),
        )
        .distinct()
    ).all()
    _blank(gone)
    return len(gone)


def _blank(session_ids: Sequence[int]) -> None:
    if session_ids:
        db.session.execute(update(GateEvent).where(GateEvent.session_id.in_(session_ids)).values(plate=""))
        db.session.execute(update(ParkingSession).where(ParkingSession.id.in_(session_ids)).values(plate=""))
