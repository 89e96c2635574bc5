"""Versions of the ladder."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay, Published


class TierLadder(FromDay, Published, Model):
    """The rungs of the group's ladder from a day on; rows are added, never changed. See `documents`."""

    __tablename__ = "tier_ladders"
    __placement__ = placement.reference()

    document: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("effective_from"),)


class LadderRound(Model):
    """How far a ladder that has begun was brought to the members: all up to this number, all at all since `done_at`."""

    __tablename__ = "tier_ladder_rounds"
    __placement__ = placement.coordinator()

    ladder_id: Mapped[int] = mapped_column(ForeignKey("tier_ladders.id"), primary_key=True)
    reached_id: Mapped[int]
    done_at: Mapped[datetime | None]
