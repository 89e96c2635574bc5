"""What differs of members of whom it is known that something does: the sides of the account, the first wrong entry."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, ColumnElement, any_, bindparam, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.db import db
from app.points.ledger.models import (
    HoldStatus,
    PointsAccount,
    PointsEntry,
    PointsHold,
    PointsHoldUse,
    PointsLot,
)
from app.points.proof.models import Side


class Difference(NamedTuple):
    """An account's side that differs, in points: `member_id` None for the whole."""

    side: Side
    member_id: int | None
    expected: int
    found: int
    entry_id: int | None = None


class Own(NamedTuple):
    """What an account says itself."""

    available: int
    held: int
    debt: int


class Account(NamedTuple):
    """A member's account, if there is one, beside what their entries, open lots and open holds come to."""

    member_id: int
    own: Own | None
    entries_points: int
    lots_points: int
    holds_points: int
    parts_points: int

    def differences(self) -> Iterator[Difference]:
        """What differs by the sums; a running balance may be wrong besides."""
        if self.own is None:
            if self.entries_points:
                yield Difference(Side.ACCOUNT, self.member_id, self.entries_points, 0)
            return
        available, held, debt = self.own
        balance = available + held - debt
        if balance != self.entries_points:
            yield Difference(Side.ENTRIES, self.member_id, self.entries_points, balance)
        if available != self.lots_points:
            yield Difference(Side.LOTS, self.member_id, self.lots_points, available)
        if held != self.holds_points:
            yield Difference(Side.HOLDS, self.member_id, self.holds_points, held)
        elif held != self.parts_points:
            yield Difference(Side.HOLDS, self.member_id, self.parts_points, held)


def describe(member_ids: Collection[int]) -> list[Difference]:
    """All that differs of these members, member by member."""
    found = [one for account in _accounts(member_ids) for one in account.differences()]
    return sorted(found + _list_broken(member_ids), key=lambda one: one.member_id or 0)


def _accounts(member_ids: Collection[int]) -> list[Account]:
    mine = PointsAccount.member_id == any_(_ids(member_ids))
    account = PointsAccount
    columns = account.member_id, account.available_points, account.held_points, account.debt_points
    own = {member_id: Own(*said) for member_id, *said in db.session.execute(select(*columns).where(mine))}
    hold, use = PointsHold, PointsHoldUse
    is_open = hold.status == HoldStatus.OPEN.value
    of_open = exists().where(hold.member_id == use.member_id, hold.id == use.hold_id, is_open)
    sums = (
        _sums(member_ids, PointsEntry.points),
        _sums(member_ids, PointsLot.remaining_points),
        _sums(member_ids, hold.points, is_open),
        _sums(member_ids, use.points, of_open),
    )
    return [Account(each, own.get(each), *(one.get(each, 0) for one in sums)) for each in member_ids]


def _sums(
    member_ids: Collection[int], points: InstrumentedAttribute[int], *wanted: ColumnElement[bool]
) -> dict[int, int]:
    whose = points.class_.member_id
    query = select(whose, func.sum(points)).where(whose == any_(_ids(member_ids)), *wanted).group_by(whose)
    return {member_id: int(total) for member_id, total in db.session.execute(query)}


def _list_broken(member_ids: Collection[int]) -> list[Difference]:
    """Of each of the members the first entry whose balance does not follow from the one before it."""
    entry = PointsEntry
    before = func.lag(entry.balance_after, 1, 0).over(partition_by=entry.member_id, order_by=entry.id)
    chain = (
        select(entry.member_id, entry.id, (before + entry.points).label("expected"), entry.balance_after)
        .where(entry.member_id == any_(_ids(member_ids)))
        .subquery("chain")
    )
    broken = (
        select(chain.c.member_id, chain.c.expected, chain.c.balance_after, chain.c.id)
        .where(chain.c.expected != chain.c.balance_after)
        .distinct(chain.c.member_id)
        .order_by(chain.c.member_id, chain.c.id)
    )
    return [Difference(Side.RUNNING, *(int(value) for value in row)) for row in db.session.execute(broken)]


def _ids(member_ids: Collection[int]) -> ColumnElement[Sequence[int]]:
    return bindparam("ids", list(member_ids), type_=ARRAY(BigInteger()), unique=True)
