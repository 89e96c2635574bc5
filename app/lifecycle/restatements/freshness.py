"""How long an answer about everybody's stages is as good as a new one."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.identity.models import Member
from app.kernel.db import db
from app.lifecycle.restatements.restatements import Kind
from app.lifecycle.stages import nights

# Of fewer members the request that asks counts what it can; all of more is the job's.
AT_ONCE_BELOW = 100_000
# An answer is as good as new for so long; one about the past of very many members until the next night.
FRESH_FOR = timedelta(minutes=10)


def fresh_since(kind: Kind, now: datetime) -> datetime:
    """What was asked since then need not be counted anew."""
    night = nights.find_last() if kind is Kind.PAST and is_large() else None
    return now - FRESH_FOR if night is None else min(night.started_at, now - FRESH_FOR)


def is_large() -> bool:
    """Whether there are so many members that no request should look at all of them."""
    night = nights.find_last()
    if night is not None:
        return night.members >= AT_ONCE_BELOW
    some = select(Member.id).limit(AT_ONCE_BELOW).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) >= AT_ONCE_BELOW
