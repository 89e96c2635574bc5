"""Moments as machines and platforms write them, judged by whether a clock anywhere can show them."""

from datetime import UTC, datetime, timedelta

from app.kernel import clock

OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)  # a moment that far from now in the future is a mistake
# The clocks of the earth are at most so far from UTC, behind and ahead, and differ by whole minutes.
_BEHIND, _BEFORE = timedelta(hours=-12), timedelta(hours=14)
_SECONDS, _MILLISECONDS, _COMPACT = 10, 13, 14


def has_earthly_offset(moment: datetime) -> bool:
    """Whether some place on earth has the moment's offset from UTC."""
    offset = moment.utcoffset()
    return offset is not None and _BEHIND <= offset <= _BEFORE and not offset % timedelta(minutes=1)


def is_on_earth(moment: datetime) -> bool:
    """Whether the moment has an offset that some place has, and does not leave the calendar by it."""
    return has_earthly_offset(moment) and OLDEST <= moment < datetime.max.replace(tzinfo=UTC) - _AHEAD


def read_platform(written: object, *, now: datetime) -> datetime:
    """When a platform says something happened, in UTC; `now`, when it is told, if that cannot be read or be true."""
    return find_platform(written, now=now) or now


def find_platform(written: object, *, now: datetime) -> datetime | None:
    """The same; None for what cannot be read, or be true.

    Understood are unix seconds and milliseconds, ISO 8601 and `20260311101000`; without an offset it is China's time.
    """
    try:
        found = _read(str(written).strip())
    except (ValueError, OverflowError):
        return None
    if not is_on_earth(found) or found > now + _AHEAD:
        return None
    return found.astimezone(UTC)


def _read(text: str) -> datetime:
    if text.isascii() and text.isdecimal():
        return _of_digits(text)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=clock.MALL_ZONE)


def _of_digits(text: str) -> datetime:
    if len(text) == _COMPACT:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=clock.MALL_ZONE)
    if len(text) == _MILLISECONDS:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    if len(text) > _SECONDS:
        raise ValueError("no unix time")
    return datetime.fromtimestamp(int(text), UTC)
