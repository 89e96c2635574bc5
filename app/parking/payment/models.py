"""Quotes, payments, waivers and the messages to the gates."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import outbox
from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement
from app.kernel.outbox import Queued


class PaymentStatus(StrEnum):
    """A parking payment's life."""

    AWAITING_CASH = "awaiting_cash"  # coupons and points held, WeChat Pay asked; next: paid or released
    PAID = "paid"  # coupons and points spent, the gate is told; the end
    RELEASED = "released"  # given up, coupons and points given back; the end


class WaiverKind(StrEnum):
    """What pays a part of the fee instead of cash."""

    COUPON = "coupon"  # hours of a parking coupon
    POINTS = "points"  # at the factor of the quote
    TIER = "tier"  # minutes that the member's tier gives of every stay


class ParkingQuote(Model):
    """What was due when a member asked, valid for minutes. `fee_fen` of the whole stay, `due_fen` of it still open.

    `points_factor_bps`: what points buy under it (`points.worth`), also when another factor begins meanwhile.
    `tier_minutes` (>= 0) are free by the tier that the member stands on, and take effect before all else.
    """

    __tablename__ = "parking_quotes"
    __placement__ = placement.by_member(left_out={"fk_parking_quotes_session_id": placement.TO_COORDINATOR})

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str]
    session_id: Mapped[int] = mapped_column(ForeignKey("parking_sessions.id"))
    quoted_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    fee_fen: Mapped[int]
    settled_fen: Mapped[int]
    due_fen: Mapped[int]
    points_factor_bps: Mapped[int]
    tier_code: Mapped[str | None]
    tier_minutes: Mapped[int]

    __table_args__ = (
        UniqueConstraint("member_id", "public_id"),
        CheckConstraint("due_fen = fee_fen - settled_fen AND due_fen >= 0", name="due"),
        CheckConstraint("tier_minutes >= 0 AND (tier_minutes > 0) = (tier_code IS NOT NULL)", name="tier"),
    )


class ParkingPayment(Model):
    """One quote being paid. `due_fen = waived_fen + cash_fen`; waived is what tier, coupons and points cover."""

    __tablename__ = "parking_payments"
    __placement__ = placement.by_member(left_out={"fk_parking_payments_session_id": placement.TO_COORDINATOR})

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str]
    quote_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(ForeignKey("parking_sessions.id"))
    mall_id: Mapped[int]
    due_fen: Mapped[int]
    waived_fen: Mapped[int]
    cash_fen: Mapped[int]
    status: Mapped[str]
    created_at: Mapped[datetime]
    close_after: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    exit_by: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "quote_id"], ["parking_quotes.member_id", "parking_quotes.id"]),
        UniqueConstraint("member_id", "public_id"),
        # A quote is paid once: whoever presses again needs a new one.
        UniqueConstraint("member_id", "quote_id"),
        CheckConstraint("status IN ('awaiting_cash', 'paid', 'released')", name="status"),
        CheckConstraint("due_fen = waived_fen + cash_fen", name="sum"),
        CheckConstraint("due_fen > 0 AND waived_fen >= 0 AND cash_fen >= 0", name="amounts"),
        CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL AND exit_by IS NOT NULL)", name="paid"),
        CheckConstraint("(status = 'released') = (released_at IS NOT NULL)", name="released"),
        Index(
            "uq_parking_payments_awaiting",
            "member_id",
            "session_id",
            unique=True,
            postgresql_where="status = 'awaiting_cash'",
        ),
        Index("ix_parking_payments_mall_id_created_at", "mall_id", "created_at", "member_id", "id"),
        Index("ix_parking_payments_mall_id_paid_at", "mall_id", "paid_at", postgresql_where="paid_at IS NOT NULL"),
    )


class ParkingWaiver(Model):
    """A coupon, points, or a tier's free minutes, that cover `covers_fen` > 0 of a payment.

    A coupon covers one live payment only.
    """

    __tablename__ = "parking_waivers"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    payment_id: Mapped[int]
    kind: Mapped[str]
    coupon_id: Mapped[int | None]
    tier_code: Mapped[str | None]
    minutes: Mapped[int]
    points: Mapped[int]
    covers_fen: Mapped[int]
    released_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "payment_id"], ["parking_payments.member_id", "parking_payments.id"]),
        ForeignKeyConstraint(["member_id", "coupon_id"], ["coupons.member_id", "coupons.id"]),
        CheckConstraint("kind IN ('coupon', 'points', 'tier')", name="kind"),
        CheckConstraint("(kind = 'tier') = (tier_code IS NOT NULL)", name="tier"),
        CheckConstraint("(kind = 'coupon') = (coupon_id IS NOT NULL)", name="coupon"),
        CheckConstraint("kind <> 'points' OR points > 0", name="points"),
        CheckConstraint("covers_fen > 0 AND minutes >= 0 AND points >= 0", name="amounts"),
        Index(
            "uq_parking_waivers_live_coupon",
            "member_id",
            "coupon_id",
            unique=True,
            postgresql_where="released_at IS NULL",
        ),
        Index(
            "uq_parking_waivers_live_points",
            "member_id",
            "payment_id",
            unique=True,
            postgresql_where="kind = 'points' AND released_at IS NULL",
        ),
        Index("uq_parking_waivers_tier", "member_id", "payment_id", unique=True, postgresql_where="kind = 'tier'"),
    )


class GateMessage(Queued, Model):
    """What a gate must hear: that a stay is paid. Sent at least once; the gate ignores a repeated `message_id`."""

    __tablename__ = "gate_messages"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    message_id: Mapped[str] = mapped_column(unique=True)
    car_park_id: Mapped[int] = mapped_column(ForeignKey("car_parks.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("parking_sessions.id"))
    paid_fen: Mapped[int]
    waived_fen: Mapped[int]
    exit_by: Mapped[datetime]
    created_at: Mapped[datetime]

    __table_args__ = outbox.table_args("gate_messages")
