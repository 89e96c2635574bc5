"""Former members, the marks by which they are known again, and those of the receipts that can still be refunded."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class FormerMember(Model):
    """That somebody left: what they had been given (`given`), and what they owe until it comes back with them.

    `spare_points` were given up by leaving: what is refunded afterwards takes them first, and only then adds to the
    debt. `hand_coupons` and `hand_points` (given or taken) are what staff did for them by hand on one day.
    `returned_member_id` is who they are since they came back, until they leave again.

    The number is random: it says nothing of the member's own, nor in which order people left.
    """

    __tablename__ = "former_members"
    __placement__ = placement.coordinator()

    id: Mapped[str] = mapped_column(primary_key=True)
    left_on: Mapped[date]
    forget_on: Mapped[date] = mapped_column(index=True)
    given: Mapped[list[str]]
    debt_points: Mapped[int]
    spare_points: Mapped[int]
    returned_member_id: Mapped[int | None]
    hand_coupons: Mapped[int]
    hand_points: Mapped[int]

    __table_args__ = (
        CheckConstraint("hand_coupons >= 0 AND hand_points >= 0", name="hand"),
        CheckConstraint("debt_points >= 0 AND spare_points >= 0", name="debt"),
        CheckConstraint("forget_on > left_on", name="period"),
        Index("ix_former_members_returned", "returned_member_id", postgresql_where="returned_member_id IS NOT NULL"),
    )


class FormerMark(Model):
    """A keyed digest of something a former member was recognised by; other rows may bear the same one."""

    __tablename__ = "former_marks"
    __placement__ = placement.coordinator()

    digest: Mapped[str] = mapped_column(primary_key=True)
    former_id: Mapped[str] = mapped_column(ForeignKey("former_members.id"), primary_key=True, index=True)


class FormerReceipt(Model):
    """A keyed digest of the number of a former member's receipt: a refund of it is theirs to make good."""

    __tablename__ = "former_receipts"
    __placement__ = placement.coordinator()

    digest: Mapped[str] = mapped_column(primary_key=True)
    former_id: Mapped[str] = mapped_column(ForeignKey("former_members.id"), index=True)
