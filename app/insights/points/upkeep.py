"""Counts of what was to be spent: of each day for a while, then of the first days of months alone."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func

from app.insights.points.models import PointsDue
from app.kernel import clock
from app.kernel.db import db

KEPT_DAYS = 60


def sweep(*, now: datetime) -> int:
    """Forget what was kept long enough; returns how many rows."""
    before = clock.business_date(now) - timedelta(days=KEPT_DAYS)
    old = delete(PointsDue).where(PointsDue.day < before, func.extract("day", PointsDue.day) != 1)
    return len(db.session.execute(old.returning(PointsDue.day)).all())
