"""Versions of the ladder."""

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.runs.rounds import Round
from app.kernel.versions import FromDay, Published


class TierLadder(FromDay, Published, Model):
    """The rungs of the group's ladder from a day on; rows are added, never changed. See `documents`."""

    __tablename__ = "tier_ladders"
    __placement__ = placement.reference()

    document: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("effective_from"),)


class LadderRound(Round, Model):
    """How far a ladder that has begun was brought to the members."""

    __tablename__ = "tier_ladder_rounds"
    __placement__ = placement.coordinator()

    ladder_id: Mapped[int] = mapped_column(ForeignKey("tier_ladders.id"), primary_key=True)
