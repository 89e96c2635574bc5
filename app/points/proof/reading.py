"""What a proof reads: accounts beside their entries and lots, by ranges of members, and all entries by their ways.

A running balance is proved by sums, which needs no order: where each entry's balance b follows from the one before, the
p(2b − p) of all entries, p their points, add up to the square of the last balance. Only of whom that fails the entries
are read one after another.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)

from app.kernel.db import db
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
from app.points.proof.models import NO_MALL, Side
from app.points.proof.ways import Way

# So many members are read with one statement, and so many that differ are told of by each.
RANGE = 1_000_000
MOST_TOLD = 1_000


class Difference(NamedTuple):
    """An account's side that differs, in points: `member_id` None for the whole."""

    side: Side
    member_id: int | None
    expected: int
    found: int
    entry_id: int | None = None


class Account(NamedTuple):
    """An account that differs from its entries, lots or holds."""

    member_id: int
    available: int
    held: int
    debt: int
    entries_points: int
    lots_points: int
    holds_points: int
    parts_points: int

    @property
    def balance(self) -> int:
        return self.available + self.held - self.debt

    def differences(self) -> Iterator[Difference]:
        """What differs by the account itself."""
        if self.balance != self.entries_points:
            yield Difference(Side.ENTRIES, self.member_id, self.entries_points, self.balance)
        if self.available != self.lots_points:
            yield Difference(Side.LOTS, self.member_id, self.lots_points, self.available)
        if self.held != self.holds_points:
            yield Difference(Side.HOLDS, self.member_id, self.holds_points, self.held)
        elif self.held != self.parts_points:
            yield Difference(Side.HOLDS, self.member_id, self.parts_points, self.held)


class Accounts(NamedTuple):
    """What the accounts of some members come to."""

    accounts: int
    entries: int
    available: int
    held: int
    debt: int
    lots_points: int
    differing: int
    told: Sequence[Account]


class WaySum(NamedTuple):
    """What the entries of a mall and way come to, signed."""

    mall_id: int
    way: Way
    points: int
    entries: int


def ranges() -> Iterator[tuple[int, int]]:
    """The first and the last number of each range that has accounts."""
    first, last = db.session.execute(select(func.min(PointsAccount.member_id), func.max(PointsAccount.member_id))).one()
    while first is not None and first <= last:
        yield first, first + RANGE - 1
        first += RANGE


def read_accounts(first: int, last: int) -> Accounts:
    """The accounts of a range of members, each with its entries and lots."""
    one = _beside(first, last).subquery("one")
    balance = one.c.available_points + one.c.held_points - one.c.debt_points
    wrong = or_(
        balance != one.c.entries_points,
        one.c.available_points != one.c.lots_points,
        one.c.held_points != one.c.holds_points,
        one.c.held_points != one.c.parts_points,
        one.c.squares != cast(balance, BigInteger) * balance,
    )
    totals = (func.count(), *(func.coalesce(func.sum(one.c[name]), 0) for name in _TOTALLED))
    row = db.session.execute(select(*totals, func.count().filter(wrong)).select_from(one)).one()
    accounts, entries, available, held, debt, lots_points, differing = (int(value) for value in row)
    told = _tell(one.c, wrong) if differing else []
    return Accounts(accounts, entries, available, held, debt, lots_points, differing, told)


def _tell(columns: Any, wrong: ColumnElement[bool]) -> list[Account]:
    rows = db.session.execute(select(*(columns[name] for name in _TOLD)).where(wrong).limit(MOST_TOLD))
    return [Account(*(int(value) for value in row)) for row in rows]


_TOTALLED = ("entries", "available_points", "held_points", "debt_points", "lots_points")
_TOLD = (
    "member_id",
    "available_points",
    "held_points",
    "debt_points",
    "entries_points",
    "lots_points",
    "holds_points",
    "parts_points",
)


