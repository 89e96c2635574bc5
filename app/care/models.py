"""Notes about members, and what was given to or taken from them by hand."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class ActKind(StrEnum):
    """What was moved by hand."""

    COUPON = "coupon"
    POINTS = "points"


class CareAct(Model):
    """A coupon given, or points given (> 0) or taken (< 0), by a person for a reason; `note` is for colleagues."""

    __tablename__ = "care_acts"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    mall_id: Mapped[int]
    kind: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str]
    points: Mapped[int]
    coupon_id: Mapped[int | None]
    staff_id: Mapped[int]
    staff_name: Mapped[str]
    done_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("kind IN ('coupon', 'points')", name="kind"),
        CheckConstraint("(kind = 'points') = (points <> 0)", name="points"),
        CheckConstraint("(kind = 'coupon') = (coupon_id IS NOT NULL)", name="coupon"),
        Index("ix_care_acts_staff_id_done_at", "staff_id", "done_at"),
    )


class MemberNote(Model):
    """What somebody wrote down about a member for their colleagues in a mall."""

    __tablename__ = "member_notes"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    mall_id: Mapped[int]
    text: Mapped[str]
    staff_id: Mapped[int]
    staff_name: Mapped[str]
    written_at: Mapped[datetime]
