"""Lots of a locked account: opened by what is earned, taken from by what is spent, the earliest expiry first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.fastpath.prepared import Prepared
from app.points.expiry import policies
from app.points.ledger import rules
from app.points.ledger.models import PointsEntry, PointsLot, PointsUse

_LOTS = table_of(PointsLot)
_OPEN = Prepared(
    insert(_LOTS).values({column.name: bindparam(column.name) for column in _LOTS.c if column.name != "id"})
)

_OPEN_LOTS = PreparedEntities(
    PointsLot,
    select(_LOTS)
    .where(_LOTS.c.member_id == bindparam("of_member"), _LOTS.c.remaining_points > literal_column("0"))
    .order_by(_LOTS.c.expires_on, _LOTS.c.id),
    refresh=True,
)
_CHANGE = Prepared(
    update(_LOTS)
    .where(_LOTS.c.member_id == bindparam("of_member"), _LOTS.c.id == bindparam("of_lot"))
    .values(remaining_points=_LOTS.c.remaining_points + bindparam("more", type_=BigInteger))
)
_USES = table_of(PointsUse)
_USE = Prepared(insert(_USES).values({name: bindparam(name) for name in ("member_id", "entry_id", "lot_id", "points")}))


def open_lot(entry: PointsEntry, *, remaining: int, expires_on: date) -> None:
    """What an entry earned, less what it paid of a debt, to be spent until a day."""
    _OPEN.later(
        {
            "member_id": entry.member_id,
            "entry_id": entry.id,
            "points": entry.points,
            "remaining_points": remaining,
            "expires_on": expires_on,
            "is_grace": False,
        }
    )


def return_points(member_id: int, parts: Sequence[tuple[int, int]], *, now: datetime) -> None:
    """Give points back to the lots they came from, as (lot, points); those of a lot that is over get their grace."""
    found = {lot.id: lot for lot in _list_lots(member_id, [lot_id for lot_id, _ in parts])}
    today = clock.business_date(now)
    over = [(found[lot_id], points) for lot_id, points in parts if found[lot_id].expires_on < today]
    last_day = policies.in_force(today).last_day_of_grace(today) if over else None
    if last_day is not None:
        db.session.execute(insert(PointsLot), [_grace(lot, points, last_day) for lot, points in over])
    for lot_id, points in parts:
        if last_day is None or found[lot_id].expires_on >= today:
            change_lot(member_id, lot_id, points)


def _grace(lot: PointsLot, points: int, last_day: date) -> dict[str, Any]:
    """A lot beside the one that is over: so it does not prolong what else may return there later."""
    return {
        "member_id": lot.member_id,
        "entry_id": lot.entry_id,
        "points": points,
        "remaining_points": points,
        "expires_on": last_day,
        "is_grace": True,
    }


def _list_lots(member_id: int, lot_ids: Sequence[int]) -> Sequence[PointsLot]:
    return db.session.scalars(
        select(PointsLot).where(PointsLot.member_id == member_id, PointsLot.id.in_(lot_ids))
    ).all()


def open_lots(member_id: int) -> Sequence[PointsLot]:
    """The account is locked, so its lots stand still."""
    return _OPEN_LOTS.all(of_member=member_id)


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
    _USE.later({"member_id": entry.member_id, "entry_id": entry.id, "lot_id": lot_id, "points": points})


def change_lot(member_id: int, lot_id: int, points: int) -> None:
    """Add to what remains of a lot, or take from it."""
    _CHANGE.later({"of_member": member_id, "of_lot": lot_id, "more": points})
