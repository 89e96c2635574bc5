"""What members searched for: their own words, kept for a month, as long as somebody may look for what was missing."""

from datetime import datetime, timedelta

from sqlalchemy import update

from app.behaviour.models import BehaviourEvent
from app.kernel.db import db

KEPT = timedelta(days=30)


def forget(*, now: datetime) -> int:
    """Take the words out of searches that are older; that somebody searched stays. Returns how many they were."""
    result = db.session.execute(
        update(BehaviourEvent)
        .where(BehaviourEvent.words.is_not(None), BehaviourEvent.received_at < now - KEPT)
        .values(words=None)
    )
    return int(getattr(result, "rowcount", 0))
