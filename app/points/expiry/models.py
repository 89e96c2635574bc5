"""Versions of the policy of expiry."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay, Published


class Until(StrEnum):
    """Until when points are good that were earned on a day."""

    END_OF_NEXT_YEAR = "end_of_next_year"
    MONTHS = "months"  # so many months later, on the same day of the month
    NEVER = "never"


class ExpiryPolicy(FromDay, Published, Model):
    """How long points are good that are earned from a day on, in every mall of the group.

    `months` is set for `until` = months alone. Points that a refund returns after their last day are good for
    `grace_days` more (0: they run out at once). Members are told `notice_days` ahead of what runs out. Both are asked
    of the policy of the day on which points return or are told of.
    """

    __tablename__ = "points_expiry_policies"
    __placement__ = placement.reference()

    until: Mapped[str]
    months: Mapped[int | None]
    grace_days: Mapped[int]
    notice_days: Mapped[int]

    __table_args__ = (
        UniqueConstraint("effective_from"),
        CheckConstraint("until IN ('end_of_next_year', 'months', 'never')", name="until"),
        CheckConstraint("(until = 'months') = (months IS NOT NULL)", name="months_set"),
        CheckConstraint("months BETWEEN 1 AND 120", name="months"),
        CheckConstraint("grace_days BETWEEN 0 AND 365", name="grace"),
        CheckConstraint("notice_days BETWEEN 1 AND 90", name="notice"),
    )
