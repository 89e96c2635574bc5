"""Callbacks that wait for people: those that nobody could read, and those that could not be worked off.

`note` is empty until somebody has dealt with one: then it says how.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, literal_column, or_, select, update

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.wechat.callbacks.models import UNREAD, PlatformEvent

ORDER = Order(PlatformEvent.received_at.desc(), PlatformEvent.id.desc())
IS_OPEN = PlatformEvent.note == ""


def is_troubled() -> ColumnElement[bool]:
    """The condition that a callback was not understood or given up; its index has the same words."""
    return or_(PlatformEvent.kind == literal_column(f"'{UNREAD}'"), PlatformEvent.given_up_at.is_not(None))


def list_events(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[PlatformEvent]:
    """A page of them, the latest first if not asked otherwise."""
    return keyset.scalars(select(PlatformEvent).where(is_troubled(), *wanted), order, asked)


def list_dead(*, limit: int) -> Sequence[PlatformEvent]:
    """Those that were given up and that nobody has dealt with, the oldest first."""
    dead = select(PlatformEvent).where(PlatformEvent.given_up_at.is_not(None), IS_OPEN)
    return db.session.scalars(dead.order_by(PlatformEvent.given_up_at, PlatformEvent.id).limit(limit)).all()


def get_event(event_id: int) -> PlatformEvent:
    """One of them; raises NotFound."""
    found = db.session.scalar(select(PlatformEvent).where(PlatformEvent.id == event_id, is_troubled()))
    if found is None:
        raise NotFound(callback=event_id)
    return found


def lock_event(event_id: int) -> PlatformEvent:
    """One of them FOR UPDATE, as it is now; raises NotFound."""
    found = db.session.scalar(
        select(PlatformEvent)
        .where(PlatformEvent.id == event_id, is_troubled())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(callback=event_id)
    return found


def settle(event_id: int, *, note: str) -> bool:
    """Somebody has dealt with it, as the note says; False when somebody had before."""
    settled = update(PlatformEvent).where(PlatformEvent.id == event_id, is_troubled(), IS_OPEN).values(note=note)
    return db.session.execute(settled.returning(PlatformEvent.id)).first() is not None


def count_by_day(platform: str, *, since: datetime, until: datetime) -> int:
    """How many of a platform's came within a time."""
    within = (PlatformEvent.received_at >= since, PlatformEvent.received_at < until)
    rows = db.session.scalars(select(PlatformEvent.id).where(is_troubled(), PlatformEvent.channel == platform, *within))
    return len(rows.all())
