"""Notices of points that run out."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class PointsExpiryNotice(Model):
    """So many points (> 0) of a member run out after a day; due to be told from `noticed_on` on.

    Every night sets the points to what is left by then, and takes away the notices of which nothing is.
    """

    __tablename__ = "points_expiry_notices"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    expires_on: Mapped[date] = mapped_column(primary_key=True)
    points: Mapped[int]
    noticed_on: Mapped[date]

    __table_args__ = (
        CheckConstraint("points > 0", name="points"),
        Index("ix_points_expiry_notices_expires_on", "expires_on", "member_id"),
    )
