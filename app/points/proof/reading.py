"""What a proof reads: accounts beside their entries and lots, by ranges of members, and all entries by their ways.

Entries add what an account's row takes off again, so that whose sums are not zero differs: no entry is joined.

Running balances are proved by sums, which needs no order: where each entry's balance follows from the one before, the
balances after all entries are those before them, but for the last one and zero. So the hashes of the ones less those of
the others leave that of the last. Two entries of equal points that bear each other's balance pass: each follows from
the other's. Only of whom a sum fails the entries are read one after another (`differences`).
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.db import db, in_one_process, join_in_order
from app.points.ledger.models import (
    EntryKind,
    HoldStatus,
    PointsAccount,
    PointsEntry,
    PointsHold,
    PointsHoldUse,
    PointsLot,
)
from app.points.proof import ways
from app.points.proof.models import NO_MALL
from app.points.proof.ways import Way

# So many members are read with one statement, and so many that differ are told of by each.
RANGE = 1_000_000
MOST_TOLD = 1_000


class Accounts(NamedTuple):
    """What the accounts of some members come to, and the first members of those that differ from their rows."""

    accounts: int
    available: int
    held: int
    debt: int
    lots_points: int
    differing: int
    told: list[int]


class WaySum(NamedTuple):
    """What the entries of a mall and way come to, signed."""

    mall_id: int
    way: Way
    points: int
    entries: int


class Range(NamedTuple):
    """Members from a number on and before another; open at both ends of all, where rows without an account may be."""

    first: int | None
    end: int | None

    def has(self, member_id: InstrumentedAttribute[int]) -> list[ColumnElement[bool]]:
        """Conditions that it is one of them."""
        first = [] if self.first is None else [member_id >= self.first]
        return first if self.end is None else [*first, member_id < self.end]


def ranges() -> Iterator[Range]:
    """All members, in parts."""
    first, last = db.session.execute(select(func.min(PointsAccount.member_id), func.max(PointsAccount.member_id))).one()
    cuts = [] if first is None else range(first + RANGE, last + 1, RANGE)
    for start, end in pairwise([None, *cuts, None]):
        yield Range(start, end)


def read_accounts(members: Range) -> Accounts:
    """The accounts of a range of members, each beside its entries, lots and holds."""
    account, unequal = _accounts(members), _unequal(members)
    lots, holds, parts = _lots(members), _holds(members), _parts(members)
    rows = account.outerjoin(lots, lots.c.member_id == account.c.member_id)
    for one in (holds, parts):
        rows = rows.outerjoin(one, one.c.member_id == account.c.member_id)
    rows = rows.outerjoin(unequal, unequal.c.member_id == account.c.member_id, full=True)
    wrong = or_(
        unequal.c.member_id.is_not(None),
        account.c.available_points != func.coalesce(lots.c.points, 0),
        account.c.held_points != func.coalesce(holds.c.points, 0),
        account.c.held_points != func.coalesce(parts.c.points, 0),
    )
    summed = (*(account.c[name] for name in _SIDES), lots.c.points)
    totals = (func.count(account.c.member_id), *(func.coalesce(func.sum(column), 0) for column in summed))
    whose = func.coalesce(account.c.member_id, unequal.c.member_id)
    with join_in_order(), in_one_process():
        row = db.session.execute(select(*totals, func.count().filter(wrong)).select_from(rows)).one()
        accounts, available, held, debt, lots_points, differing = (int(value) for value in row)
        first = select(whose).select_from(rows).where(wrong).order_by(whose).limit(MOST_TOLD)
        told = list(db.session.scalars(first)) if differing else []
    return Accounts(accounts, available, held, debt, lots_points, differing, told)


_SIDES = ("available_points", "held_points", "debt_points")


def _accounts(members: Range) -> Subquery:
    account = PointsAccount
    columns = (getattr(account, name) for name in _SIDES)
    return select(account.member_id, *columns).where(*members.has(account.member_id)).subquery("account")


def _unequal(members: Range) -> Subquery:
    """Whose entries, or whose running balances, do not come to what the account says; with or without an account."""
    entry, account = PointsEntry, PointsAccount
    balance = account.available_points + account.held_points - account.debt_points
    movements = union_all(
        select(
            entry.member_id,
            entry.points.label("points"),
            (_hash(entry.balance_after) - _hash(entry.balance_after - entry.points)).label("marks"),
        ).where(*members.has(entry.member_id)),
        select(account.member_id, -balance, _hash(literal(0, BigInteger)) - _hash(balance)).where(
            *members.has(account.member_id)
        ),
    ).subquery("movements")
    differs = or_(_whole_sum(movements.c.points) != 0, _whole_sum(movements.c.marks) != 0)
    return select(movements.c.member_id).group_by(movements.c.member_id).having(differs).subquery("unequal")


def _lots(members: Range) -> Subquery:
    """What remains of the open lots of each member."""
    lot = PointsLot
    return (
        select(lot.member_id, _whole_sum(lot.remaining_points).label("points"))
        .where(*members.has(lot.member_id), lot.remaining_points > 0)
        .group_by(lot.member_id)
        .subquery("lots")
    )


def _holds(members: Range) -> Subquery:
    """What the open holds of each member come to."""
    hold = PointsHold
    return (
        select(hold.member_id, _whole_sum(hold.points).label("points"))
        .where(*members.has(hold.member_id), hold.status == HoldStatus.OPEN.value)
        .group_by(hold.member_id)
        .subquery("holds")
    )


def _parts(members: Range) -> Subquery:
    """What they took from lots."""
    hold, use = PointsHold, PointsHoldUse
    return (
        select(hold.member_id, _whole_sum(use.points).label("points"))
        .join(use, and_(use.member_id == hold.member_id, use.hold_id == hold.id))
        .where(*members.has(hold.member_id), hold.status == HoldStatus.OPEN.value)
        .group_by(hold.member_id)
        .subquery("parts")
    )


def _hash(points: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[int]:
    """PostgreSQL's own, of 32 bits, in a number wide enough for the sum of very many."""
    return cast(func.hashint8(points), BigInteger)


def _whole_sum(points: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[int]:
    """The database's own sum of whole numbers is none: it is slow to add up and to reckon with."""
    return func.whole_sum(points, type_=BigInteger)


def sum_ways() -> list[WaySum]:
    """All entries by mall and way."""
    entry = PointsEntry
    # Only what was adjusted is asked for its reason: comparing texts of every row is what takes long.
    is_forgiven = case((entry.kind == EntryKind.ADJUST.value, entry.reason_code == ways.FORGIVEN), else_=False)
    groups = entry.mall_id, entry.kind, entry.points > 0, is_forgiven
    found = Counter[tuple[int, Way]](), Counter[tuple[int, Way]]()
    for mall_id, kind, gain, forgiven, points, entries in db.session.execute(
        select(*groups, func.sum(entry.points), func.count()).group_by(*groups)
    ):
        key = mall_id or NO_MALL, ways.way_of(kind, is_gain=gain, is_forgiven=forgiven)
        found[0][key] += int(points)
        found[1][key] += entries
    return sorted(WaySum(*key, found[0][key], entries) for key, entries in found[1].items())
