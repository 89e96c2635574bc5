"""Versions of the targets for moves between stages."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay, Published

_NAMES = ("join", "first", "repeat", "high", "back")


class StageTargets(FromDay, Published, Model):
    """What is aimed at from a day on, until the next version; rows are added, never changed. See `targets.Target`.

    For each transition the days that a member has for it, and the share that should make it, in basis points; None
    where nothing is aimed at.
    """

    __tablename__ = "stage_targets"
    __placement__ = placement.reference()

    join_days: Mapped[int]
    join_bps: Mapped[int | None]
    first_days: Mapped[int]
    first_bps: Mapped[int | None]
    repeat_days: Mapped[int]
    repeat_bps: Mapped[int | None]
    high_days: Mapped[int]
    high_bps: Mapped[int | None]
    back_days: Mapped[int]
    back_bps: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("effective_from"),
        *(CheckConstraint(f"{name}_days BETWEEN 1 AND 365", name=f"{name}_days") for name in _NAMES),
        *(CheckConstraint(f"{name}_bps BETWEEN 1 AND 10000", name=f"{name}_bps") for name in _NAMES),
    )
