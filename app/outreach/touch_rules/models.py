"""Versions of the touch rule."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromMoment, Published


class OutreachPolicy(FromMoment, Published, Model):
    """How often and when members may be touched, from a moment on; rows are added, never changed.

    At most `marketing_cap` marketing messages in any `window_hours`; none between `quiet_from_minute` and
    `quiet_until_minute` (minutes of the mall's day; equal means no quiet hours).
    """

    __tablename__ = "outreach_policies"
    __placement__ = placement.reference()

    marketing_cap: Mapped[int]
    window_hours: Mapped[int]
    quiet_from_minute: Mapped[int]
    quiet_until_minute: Mapped[int]

    __table_args__ = (
        UniqueConstraint("effective_from"),
        CheckConstraint("marketing_cap >= 0 AND window_hours > 0", name="cap"),
        CheckConstraint("quiet_from_minute BETWEEN 0 AND 1439 AND quiet_until_minute BETWEEN 0 AND 1439", name="quiet"),
    )
