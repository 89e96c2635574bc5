"""Open holds of a locked account, and how one ends: its parts are spent, pay what is owed, or return to their lots."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, literal, select

from app.kernel import clock
from app.kernel.db import Moment, db, table_of
from app.kernel.fastpath.entities import PreparedEntities
from app.points.expiry import policies
from app.points.ledger import lots, rules
from app.points.ledger.models import HoldStatus, PointsAccount, PointsHold, PointsHoldUse, PointsLot

_HOLDS = table_of(PointsHold)
_OVERDUE = PreparedEntities(
    PointsHold,
    select(_HOLDS)
    .where(
        _HOLDS.c.member_id == bindparam("of_member"),
        _HOLDS.c.status == literal(HoldStatus.OPEN.value),
        _HOLDS.c.until <= bindparam("now", type_=Moment),
    )
    .order_by(_HOLDS.c.id),
    refresh=True,
)


def list_overdue(member_id: int, *, now: datetime) -> Sequence[PointsHold]:
    """Open holds whose time is over, the oldest first; the account is locked, so they stand still."""
    return _OVERDUE.all(of_member=member_id, now=now)


def end_overdue(account: PointsAccount, *, now: datetime) -> None:
    """Give back what is held past its time."""
    for hold in list_overdue(account.member_id, now=now):
        end(account, hold, HoldStatus.LAPSED, now=now)


def end(
    account: PointsAccount, hold: PointsHold, status: HoldStatus, *, now: datetime, spent: int = 0
) -> list[tuple[int, int]]:
    """End an open hold: so many of its points are spent, those that run out first; the rest pays what the member owes
    by now, as far as it is not over, and returns to its lots. Returns what was spent, as (lot, points).
    """
    parts = _list_parts(hold)
    taken = rules.take_from_lots([(lot.id, points) for lot, points in parts], spent)
    rest = rules.left_after(taken, [(lot.id, points) for lot, points in parts])
    good = _good_again([lot for lot, _ in parts], today=clock.business_date(now))
    paid = rules.take_from_lots([part for part in rest if part[0] in good], account.debt_points)
    returned = rules.left_after(paid, rest)
    hold.captured_points = spent
    hold.repaid_points = sum(points for _, points in paid)
    hold.returned_points = sum(points for _, points in returned)
    hold.status, hold.closed_at = status.value, now
    account.held_points -= hold.points
    account.debt_points -= hold.repaid_points
    account.available_points += hold.returned_points
    db.session.flush()
    lots.return_points(hold.member_id, returned, now=now)
    return taken


def _good_again(found: Sequence[PointsLot], *, today: date) -> set[int]:
    """The lots whose points can be spent once they are back: in time, or by grace."""
    in_time = {lot.id for lot in found if lot.expires_on >= today}
    if len(in_time) == len(found) or not policies.in_force(today).grace_days:
        return in_time
    return {lot.id for lot in found}


def _list_parts(hold: PointsHold) -> list[tuple[PointsLot, int]]:
    """The lots that a hold took from with how much, the earliest expiry first."""
    rows = db.session.execute(
        select(PointsLot, PointsHoldUse.points)
        .join(PointsLot, (PointsLot.member_id == PointsHoldUse.member_id) & (PointsLot.id == PointsHoldUse.lot_id))
        .where(PointsHoldUse.member_id == hold.member_id, PointsHoldUse.hold_id == hold.id)
        .order_by(PointsLot.expires_on, PointsLot.id)
    )
    return [(lot, int(points)) for lot, points in rows]
