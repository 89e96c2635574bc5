"""Versions of the touch rule."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column


class OutreachPolicy(Model):
    """How often and when members may be touched, from a moment on; rows are added, never changed.

    At most `marketing_cap` marketing messages in any `window_hours`; none between `quiet_from_minute` and
    `quiet_until_minute` (minutes of the mall's day; equal means no quiet hours).
    """

    __tablename__ = "outreach_policies"

    id: Mapped[int] = identity_column()
    effective_from: Mapped[datetime] = mapped_column(unique=True)
    marketing_cap: Mapped[int]
    window_hours: Mapped[int]
    quiet_from_minute: Mapped[int]
    quiet_until_minute: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[str]

    __table_args__ = (
        CheckConstraint("marketing_cap >= 0 AND window_hours > 0", name="cap"),
        CheckConstraint("quiet_from_minute BETWEEN 0 AND 1439 AND quiet_until_minute BETWEEN 0 AND 1439", name="quiet"),
    )
