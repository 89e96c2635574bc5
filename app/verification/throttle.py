"""Counting attempts in fixed windows: sign-ins, SMS codes, look-ups of unknown codes."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db, table_of
from app.kernel.errors import Throttled
from app.kernel.fastpath.prepared import Prepared
from app.verification.models import Attempt

_ATTEMPTS = table_of(Attempt)
_COUNTED = (
    insert(_ATTEMPTS)
    .values(bucket=bindparam("bucket"), window_start=bindparam("window_start"), count=1)
    .on_conflict_do_update(
        index_elements=["bucket", "window_start"],
        set_={"count": _ATTEMPTS.c.count + 1},
        where=_ATTEMPTS.c.count < bindparam("limit"),
    )
)
_COUNT = Prepared(_COUNTED)
_NUMBER = bindparam("number", type_=BigInteger)
_ADD = Prepared(
    insert(_ATTEMPTS)
    .values(bucket=bindparam("bucket"), window_start=bindparam("window_start"), count=_NUMBER)
    .on_conflict_do_update(index_elements=["bucket", "window_start"], set_={"count": _ATTEMPTS.c.count + _NUMBER})
    .returning(_ATTEMPTS.c.count),
    alone=True,
)


def count_attempt(bucket: str, *, limit: int, window_s: int, now: datetime) -> None:
    """Count one attempt; raises Throttled (fact retry_after_s) above `limit` in the current window."""
    if not _COUNT.run(bucket=bucket, window_start=window(window_s, now), limit=limit):
        raise refusal(window_s, now)


def refusal(window_s: int, now: datetime) -> Throttled:
    """What says that the present window is full, and when the next one begins."""
    return Throttled(retry_after_s=int(window(window_s, now).timestamp() + window_s - now.timestamp()) + 1)


def add(bucket: str, number: int, *, start: datetime) -> int:
    """Count several attempts of a window that began then; returns how many it holds now.

    It needs no BEGIN and COMMIT where nothing else is done in the unit of work.
    """
    return int(_ADD.first(bucket=bucket, window_start=start, number=number).count)


def count_tries(bucket: str, *, window_s: int, now: datetime) -> int:
    """How many attempts the present window holds."""
    held = select(Attempt.count).where(Attempt.bucket == bucket, Attempt.window_start == window(window_s, now))
    return db.session.scalar(held) or 0


def note(bucket: str, *, window_s: int, now: datetime) -> int:
    """Count one attempt without a limit; returns how many the present window holds now."""
    return note_since(bucket, window(window_s, now))


def note_since(bucket: str, start: datetime) -> int:
    """Count one in a window that began then, as a mall's day does; returns how many it holds now."""
    counted = insert(Attempt).values(bucket=bucket, window_start=start, count=1)
    return db.session.scalars(
        counted.on_conflict_do_update(
            index_elements=["bucket", "window_start"], set_={"count": Attempt.count + 1}
        ).returning(Attempt.count)
    ).one()


def window(window_s: int, now: datetime) -> datetime:
    """When the present window began."""
    return datetime.fromtimestamp(now.timestamp() // window_s * window_s, now.tzinfo)


def forget(bucket: str) -> None:
    """Clear a bucket, after a success."""
    db.session.execute(delete(Attempt).where(Attempt.bucket == bucket))


def sweep(*, now: datetime) -> int:
    """Drop windows older than two days; returns how many."""
    result = db.session.execute(delete(Attempt).where(Attempt.window_start < now - timedelta(days=2)))
    return int(getattr(result, "rowcount", 0))
