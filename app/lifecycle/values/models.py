"""What each member brought and took on a day, and which days are counted."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class MemberValue(Model):
    """What a member brought and took on a day of the mall's calendar, under the number it was written with.

    `commission_fen`: commission on what they bought, less what refunds of that day gave back. `benefits_fen`: what the
    mall paid for benefits they used. `message_cost_fen`: messages that went to them. `margin_fen`: the first less the
    others, so it may be below zero. `discount_fen`: what coupons spared them, whoever paid. A use that was reversed
    counts on its own day and is taken back on the day of the reversal. `stay_minutes`: of stays in car parks that
    ended on the day, where both ends are known. Days without any of it have no row.
    """

    __tablename__ = "member_values"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    commission_fen: Mapped[int]
    benefits_fen: Mapped[int]
    message_cost_fen: Mapped[int]
    margin_fen: Mapped[int]
    discount_fen: Mapped[int]
    stay_minutes: Mapped[int]

    __table_args__ = (
        CheckConstraint("margin_fen = commission_fen - benefits_fen - message_cost_fen", name="margin"),
        CheckConstraint("message_cost_fen >= 0 AND stay_minutes >= 0", name="amounts"),
        Index("ix_member_values_day", "day", "member_id"),
    )


class ValueDay(Model):
    """A day whose rows are counted; `counted_at` is None while it waits to be, for the first time or once more."""

    __tablename__ = "member_value_days"
    __placement__ = placement.coordinator()

    day: Mapped[date] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_member_value_days_due", "day", postgresql_where="counted_at IS NULL"),)
