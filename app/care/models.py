"""Notes about members, and what was given to or taken from them by hand."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay, Published


class ActKind(StrEnum):
    """What was moved by hand."""

    COUPON = "coupon"
    POINTS = "points"


class CareAct(Model):
    """A coupon given, or points given (> 0) or taken (< 0), by a person for a reason; `note` is for colleagues.

    `approved_by` is the second person who agreed to points over a limit.
    """

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
    approved_by_id: Mapped[int | None]
    approved_by: Mapped[str | None]
    done_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("kind IN ('coupon', 'points')", name="kind"),
        CheckConstraint("(kind = 'points') = (points <> 0)", name="points"),
        CheckConstraint("(kind = 'coupon') = (coupon_id IS NOT NULL)", name="coupon"),
        CheckConstraint("approved_by_id <> staff_id", name="approved"),
        Index("ix_care_acts_staff_id_done_at", "staff_id", "done_at"),
        Index("ix_care_acts_mall_id_done_at", "mall_id", "done_at"),
    )


class RequestStatus(StrEnum):
    """What became of a request."""

    WAITING = "waiting"  # next: any of the others
    APPROVED = "approved"
    DECLINED = "declined"


class CareRequest(Model):
    """Points that a person wants to give (> 0) or take (< 0) over a limit, until a second person answers.

    `over`: which limit, `once`, `member`, `person` or `budget`. `note` is for colleagues.
    """

    __tablename__ = "care_requests"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    mall_id: Mapped[int]
    points: Mapped[int]
    reason: Mapped[str]
    note: Mapped[str]
    over: Mapped[str]
    staff_id: Mapped[int]
    staff_name: Mapped[str]
    asked_at: Mapped[datetime]
    status: Mapped[str]
    decided_by_id: Mapped[int | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("points <> 0", name="points"),
        CheckConstraint("over IN ('once', 'member', 'person', 'budget')", name="over"),
        CheckConstraint("status IN ('waiting', 'approved', 'declined')", name="status"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("decided_by_id <> staff_id", name="second"),
    )


class GoodwillBudget(FromDay, Published, Model):
    """How many points (>= 0) a mall may give away each month out of goodwill, from a day on."""

    __tablename__ = "goodwill_budgets"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    points: Mapped[int]

    __table_args__ = (
        UniqueConstraint("mall_id", "effective_from"),
        CheckConstraint("points >= 0", name="points"),
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
