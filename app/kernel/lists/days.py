"""Rows by the mall's day."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, cast, func

from app.kernel import clock


def day_of(moment: Any) -> ColumnElement[date]:
    """The mall's day of a column of moments."""
    return cast(func.timezone(clock.MALL_ZONE.key, moment), Date)
