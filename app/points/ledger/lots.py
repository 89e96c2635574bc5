"""Lots of a locked account: opened by what is earned, taken from by what is spent, the earliest expiry first."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.points.ledger import rules
from app.points.ledger.models import PointsEntry, PointsLot, PointsUse


def open_lot(entry: PointsEntry, *, remaining: int, expires_on: date) -> None:
    """What an entry earned, less what it paid of a debt, to be spent until a day."""
    db.session.execute(
        insert(PointsLot).values(
            member_id=entry.member_id,
            entry_id=entry.id,
            points=entry.points,
            remaining_points=remaining,
            expires_on=expires_on,
        )
    )


def open_lots(member_id: int) -> Sequence[PointsLot]:
    """The account is locked, so its lots stand still."""
    return db.session.scalars(
        select(PointsLot)
        .where(PointsLot.member_id == member_id, PointsLot.remaining_points > 0)
        .order_by(PointsLot.expires_on, PointsLot.id)
        .execution_options(populate_existing=True)
    ).all()


def choose(member_id: int, points: int, *, first: int | None = None) -> list[tuple[int, int]]:
    """From which open lots to take points, as (lot, points): the one opened by entry `first` before the others."""
    found = sorted(open_lots(member_id), key=lambda lot: lot.entry_id != first)
    return rules.take_from_lots([(lot.id, lot.remaining_points) for lot in found], points)


def use_lots(entry: PointsEntry, points: int, *, first: int | None = None) -> None:
    """Take points from the open lots: the one opened by entry `first` before the others."""
    for lot_id, part in choose(entry.member_id, points, first=first):
        record_use(entry, lot_id, part)


def record_use(entry: PointsEntry, lot_id: int, points: int) -> None:
    """An entry takes points from a lot, and it is kept from which."""
    change_lot(entry.member_id, lot_id, -points)
    db.session.execute(
        insert(PointsUse).values(member_id=entry.member_id, entry_id=entry.id, lot_id=lot_id, points=points)
    )


def change_lot(member_id: int, lot_id: int, points: int) -> None:
    """Add to what remains of a lot, or take from it."""
    db.session.execute(
        update(PointsLot)
        .where(PointsLot.member_id == member_id, PointsLot.id == lot_id)
        .values(remaining_points=PointsLot.remaining_points + points)
        .execution_options(synchronize_session=False)
    )
