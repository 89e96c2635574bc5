"""Reading points: balances, entries, and the proof that they agree.

A lot whose last day is over counts for nothing from that second on, whether or not the nightly job has written it off:
what is shown is what could be spent.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Subquery,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.facts import Fact
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.fastpath.prepared import Prepared
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.points.expiry import policies
from app.points.expiry.rules import NEVER
from app.points.ledger import rules
from app.points.ledger.models import (
    HoldStatus,
    PointsAccount,
    PointsEntry,
    PointsHold,
    PointsHoldUse,
    PointsLot,
    PointsUse,
)

ORDER = Order(PointsEntry.id.desc())


@dataclass(frozen=True, slots=True)
class Balance:
    """What a member can spend, holds and owes, and what runs out next (none within sight: both None)."""

    available_points: int
    held_points: int
    debt_points: int
    expiring_points: int | None
    expiring_on: date | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An account that is not the sum of its entries, of its open lots, or of its open holds and of their parts."""

    member_id: int
    available_points: int
    held_points: int
    debt_points: int
    entries_points: int
    lots_points: int
    holds_points: int
    parts_points: int


def find_entry(member_id: int, fact: Fact) -> PointsEntry | None:
    """What the member's ledger wrote for a fact."""
    return _ENTRY.first(of_member=member_id, of_fact=fact)


_ENTRIES = table_of(PointsEntry)
_ENTRY = PreparedEntities(
    PointsEntry,
    select(_ENTRIES).where(_ENTRIES.c.member_id == bindparam("of_member"), _ENTRIES.c.fact == bindparam("of_fact")),
)


def list_uses(entry: PointsEntry) -> list[tuple[int, int]]:
    """From which lots a spending took its points, as (lot, points)."""
    uses = select(PointsUse.lot_id, PointsUse.points).where(
        PointsUse.member_id == entry.member_id, PointsUse.entry_id == entry.id
    )
    return [(lot_id, int(points)) for lot_id, points in db.session.execute(uses)]


def get_balance(member_id: int, *, now: datetime | None = None) -> Balance:
    """The member's balance at that moment, which is this one unless given; zero for who never had points.

    What is held past its time is free again from that second on, and pays what is owed first.
    """
    now = now or clock.now()
    rows = _BALANCE.all(of_member=member_id, at=now)
    if not rows:
        return Balance(0, 0, 0, None, None)
    account, today = rows[0], clock.business_date(now)
    days = [_Day(row.expires_on, row.points, row.freed_points) for row in rows if row.expires_on is not None]
    freed = _freed(days, today)
    good = Counter({one.last_day: one.points for one in days if one.points and one.last_day >= today}) + freed
    overdue = sum(one.points for one in days if one.last_day < today)
    repaid = min(freed.total(), account.debt_points)
    in_order = sorted(good.items())
    left = rules.left_after(rules.take_from_lots(in_order, repaid), in_order)
    expiring_on, expiring = next((each for each in left if each[0] != NEVER), (None, None))
    return Balance(
        account.available_points - overdue + freed.total() - repaid,
        account.held_points - sum(one.freed_points for one in days),
        account.debt_points - repaid,
        expiring,
        expiring_on,
    )


class _Day(NamedTuple):
    """Points that run out after a day: what remains of lots, and what holds took of them whose time is over."""

    last_day: date
    points: int
    freed_points: int


def _freed(days: Sequence[_Day], today: date) -> Counter[date]:
    """What holds give back whose time is over, by the day until which it is good then."""
    freed = Counter({one.last_day: one.freed_points for one in days if one.freed_points and one.last_day >= today})
    late = sum(one.freed_points for one in days if one.last_day < today)
    grace = policies.in_force(today).last_day_of_grace(today) if late else None
    return freed if grace is None else freed + Counter({grace: late})


_LOTS, _HOLDS, _HOLD_USES = table_of(PointsLot).c, table_of(PointsHold).c, table_of(PointsHoldUse).c
_IS_OPEN = _HOLDS.status == literal_column(f"'{HoldStatus.OPEN.value}'")
_NOTHING = literal_column("0", BigInteger)  # told to the planner, which knows an index of what is more


def _by_last_day() -> Subquery:
    """What remains of a member's lots, and what holds took of them whose time is over, by the lots' last day."""
    member_id = bindparam("of_member", type_=BigInteger)
    lot, hold, use = _LOTS, _HOLDS, _HOLD_USES
    lots = select(lot.member_id, lot.expires_on, lot.remaining_points, _NOTHING.label("freed_points")).where(
        lot.member_id == member_id, lot.remaining_points > _NOTHING
    )
    freed = (
        select(lot.member_id, lot.expires_on, _NOTHING, use.points)
        .where(hold.member_id == member_id, _IS_OPEN, hold.until <= bindparam("at"))
        .where(use.member_id == hold.member_id, use.hold_id == hold.id)
        .where(lot.member_id == use.member_id, lot.id == use.lot_id)
    )
    parts = union_all(lots, freed).subquery()
    sums = [
        cast(func.sum(parts.c[name]), BigInteger).label(told)
        for name, told in (("remaining_points", "points"), ("freed_points", "freed_points"))
    ]
    return (
        select(parts.c.member_id, parts.c.expires_on, *sums).group_by(parts.c.member_id, parts.c.expires_on).subquery()
    )


