"""How many members have which value, and what acts of the day changed in it."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class LifecycleTally(Model):
    """How many of those who stand somewhere have which value, as a night of this day left them; only the last is kept.

    `counts`: from a value's name to how many members have which (`counting.Tally`); `near`: around which sums they are
    told apart (`counting.Near`); `looked_on`: the day whose night counted everybody for it.
    """

    __tablename__ = "lifecycle_tallies"
    __placement__ = placement.coordinator()

    day: Mapped[date] = mapped_column(primary_key=True)
    looked_on: Mapped[date]
    near: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]


class TallyChange(Model):
    """That a member with these values went (`members` is -1) or came back (1) by an act, which no tally knows yet.

    It names nobody: who left is forgotten, and only how many have which value is told.
    """

    __tablename__ = "lifecycle_tally_changes"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    last_purchase_on: Mapped[date | None]
    purchases: Mapped[int]
    year_purchases: Mapped[int]
    year_fen: Mapped[int]
    monetary_fen: Mapped[int]
    members: Mapped[int]

    __table_args__ = (CheckConstraint("members IN (-1, 1)", name="members"),)
