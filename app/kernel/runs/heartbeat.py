"""Whether workers are alive: one row each, renewed by the worker, read by `/readyz`."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.kernel.models import Heartbeat

STALE_AFTER = timedelta(seconds=60)


def beat(worker: str, *, now: datetime, facts: dict[str, Any]) -> None:
    """Record that the worker is alive."""
    statement = insert(Heartbeat).values(worker=worker, beat_at=now, facts=facts)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["worker"], set_={"beat_at": now, "facts": facts})
    )


def is_fresh(worker: str, *, now: datetime) -> bool:
    """Whether the worker was heard of within the last minute."""
    beat_at = db.session.scalar(select(Heartbeat.beat_at).where(Heartbeat.worker == worker))
    return beat_at is not None and now - beat_at <= STALE_AFTER
