"""Points of one member become another's, lot by lot with their last days, and come back as far as they are still there.

What either owes moves or is paid by the same rules as everywhere: whoever owes spends first on what they owe. Over both
accounts the sum of available less owed points stays the same. A giver who holds points waits until the hold has ended.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.dialects.postgresql import insert

from app.identity.errors import MergeHeldUp
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.points.ledger import accounts, lots, queries
from app.points.ledger.models import EntryKind, PointsAccount, PointsEntry, PointsLot


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Between whom points move and why; both members are locked. `fact` names the move of points, `debt_fact` that of
    what is owed.
    """

    giver_id: int
    taker_id: int
    reason: Reason
    fact: Fact
    debt_fact: Fact
    now: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """Points that moved, and points owed that moved with them."""

    points: int
    debt_points: int


class _Part(NamedTuple):
    """What is left of a lot, and its last day."""

    lot_id: int
    expires_on: date
    is_grace: bool
    points: int


def _left_of(lot: PointsLot) -> _Part:
    return _Part(lot.id, lot.expires_on, lot.is_grace, lot.remaining_points)


def move_all(move: Move) -> Moved:
    """Give the taker every point of the giver and everything the giver owes, once. Raises MergeHeldUp."""
    giver, taker = _lock(move)
    _let_time_pass(giver, now=move.now)
    parts = [_left_of(lot) for lot in lots.open_lots(giver.member_id)]
    points, debt = giver.available_points, giver.debt_points
    if points:
        _hand(giver, taker, parts, move)
    if debt:
        giver.debt_points = 0
        _enter(giver, debt, move, move.debt_fact)
        taker.debt_points += debt
        accounts.repay(taker, _enter(taker, -debt, move, move.debt_fact), now=move.now)
    return Moved(points, debt)


def move_back(move: Move, *, before: Move) -> Moved:
    """Undo `before`, whose taker gives now: what is left of its points, and what is still owed of its debt.

    Raises MergeHeldUp.
    """
    giver, taker = _lock(move)
    debt = _return_debt(giver, taker, move, before)
    _let_time_pass(giver, now=move.now)
    received = queries.find_entry(giver.member_id, before.fact)
    if received is None:
        return Moved(0, debt)
    paid = _unpay(giver, received, now=move.now)
    giver.debt_points += paid
    parts = [_left_of(lot) for lot in lots.open_lots(giver.member_id) if lot.entry_id == received.id]
    points = sum(part.points for part in parts)
    if points:
        _hand(giver, taker, parts, move)
    return Moved(points, debt)


def _lock(move: Move) -> tuple[PointsAccount, PointsAccount]:
    """Both accounts in ascending order: giver, taker."""
    held = {one: accounts.lock_account(one) for one in sorted((move.giver_id, move.taker_id))}
    return held[move.giver_id], held[move.taker_id]


def _let_time_pass(giver: PointsAccount, *, now: datetime) -> None:
    """What a hold would return must not return to an account that moved away. Raises MergeHeldUp."""
    accounts.let_time_pass(giver, now=now)
    if giver.held_points:
        raise MergeHeldUp


def _return_debt(giver: PointsAccount, taker: PointsAccount, move: Move, before: Move) -> int:
    """What was paid of the debt when it came is the giver's again, and the rest is owed by the taker as far as it is
    owed still.
    """
    owed = queries.find_entry(giver.member_id, before.debt_fact)
    if owed is None:
        return 0
    paid = _unpay(giver, owed, now=move.now)
    still_owed = min(-owed.points - paid, giver.debt_points)
    giver.debt_points -= still_owed
    debt = paid + still_owed
    if debt:
        _enter(giver, debt, move, move.debt_fact)
        taker.debt_points += debt
        accounts.repay(taker, _enter(taker, -debt, move, move.debt_fact), now=move.now)
    return debt


def _unpay(account: PointsAccount, entry: PointsEntry, *, now: datetime) -> int:
    """Return to their lots the points with which an entry that moved paid what was owed; returns how many."""
    uses = queries.list_uses(entry)
    lots.return_points(account.member_id, uses, now=now)
    paid = sum(points for _, points in uses)
    account.available_points += paid
    return paid


def _hand(giver: PointsAccount, taker: PointsAccount, parts: list[_Part], move: Move) -> None:
    """Take the parts from the giver's lots and open as many for the taker."""
    points = sum(part.points for part in parts)
    giver.available_points -= points
    given = _enter(giver, -points, move, move.fact)
    for part in parts:
        lots.record_use(given, part.lot_id, part.points)
    taker.available_points += points
    taken = _enter(taker, points, move, move.fact)
    opened = [
        {
            "member_id": taker.member_id,
            "entry_id": taken.id,
            "points": part.points,
            "remaining_points": part.points,
            "expires_on": part.expires_on,
            "is_grace": part.is_grace,
        }
        for part in parts
    ]
    db.session.execute(insert(PointsLot), opened)
    accounts.repay(giver, given, now=move.now)
    accounts.repay(taker, taken, now=move.now)


def _enter(account: PointsAccount, points: int, move: Move, fact: Fact) -> PointsEntry:
    return accounts.write(account, kind=EntryKind.MOVE, points=points, reason=move.reason, fact=fact, now=move.now)
