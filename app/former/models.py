"""Former members, and the marks by which they are known again."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class FormerMember(Model):
    """That somebody left: what they had been given (`given`), and what they owe until it comes back with them.

    `hand_coupons` and `hand_points` (given or taken) are what staff did for them by hand on one day.

    The number is random: it says nothing of the member's own, nor in which order people left.
    """

    __tablename__ = "former_members"
    __placement__ = placement.coordinator()

    id: Mapped[str] = mapped_column(primary_key=True)
    left_on: Mapped[date]
    forget_on: Mapped[date] = mapped_column(index=True)
    given: Mapped[list[str]]
    debt_points: Mapped[int]
    hand_coupons: Mapped[int]
    hand_points: Mapped[int]

    __table_args__ = (
        CheckConstraint("hand_coupons >= 0 AND hand_points >= 0", name="hand"),
        CheckConstraint("debt_points >= 0", name="debt"),
        CheckConstraint("forget_on > left_on", name="period"),
    )


class FormerMark(Model):
    """A keyed digest of something a former member was recognised by; other rows may bear the same one."""

    __tablename__ = "former_marks"
    __placement__ = placement.coordinator()

    digest: Mapped[str] = mapped_column(primary_key=True)
    former_id: Mapped[str] = mapped_column(ForeignKey("former_members.id"), primary_key=True, index=True)
