"""Reading points: balances, entries, and the proof that they agree.

A lot whose last day is over counts for nothing from that second on, whether or not the nightly job has written it off:
what is shown is what could be spent.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, and_, bindparam, cast, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.points.ledger.models import PointsAccount, PointsEntry, PointsLot, PointsUse

ORDER = Order(PointsEntry.id.desc())


@dataclass(frozen=True, slots=True)
class Balance:
    """What a member can spend, and what runs out next (none within sight: both None)."""

    available_points: int
    debt_points: int
    expiring_points: int | None
    expiring_on: date | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An account whose balance is not the sum of its entries or of its open lots."""

    member_id: int
    available_points: int
    debt_points: int
    entries_points: int
    lots_points: int


def get_balance(member_id: int, *, now: datetime | None = None) -> Balance:
    """The member's balance at that moment, which is this one unless given; zero for who never had points."""
    account = db.session.get(PointsAccount, member_id)
    if account is None:
        return Balance(0, 0, None, None)
    today = clock.business_date(now or clock.now())
    lots = db.session.execute(
        select(PointsLot.expires_on, func.sum(PointsLot.remaining_points))
        .where(PointsLot.member_id == member_id, PointsLot.remaining_points > 0)
        .group_by(PointsLot.expires_on)
        .order_by(PointsLot.expires_on)
    ).all()
    overdue = sum(int(points) for expires_on, points in lots if expires_on < today)
    expires_on, points = next(((day, int(points)) for day, points in lots if day >= today), (None, None))
    return Balance(account.available_points - overdue, account.debt_points, points, expires_on)


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


def count_returnable(member_id: int, *, spent_fact: Fact, now: datetime) -> int:
    """How many points of a spending could be spent again if it were given back: those of lots that are not over."""
    kept = (
        select(func.coalesce(func.sum(PointsUse.points), 0))
        .join(PointsEntry, and_(PointsEntry.member_id == PointsUse.member_id, PointsEntry.id == PointsUse.entry_id))
        .join(PointsLot, and_(PointsLot.member_id == PointsUse.member_id, PointsLot.id == PointsUse.lot_id))
        .where(
            PointsUse.member_id == member_id,
            PointsEntry.fact == spent_fact,
            PointsLot.expires_on >= clock.business_date(now),
        )
    )
    return int(db.session.scalars(kept).one())


def list_entries(member_ids: Collection[int], asked: Asked = FIRST) -> Page[PointsEntry]:
    """A page of the entries of a member, under all their numbers, the newest first."""
    return keyset.scalars(select(PointsEntry).where(PointsEntry.member_id.in_(member_ids)), ORDER, asked)


def list_members_with_overdue_lots(*, today: date, limit: int) -> Sequence[int]:
    """Members who hold points that should have run out."""
    return db.session.scalars(
        select(PointsLot.member_id)
        .where(PointsLot.remaining_points > 0, PointsLot.expires_on < today)
        .distinct()
        .order_by(PointsLot.member_id)
        .limit(limit)
    ).all()


def list_disagreements(*, limit: int = 100) -> list[Disagreement]:
    """The nightly proof: accounts where available - debt ≠ sum of entries, or available ≠ sum of open lots."""
    entries = (
        select(PointsEntry.member_id, func.sum(PointsEntry.points).label("points"))
        .group_by(PointsEntry.member_id)
        .subquery()
    )
    lots = (
        select(PointsLot.member_id, func.sum(PointsLot.remaining_points).label("points"))
        .group_by(PointsLot.member_id)
        .subquery()
    )
    entries_points = func.coalesce(entries.c.points, 0)
    lots_points = func.coalesce(lots.c.points, 0)
    rows = db.session.execute(
        select(
            PointsAccount.member_id,
            PointsAccount.available_points,
            PointsAccount.debt_points,
            entries_points,
            lots_points,
        )
        .outerjoin(entries, entries.c.member_id == PointsAccount.member_id)
        .outerjoin(lots, lots.c.member_id == PointsAccount.member_id)
        .where(
            or_(
                PointsAccount.available_points - PointsAccount.debt_points != entries_points,
                PointsAccount.available_points != lots_points,
            )
        )
        .limit(limit)
    )
    return [Disagreement(*(int(value) for value in row)) for row in rows]
