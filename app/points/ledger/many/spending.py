"""Spending points by the thousand: what `holds.hold` and `holds.capture` do one by one, in a few statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, update

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db, table_of
from app.kernel.facts import Fact
from app.kernel.fastpath import arrays
from app.kernel.fastpath.copies import copy_in, next_ids
from app.kernel.reasons import Reason
from app.points.ledger import bulk, rules
from app.points.ledger.day_sums import SPENT
from app.points.ledger.errors import InsufficientPoints
from app.points.ledger.models import (
    EntryKind,
    HoldStatus,
    PointsEntry,
    PointsHold,
    PointsHoldUse,
    PointsLot,
    PointsUse,
)


class Spent(NamedTuple):
    """Points (> 0) of a member that were held at a moment, for a fact that nothing was held for, and spent at once."""

    member_id: int
    points: int
    reason: Reason
    fact: Fact
    mall_id: int
    store_id: int
    at: datetime
    until: datetime


class _Lot(NamedTuple):
    id: int
    points: int
    expires_on: date


@dataclass(slots=True)
class Purse:
    """What members can spend, lot by lot, the earliest expiry first; their accounts are locked."""

    lots: dict[int, list[_Lot]]
    accounts: dict[int, bulk.Account]
    changed: dict[int, int] = field(default_factory=dict)

    def take(self, member_id: int, points: int, *, at: datetime) -> list[tuple[int, int]]:
        """From which lots the points come, as (lot, points). Raises InsufficientPoints (facts available, needed).

        What had run out by then is left to whoever lets lots run out.
        """
        day, own = clock.business_date(at), self.lots.get(member_id, [])
        good = [(lot, lot.points) for lot in own if lot.expires_on >= day]
        available = sum(left for _, left in good)
        if available < points:
            raise InsufficientPoints(available=available, needed=points)
        taken = {lot.id: part for lot, part in rules.take_from_lots(good, points)}
        left = [lot._replace(points=lot.points - taken.get(lot.id, 0)) for lot in own]
        self.changed |= {lot.id: lot.points for lot in left if lot.id in taken}
        self.lots[member_id] = [lot for lot in left if lot.points]
        self.accounts[member_id].available -= points
        return list(taken.items())


def open_purse(member_ids: Collection[int]) -> Purse:
    """Lock the accounts of members, who are locked, and read what they can spend."""
    accounts = bulk.lock_accounts(member_ids)
    ids = bindparam("ids", sorted(accounts), type_=ARRAY(BigInteger()))
    lot = PointsLot
    rows = db.session.execute(
        select(lot.member_id, lot.id, lot.remaining_points, lot.expires_on)
        .where(lot.member_id == func.any(ids), lot.remaining_points > 0)
        .order_by(lot.member_id, lot.expires_on, lot.id)
    )
    lots: dict[int, list[_Lot]] = {}
    for member_id, *told in rows:
        lots.setdefault(member_id, []).append(_Lot(*told))
    return Purse(lots, accounts)


class _Taken(NamedTuple):
    """Points that were taken from lots, as (lot, points), and the balance after."""

    spent: Spent
    parts: list[tuple[int, int]]
    balance: int

    def uses(self, number: int) -> list[tuple[int, int, int, int]]:
        """Rows of what a hold or an entry took."""
        return [(self.spent.member_id, number, lot_id, points) for lot_id, points in self.parts]


@dataclass(slots=True)
class Spending:
    """Rows to be written of what is taken out of a purse, in the order in which it is."""

    purse: Purse
    taken: list[_Taken] = field(default_factory=list)

    def spend(self, spent: Spent) -> None:
        """Raises InsufficientPoints (facts available, needed)."""
        parts = self.purse.take(spent.member_id, spent.points, at=spent.at)
        self.taken.append(_Taken(spent, parts, self.purse.accounts[spent.member_id].balance))

    def write(self) -> None:
        """Holds that are captured, entries, what both took from which lots, and what that leaves."""
        taken = self.taken
        if not taken:
            return
        holds = list(zip(taken, next_ids(PointsHold, len(taken)), strict=True))
        copy_in(PointsHold, _HOLD, [_hold(one.spent, number) for one, number in holds])
        copy_in(PointsHoldUse, ("member_id", "hold_id", "lot_id", "points"), _uses(holds))
        entries = list(zip(taken, next_ids(PointsEntry, len(taken)), strict=True))
        copy_in(PointsEntry, _ENTRY, [_entry(one.spent, number, one.balance) for one, number in entries])
        copy_in(PointsUse, ("member_id", "entry_id", "lot_id", "points"), _uses(entries))
        marks.note_all(SPENT, ((one.spent.mall_id, clock.business_date(one.spent.at)) for one in taken))
        _change_lots({(one.spent.member_id, lot_id) for one in taken for lot_id, _ in one.parts}, self.purse.changed)
        bulk.change_accounts({one.spent.member_id: self.purse.accounts[one.spent.member_id] for one in taken})


def _uses(numbered: Sequence[tuple[_Taken, int]]) -> list[tuple[int, int, int, int]]:
    return [use for one, number in numbered for use in one.uses(number)]


_HOLD = (
    "member_id",
    "id",
    "fact",
    "status",
    "points",
    "captured_points",
    "returned_points",
    "repaid_points",
    "reason_code",
    "reason_facts",
    "mall_id",
    "store_id",
    "held_at",
    "until",
    "closed_at",
)


def _hold(spent: Spent, hold_id: int) -> tuple[object, ...]:
    reason, captured = spent.reason.as_columns(), (spent.points, spent.points, 0, 0)
    place, times = (spent.mall_id, spent.store_id), (spent.at, spent.until, spent.at)
    return spent.member_id, hold_id, spent.fact, HoldStatus.CAPTURED.value, *captured, *reason, *place, *times


_ENTRY = (
    "member_id",
    "id",
    "kind",
    "points",
    "balance_after",
    "reason_code",
    "reason_facts",
    "fact",
    "mall_id",
    "store_id",
    "occurred_at",
)


def _entry(spent: Spent, entry_id: int, balance: int) -> tuple[object, ...]:
    moved = (EntryKind.REDEEM.value, -spent.points, balance, *spent.reason.as_columns())
    return spent.member_id, entry_id, *moved, spent.fact, spent.mall_id, spent.store_id, spent.at


def _change_lots(used: Collection[tuple[int, int]], left: Mapping[int, int]) -> None:
    kinds = dict.fromkeys(("member_id", "lot_id", "points"), BigInteger())
    given, row = arrays.table_of_rows("given", kinds), table_of(PointsLot)
    db.session.execute(
        update(row)
        .where(row.c.member_id == given.c.member_id, row.c.id == given.c.lot_id)
        .values(remaining_points=given.c.points),
        arrays.parameters(kinds, [(owner, lot_id, left[lot_id]) for owner, lot_id in sorted(used)]),
    )