def _beside(first: int, last: int) -> Select[Any]:
    """Each account of the range with the sums of its entries, of its open lots and of its holds."""
    account, entries = PointsAccount, _entries(first, last)
    points = {
        "entries": entries,
        "lots": _lots(first, last),
        "holds": _holds(first, last),
        "parts": _parts(first, last),
    }
    query = select(
        account.member_id,
        account.available_points,
        account.held_points,
        account.debt_points,
        *(func.coalesce(entries.c[name], 0).label(name) for name in ("entries", "squares")),
        *(func.coalesce(one.c.points, 0).label(f"{name}_points") for name, one in points.items()),
    )
    for one in points.values():
        query = query.outerjoin(one, one.c.member_id == account.member_id)
    return query.where(account.member_id.between(first, last))


def _entries(first: int, last: int) -> Subquery:
    """What the entries of a range of members come to, and the sum that proves their running balances."""
    entry = PointsEntry
    return (
        select(
            entry.member_id,
            func.count().label("entries"),
            _whole(func.sum(entry.points)).label("points"),
            _whole(func.sum(entry.points * (2 * entry.balance_after - entry.points))).label("squares"),
        )
        .where(entry.member_id.between(first, last))
        .group_by(entry.member_id)
        .subquery("entries")
    )


def _lots(first: int, last: int) -> Subquery:
    """What remains of the open lots of a range of members."""
    lot = PointsLot
    return (
        select(lot.member_id, _whole(func.sum(lot.remaining_points)).label("points"))
        .where(lot.member_id.between(first, last), lot.remaining_points > 0)
        .group_by(lot.member_id)
        .subquery("lots")
    )


def _holds(first: int, last: int) -> Subquery:
    """What the open holds of a range of members come to."""
    hold = PointsHold
    return (
        select(hold.member_id, _whole(func.sum(hold.points)).label("points"))
        .where(hold.member_id.between(first, last), hold.status == HoldStatus.OPEN.value)
        .group_by(hold.member_id)
        .subquery("holds")
    )


def _parts(first: int, last: int) -> Subquery:
    """What they took from lots."""
    hold, use = PointsHold, PointsHoldUse
    return (
        select(hold.member_id, _whole(func.sum(use.points)).label("points"))
        .join(use, and_(use.member_id == hold.member_id, use.hold_id == hold.id))
        .where(hold.member_id.between(first, last), hold.status == HoldStatus.OPEN.value)
        .group_by(hold.member_id)
        .subquery("parts")
    )


def _whole(total: Any) -> ColumnElement[int]:
    """A sum as a whole number again: PostgreSQL's own is slow to reckon with."""
    return cast(total, BigInteger)


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


def find_without_account() -> list[Difference]:
    """Members with entries and without an account."""
    entry, account = PointsEntry, PointsAccount
    rows = db.session.execute(
        select(entry.member_id, func.sum(entry.points), func.count())
        .outerjoin(account, account.member_id == entry.member_id)
        .where(account.member_id.is_(None))
        .group_by(entry.member_id)
        .order_by(entry.member_id)
        .limit(MOST_TOLD)
    )
    return [Difference(Side.ACCOUNT, member_id, int(points), 0) for member_id, points, _ in rows if points]


def find_broken(member_ids: Collection[int]) -> list[Difference]:
    """Of each of the members the first entry whose balance does not follow from the one before it."""
    if not member_ids:
        return []
    entry = PointsEntry
    before = func.lag(entry.balance_after, 1, 0).over(partition_by=entry.member_id, order_by=entry.id)
    ids = bindparam("ids", list(member_ids), type_=ARRAY(BigInteger))
    chain = (
        select(entry.member_id, entry.id, (before + entry.points).label("expected"), entry.balance_after)
        .where(entry.member_id == any_(ids))
        .subquery("chain")
    )
    broken = (
        select(chain.c.member_id, chain.c.expected, chain.c.balance_after, chain.c.id)
        .where(chain.c.expected != chain.c.balance_after)
        .distinct(chain.c.member_id)
        .order_by(chain.c.member_id, chain.c.id)
    )
    return [Difference(Side.RUNNING, *(int(value) for value in row)) for row in db.session.execute(broken)]
