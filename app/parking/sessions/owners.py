"""Whose stays are: the open ones of a plate go with it when it is bound, given up or merged; what is over stays."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from app.kernel.db import db
from app.parking.sessions.models import ParkingSession


def recognise(session: ParkingSession, member_id: int, *, at: datetime) -> None:
    """A stay that began before its plate was known to be the member's is theirs from the next report on."""
    if session.member_id is None and session.exited_at in (None, at):
        session.member_id = member_id
        db.session.flush()


def take_over(member_id: int, plate: str) -> list[ParkingSession]:
    """Give the open stays of a plate to the member who has just bound it; returns them."""
    return list(
        db.session.scalars(
            update(ParkingSession)
            .where(ParkingSession.plate == plate, ParkingSession.exited_at.is_(None))
            .values(member_id=member_id)
            .returning(ParkingSession)
        )
    )


def hand_over(member_id: int, *, to: int) -> list[int]:
    """Give a member's open stays to whom they are merged into; both are locked. Returns which."""
    handed = (
        update(ParkingSession)
        .where(ParkingSession.member_id == member_id, ParkingSession.exited_at.is_(None))
        .values(member_id=to)
        .returning(ParkingSession.id)
    )
    return sorted(db.session.scalars(handed))


def hand_back(session_ids: Sequence[int], *, of: int, to: int) -> None:
    """Give those of the stays that are open still, and still the one's, back to the other."""
    db.session.execute(
        update(ParkingSession)
        .where(ParkingSession.id.in_(session_ids), ParkingSession.member_id == of, ParkingSession.exited_at.is_(None))
        .values(member_id=to)
    )


def let_go(member_id: int, plate: str) -> None:
    """The plate is the member's no more: neither are its open stays."""
    db.session.execute(
        update(ParkingSession)
        .where(ParkingSession.plate == plate, ParkingSession.member_id == member_id, ParkingSession.exited_at.is_(None))
        .values(member_id=None)
    )
