"""The months of the events: made ahead of their time, dropped as a whole when they have been kept long enough.

What comes in a month that was not made (the job did not run, a clock was moved) stands in the rest, and moves to its
month when that is made. Making and dropping wait for whoever writes events, and hold them up for a moment.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select, text

from app.behaviour.models import BehaviourEvent
from app.kernel import clock
from app.kernel.db import SCHEMA_LOCK, db, table_of

AHEAD = 2
_EVENTS = table_of(BehaviourEvent)
_REST = "behaviour_events_rest"
_PARTITIONS = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'behaviour_events'::regclass")


def list_missing(*, now: datetime) -> list[date]:
    """The first days of this month and those ahead that have no partition yet."""
    month = clock.first_of_month(clock.business_date(now))
    wanted = [month]
    for _ in range(AHEAD):
        wanted.append(clock.first_of_next_month(wanted[-1]))
    made = _made()
    return [one for one in wanted if one not in made]


def list_over(*, kept: int, now: datetime) -> list[date]:
    """The first days of the months that are over by more than are kept, the present one among these."""
    first = _first_kept(kept, now)
    return sorted(month for month in _made() if month < first)


def make(month: date) -> None:
    """Give a month its partition, with what came before it was there; a month that has one stays as it is."""
    _be_alone()
    if month in _made():
        return
    of_month = _EVENTS.c.month == month
    if db.session.scalar(select(_EVENTS.c.event_id).where(of_month).limit(1)) is None:
        _create(month)
        return
    rest = _EVENTS.to_metadata(type(_EVENTS.metadata)(), name=_REST)
    in_rest = rest.c.month == month
    db.session.execute(text(f"ALTER TABLE behaviour_events DETACH PARTITION {_REST}"))
    _create(month)
    db.session.execute(insert(_EVENTS).from_select(list(rest.c.keys()), select(rest).where(in_rest)))
    db.session.execute(delete(rest).where(in_rest))
    db.session.execute(text(f"ALTER TABLE behaviour_events ATTACH PARTITION {_REST} DEFAULT"))


def _create(month: date) -> None:
    following = clock.first_of_next_month(month)
    db.session.execute(
        text(
            f"CREATE TABLE {_name(month)} PARTITION OF behaviour_events"
            f" FOR VALUES FROM ('{month.isoformat()}') TO ('{following.isoformat()}')"
        )
    )


def drop(month: date) -> None:
    """Drop a month with all that is in it."""
    _be_alone()
    db.session.execute(text(f"DROP TABLE IF EXISTS {_name(month)}"))


def forget_rest(*, kept: int, now: datetime) -> int:
    """Delete what is as old and never got a partition; returns how many events they were."""
    result = db.session.execute(delete(_EVENTS).where(_EVENTS.c.month < _first_kept(kept, now)))
    return int(getattr(result, "rowcount", 0))


def _be_alone() -> None:
    """Whoever else changes the schema waits, or is waited for."""
    db.session.execute(text(f"SELECT pg_advisory_xact_lock({SCHEMA_LOCK})"))


def _first_kept(kept: int, now: datetime) -> date:
    month = clock.first_of_month(clock.business_date(now))
    for _ in range(kept - 1):
        month = clock.first_of_month(month - timedelta(days=1))
    return month


def _name(month: date) -> str:
    return f"behaviour_events_{month:%Y_%m}"


def _made() -> set[date]:
    """The months that have a partition, told by their names."""
    names = (name.removeprefix("behaviour_events_") for name in db.session.scalars(_PARTITIONS) if name != _REST)
    return {date.fromisoformat(f"{name.replace('_', '-')}-01") for name in names}
