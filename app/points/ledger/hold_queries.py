"""Reading holds of points."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.points.expiry import policies
from app.points.ledger.errors import HoldNotFound
from app.points.ledger.models import HoldStatus, PointsHold, PointsHoldUse, PointsLot


def is_over(hold: PointsHold, *, now: datetime) -> bool:
    """Whether a hold that was not captured can be captured no more."""
    return hold.status != HoldStatus.OPEN.value or (hold.until is not None and hold.until <= now)


def find_hold(member_id: int, fact: Fact) -> PointsHold | None:
    """The member's hold for a fact, as its row says now."""
    return db.session.scalar(
        select(PointsHold)
        .where(PointsHold.member_id == member_id, PointsHold.fact == fact)
        .execution_options(populate_existing=True)
    )


def get_hold(member_id: int, fact: Fact) -> PointsHold:
    """The member's hold for a fact. Raises HoldNotFound."""
    found = find_hold(member_id, fact)
    if found is None:
        raise HoldNotFound
    return found


def list_open(member_id: int) -> Sequence[PointsHold]:
    """Holds of a member that nobody ended, also those whose time is over, the oldest first."""
    return db.session.scalars(
        select(PointsHold)
        .where(PointsHold.member_id == member_id, PointsHold.status == HoldStatus.OPEN.value)
        .order_by(PointsHold.id)
        .execution_options(populate_existing=True)
    ).all()


def list_current(member_id: int, *, now: datetime) -> Sequence[PointsHold]:
    """What a member holds at a moment, the oldest first."""
    return [one for one in list_open(member_id) if not is_over(one, now=now)]


def count_current(member_id: int, *, now: datetime) -> int:
    """How many holds of a member are open at a moment."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(PointsHold)
            .where(
                PointsHold.member_id == member_id,
                PointsHold.status == HoldStatus.OPEN.value,
                or_(PointsHold.until.is_(None), PointsHold.until > now),
            )
        )
        or 0
    )


def count_returnable(member_id: int, fact: Fact, *, now: datetime) -> int:
    """How many points of an open hold could be spent again if it were released: in time, or by grace."""
    hold = find_hold(member_id, fact)
    if hold is None or is_over(hold, now=now):
        return 0
    if policies.at(now).grace_days:
        return hold.points
    in_time = (
        select(func.coalesce(func.sum(PointsHoldUse.points), 0))
        .join(PointsLot, and_(PointsLot.member_id == PointsHoldUse.member_id, PointsLot.id == PointsHoldUse.lot_id))
        .where(
            PointsHoldUse.member_id == member_id,
            PointsHoldUse.hold_id == hold.id,
            PointsLot.expires_on >= clock.business_date(now),
        )
    )
    return int(db.session.scalars(in_time).one())


def list_members_with_overdue_holds(*, now: datetime, limit: int) -> Sequence[int]:
    """Members with an open hold whose time is over, some of them if there are many."""
    overdue = (
        select(PointsHold.member_id)
        .where(PointsHold.status == HoldStatus.OPEN.value, PointsHold.until <= now)
        .order_by(PointsHold.until)
        .limit(limit)
    )
    return sorted(set(db.session.scalars(overdue)))


def list_holds(member_ids: Collection[int], *, limit: int) -> Sequence[PointsHold]:
    """The newest holds of a member, under all their numbers, whatever became of them."""
    return db.session.scalars(
        select(PointsHold)
        .where(PointsHold.member_id.in_(member_ids))
        .order_by(PointsHold.held_at.desc(), PointsHold.id.desc())
        .limit(limit)
    ).all()