def _balance() -> Prepared:
    account, day = table_of(PointsAccount), _by_last_day()
    sums = (account.c[name] for name in ("available_points", "held_points", "debt_points"))
    return Prepared(
        select(*sums, day.c.expires_on, day.c.points, day.c.freed_points)
        .select_from(account.outerjoin(day, day.c.member_id == account.c.member_id))
        .where(account.c.member_id == bindparam("of_member"))
        .order_by(day.c.expires_on)
    )


_BALANCE = _balance()


def _overdue(
    member_id: ColumnElement[int] | InstrumentedAttribute[int], today: ColumnElement[date]
) -> ColumnElement[int]:
    """How many points of a member's lots are over, still in the account."""
    over = select(func.coalesce(func.sum(PointsLot.remaining_points), 0)).where(
        PointsLot.member_id == member_id, PointsLot.remaining_points > 0, PointsLot.expires_on < today
    )
    return cast(over.scalar_subquery(), BigInteger)


def available(today: date) -> ColumnElement[int]:
    """What an account in the same statement can spend on that day."""
    return PointsAccount.available_points - _overdue(PointsAccount.member_id, literal(today, Date))


def available_of(member_ids: Collection[int], *, today: date) -> dict[int, int]:
    """What each of the members can spend on that day; those who never had points are left out."""
    rows = db.session.execute(
        select(PointsAccount.member_id, available(today)).where(PointsAccount.member_id.in_(member_ids))
    )
    return {member_id: int(points) for member_id, points in rows}


def get_debt(member_id: int) -> int:
    """What a locked member owes, as the row says now."""
    return db.session.scalar(select(PointsAccount.debt_points).where(PointsAccount.member_id == member_id)) or 0


def has_had_part(member_ids: Sequence[int], part: Mapping[str, Any]) -> bool:
    """Whether any entry of the members names such a part in its breakdown, as JSON that contains this one."""
    mine = PointsEntry.member_id.in_(member_ids) & PointsEntry.breakdown.contains({"parts": [part]})
    return db.session.scalar(select(PointsEntry.id).where(mine).limit(1)) is not None


# A member's available points within another statement, by its parameters `member_id` and `today`; null for who never
# had any.
AVAILABLE = (
    select(PointsAccount.available_points - _overdue(bindparam("member_id"), bindparam("today", type_=Date)))
    .where(PointsAccount.member_id == bindparam("member_id"))
    .scalar_subquery()
)


def list_entries(member_ids: Collection[int], asked: Asked = FIRST) -> Page[PointsEntry]:
    """A page of the entries of a member, under all their numbers, the newest first."""
    return keyset.scalars(select(PointsEntry).where(PointsEntry.member_id.in_(member_ids)), ORDER, asked)


def list_members_with_overdue_lots(*, today: date, limit: int) -> Sequence[int]:
    """Members who hold points that should have run out: those of the first so many lots, as the index has them."""
    lots = (
        select(PointsLot.member_id)
        .where(PointsLot.remaining_points > 0, PointsLot.expires_on < today)
        .order_by(PointsLot.expires_on, PointsLot.member_id)
        .limit(limit)
        .subquery()
    )
    return db.session.scalars(select(lots.c.member_id).distinct().order_by(lots.c.member_id)).all()


def list_disagreements() -> list[Disagreement]:
    """The first hundred accounts that break what `models` says always holds of one: a second opinion on the proof's."""
    return [Disagreement(*(int(value) for value in row)) for row in _DISAGREEING.all()]


def _disagreeing() -> Prepared:
    account, hold, use = table_of(PointsAccount).c, _HOLDS, _HOLD_USES
    of_use = and_(hold.member_id == use.member_id, hold.id == use.hold_id)
    beside = (
        _sums(table_of(PointsEntry).c.points),
        _sums(_LOTS.remaining_points),
        _sums(hold.points, _IS_OPEN),
        _sums(use.points, exists().where(of_use, _IS_OPEN)),
    )
    entries_points, lots_points, *held_points = (func.coalesce(one.c.points, _NOTHING) for one in beside)
    query = select(*account, entries_points, lots_points, *held_points)
    for one in beside:
        query = query.outerjoin(one, one.c.member_id == account.member_id)
    balance = account.available_points + account.held_points - account.debt_points
    wrong = or_(
        balance != entries_points,
        account.available_points != lots_points,
        *(account.held_points != points for points in held_points),
    )
    return Prepared(query.where(wrong).limit(100))


def _sums(points: Column[int], *wanted: ColumnElement[bool]) -> Subquery:
    """The sum of a column for each member."""
    member_id = points.table.c.member_id
    return select(member_id, func.sum(points).label("points")).where(*wanted).group_by(member_id).subquery()


_DISAGREEING = _disagreeing()
