"""Reading growth."""

from collections.abc import Sequence

from sqlalchemy import select

from app.kernel.db import db
from app.tiers.models import GrowthEntry


def list_entries(member_id: int, *, before_id: int | None = None, limit: int = 50) -> Sequence[GrowthEntry]:
    """A page of the member's growth entries, the newest first."""
    query = select(GrowthEntry).where(GrowthEntry.member_id == member_id).order_by(GrowthEntry.id.desc()).limit(limit)
    return db.session.scalars(query if before_id is None else query.where(GrowthEntry.id < before_id)).all()
