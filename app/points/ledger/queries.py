"""Reading points: balances, entries, and the proof that they agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, or_, select

from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.points.ledger.models import PointsAccount, PointsEntry, PointsLot

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


def get_balance(member_id: int) -> Balance:
    """The member's balance; zero for who never had points."""
    account = db.session.get(PointsAccount, member_id)
    if account is None:
        return Balance(0, 0, None, None)
    soonest = db.session.execute(
        select(PointsLot.expires_on, func.sum(PointsLot.remaining_points))
        .where(PointsLot.member_id == member_id, PointsLot.remaining_points > 0)
        .group_by(PointsLot.expires_on)
        .order_by(PointsLot.expires_on)
        .limit(1)
    ).first()
    expires_on, points = soonest if soonest is not None else (None, None)
    return Balance(account.available_points, account.debt_points, None if points is None else int(points), expires_on)


# A member's available points within another statement, by its parameter `member_id`; null for who never had any.
AVAILABLE = (
    select(PointsAccount.available_points).where(PointsAccount.member_id == bindparam("member_id")).scalar_subquery()
)


def list_entries(member_id: int, asked: Asked = FIRST) -> Page[PointsEntry]:
    """A page of the member's entries, the newest first."""
    return keyset.scalars(select(PointsEntry).where(PointsEntry.member_id == member_id), ORDER, asked)


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
