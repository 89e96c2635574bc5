"""Receipts of which nobody told the hour: members brought them by their day, and they stand at its noon.

Whoever shows when such a receipt was shows its day alone. What is printed on a photographed receipt is told to the
minute: one that stands elsewhere, or at noon itself, is taken for one without an hour.
"""

from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Time, and_, cast, func, or_

from app.kernel import clock
from app.purchases import rules

NOON = time(12)


def is_day_only(source: str, occurred_at: datetime) -> bool:
    """Whether nobody told the hour of a receipt."""
    at = clock.local(occurred_at).time()
    is_printed = at != NOON and (at.second, at.microsecond) == (0, 0)
    return source == rules.CLAIM or (source == rules.PHOTO and not is_printed)


def stands_for_day(source: SQLColumnExpression[Any], occurred_at: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """The same as a condition."""
    at_noon = cast(func.timezone(clock.MALL_ZONE.key, occurred_at), Time) == NOON
    is_unprinted = or_(at_noon, func.date_trunc("minute", occurred_at) != occurred_at)
    return or_(source == rules.CLAIM, and_(source == rules.PHOTO, is_unprinted))
