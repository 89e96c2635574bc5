"""The one clock. Aware UTC inside; the mall's day, week and month are those of Asia/Shanghai."""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MALL_ZONE = ZoneInfo("Asia/Shanghai")
# How far the clocks of tills and gates may be ahead of ours.
MACHINES_AHEAD = timedelta(minutes=10)
_REQUEST = timedelta(minutes=5)

_offset = timedelta(0)
_frozen: datetime | None = None


def now() -> datetime:
    """The present moment in UTC, moved by the configured offset (demonstrations only)."""
    return _frozen if _frozen is not None else datetime.now(UTC) + _offset


def set_offset(seconds: int) -> None:
    """Shift this process's clock; settings refuse an offset in production."""
    global _offset
    _offset = timedelta(seconds=seconds)


@contextmanager
def freeze(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment, for tests and for replaying history."""
    global _frozen
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    previous, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = previous


def horizon(moment: datetime) -> datetime:
    """Up to when a machine may already act at that moment: its clock is ahead, and its request takes a while."""
    return moment + MACHINES_AHEAD + _REQUEST


def local(moment: datetime) -> datetime:
    """The moment on the mall's wall clock."""
    return moment.astimezone(MALL_ZONE)


def business_date(moment: datetime) -> date:
    """The mall's calendar day that holds the moment."""
    return local(moment).date()


def start_of_day(day: date) -> datetime:
    """The UTC moment at which the mall's day begins."""
    return datetime.combine(day, time.min, MALL_ZONE).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The UTC moment at which the mall's day is over (exclusive)."""
    return start_of_day(day + timedelta(days=1))


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The UTC moments at which the mall's day begins and is over (exclusive)."""
    return start_of_day(day), end_of_day(day)


def each_day(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later (or earlier), or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
