"""Noting ahead what runs out for whom: a row for each member and last day, a span of members at a time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, Delete, Insert, Select, cast, delete, exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock
from app.kernel.db import db
from app.points.expiry import policies
from app.points.ledger.models import PointsLot
from app.points.notices.models import PointsExpiryNotice

# So many members' numbers are looked through with one statement.
SPAN = 100_000


def note_due(first: int, *, now: datetime) -> int:
    """Note what runs out within the days of notice for the members numbered `first` to `first` + SPAN - 1.

    Again on the same day it changes only what members did meanwhile. Returns how many notices are new or changed.
    """
    notice, today = PointsExpiryNotice, clock.business_date(now)
    due = _due(first, today, until=today + timedelta(days=policies.in_force(today).notice_days))
    new = insert(notice).from_select(["member_id", "expires_on", "points", "noticed_on"], due)
    changed = new.on_conflict_do_update(
        index_elements=["member_id", "expires_on"],
        set_={"points": new.excluded.points},
        where=notice.points != new.excluded.points,
    )
    return _count(changed)


def _due(first: int, today: date, *, until: date) -> Select[Any]:
    """What runs out from today to a day for members of the span: points by member and last day, noticed today."""
    lot = PointsLot
    points = cast(func.sum(lot.remaining_points), BigInteger)
    return (
        select(lot.member_id, lot.expires_on, points, literal(today, Date))
        .where(
            lot.remaining_points > 0,
            lot.expires_on.between(today, until),
            lot.member_id.between(first, first + SPAN - 1),
        )
        .group_by(lot.member_id, lot.expires_on)
        .order_by(lot.member_id)
    )


def drop_void(first: int) -> int:
    """Take away what was to be told of points that are spent, moved or gone by now; returns how many."""
    notice, lot = PointsExpiryNotice, PointsLot
    is_left = exists().where(
        lot.member_id == notice.member_id, lot.expires_on == notice.expires_on, lot.remaining_points > 0
    )
    return _count(delete(notice).where(notice.member_id.between(first, first + SPAN - 1), ~is_left))


def _count(statement: Insert | Delete) -> int:
    return int(getattr(db.session.execute(statement.execution_options(preserve_rowcount=True)), "rowcount", 0))


def forget(person_ids: Sequence[int]) -> None:
    """Somebody leaves, and their points with them."""
    db.session.execute(delete(PointsExpiryNotice).where(PointsExpiryNotice.member_id.in_(person_ids)))


def last_member_id() -> int:
    """The highest number of a member who holds points or has a notice; 0 without any."""
    last = select(
        func.greatest(
            select(func.coalesce(func.max(PointsLot.member_id), 0)).scalar_subquery(),
            select(func.coalesce(func.max(PointsExpiryNotice.member_id), 0)).scalar_subquery(),
        )
    )
    return int(db.session.scalars(last).one())
