"""Car parks, tariffs, sessions, gate events, quotes, payments, waivers and the messages to the gates."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column


class Direction(StrEnum):
    """Which way a car passed the gate."""

    IN = "in"
    OUT = "out"


class GateAction(StrEnum):
    """What the gate is told to do with the car in front of it."""

    OPEN = "open"
    HOLD = "hold"


class SessionNote(StrEnum):
    """What is odd about a session, for the operator."""

    EXIT_MISSED = "exit_missed"  # the next entry closed it; its end is not known
    ENTRY_MISSED = "entry_missed"  # the exit came without an entry; its beginning is not known
    EXIT_LATE = "exit_late"  # the exit was reported after the next entry
    ENTRY_LATE = "entry_late"  # the entry was reported after the exit


class PaymentStatus(StrEnum):
    """A parking payment's life."""

    AWAITING_CASH = "awaiting_cash"  # coupons and points held, WeChat Pay asked; next: paid or released
    PAID = "paid"  # coupons and points spent, the gate is told; the end
    RELEASED = "released"  # given up, coupons and points given back; the end


class WaiverKind(StrEnum):
    """What pays a part of the fee instead of cash."""

    COUPON = "coupon"  # hours of a parking coupon
    POINTS = "points"  # one point for one fen


class CarPark(Model):
    """A car park of a mall, run by a merchant's store: its waivers are settled with that merchant."""

    __tablename__ = "car_parks"

    id: Mapped[int] = identity_column()
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), index=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    gate_url: Mapped[str]
    gate_secret_sealed: Mapped[bytes]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class ParkingTariff(Model):
    """What a stay costs from a moment on. Free up to `free_minutes`; a longer stay is charged from its beginning.

    `step_fen` for every started step, at most `daily_cap_fen` in each 24 hours of the stay; after paying the car has
    `exit_grace_minutes` to leave.
    """

    __tablename__ = "parking_tariffs"

    id: Mapped[int] = identity_column()
    car_park_id: Mapped[int] = mapped_column(ForeignKey("car_parks.id"))
    effective_from: Mapped[datetime]
    free_minutes: Mapped[int]
    step_minutes: Mapped[int]
    step_fen: Mapped[int]
    daily_cap_fen: Mapped[int]
    exit_grace_minutes: Mapped[int]

    __table_args__ = (
        UniqueConstraint("car_park_id", "effective_from"),
        CheckConstraint("step_minutes BETWEEN 1 AND 1440", name="step"),
        CheckConstraint("free_minutes >= 0 AND exit_grace_minutes >= 0", name="minutes"),
        CheckConstraint("step_fen >= 0 AND daily_cap_fen >= step_fen", name="amounts"),
    )


class ParkingSession(Model):
    """One stay of a plate in a car park. `settled_fen` is what cash and waivers have paid of its fee so far."""

    __tablename__ = "parking_sessions"

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    car_park_id: Mapped[int] = mapped_column(ForeignKey("car_parks.id"))
    tariff_id: Mapped[int] = mapped_column(ForeignKey("parking_tariffs.id"))
    plate: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    entered_at: Mapped[datetime]
    exited_at: Mapped[datetime | None]
    settled_fen: Mapped[int]
    exit_by: Mapped[datetime | None]
    note: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("exited_at >= entered_at", name="times"),
        CheckConstraint("settled_fen >= 0", name="settled"),
        CheckConstraint("note IN ('exit_missed', 'entry_missed', 'exit_late', 'entry_late')", name="note"),
        Index("uq_parking_sessions_open", "car_park_id", "plate", unique=True, postgresql_where="exited_at IS NULL"),
        Index("ix_parking_sessions_car_park_id_plate", "car_park_id", "plate", "entered_at"),
        Index("ix_parking_sessions_plate_open", "plate", postgresql_where="exited_at IS NULL"),
        Index("ix_parking_sessions_member_id", "member_id", "entered_at"),
    )


class GateEvent(Model):
    """What a gate reported once, with the answer it was given; the same event id gets the same answer."""

    __tablename__ = "gate_events"

    car_park_id: Mapped[int] = mapped_column(ForeignKey("car_parks.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    lane: Mapped[str]
    plate: Mapped[str]
    direction: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("parking_sessions.id"))
    action: Mapped[str | None]
    due_fen: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("direction IN ('in', 'out')", name="direction"),
        CheckConstraint("action IN ('open', 'hold')", name="action"),
        Index("ix_gate_events_session_id", "session_id"),
    )


class ParkingQuote(Model):
    """What was due when a member asked, valid for minutes. `fee_fen` of the whole stay, `due_fen` of it still open."""

    __tablename__ = "parking_quotes"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str]
    session_id: Mapped[int] = mapped_column(ForeignKey("parking_sessions.id"))
    quoted_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    fee_fen: Mapped[int]
    settled_fen: Mapped[int]
    due_fen: Mapped[int]

    __table_args__ = (
        UniqueConstraint("member_id", "public_id"),
        CheckConstraint("due_fen = fee_fen - settled_fen AND due_fen >= 0", name="due"),
    )


class ParkingPayment(Model):
    """One quote being paid. `due_fen = waived_fen + cash_fen`; waived is what coupons and points cover."""

    __tablename__ = "parking_payments"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str]
    quote_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(ForeignKey("parking_sessions.id"))
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
        Index("ix_parking_payments_stale", "close_after", postgresql_where="status = 'awaiting_cash'"),
    )


class ParkingWaiver(Model):
    """A coupon or points that cover `covers_fen` > 0 of a payment; a coupon covers one live payment only."""

    __tablename__ = "parking_waivers"

    member_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    payment_id: Mapped[int]
    kind: Mapped[str]
    coupon_id: Mapped[int | None]
    minutes: Mapped[int]
    points: Mapped[int]
    covers_fen: Mapped[int]
    released_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "payment_id"], ["parking_payments.member_id", "parking_payments.id"]),
        ForeignKeyConstraint(["member_id", "coupon_id"], ["coupons.member_id", "coupons.id"]),
        CheckConstraint("kind IN ('coupon', 'points')", name="kind"),
        CheckConstraint("(kind = 'coupon') = (coupon_id IS NOT NULL)", name="coupon"),
        CheckConstraint("kind <> 'points' OR points = covers_fen", name="points"),
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
    )


class GateMessage(Model):
    """What a gate must hear: that a stay is paid. Sent at least once; the gate ignores a repeated `message_id`."""

    __tablename__ = "gate_messages"

    id: Mapped[int] = identity_column()
    message_id: Mapped[str] = mapped_column(unique=True)
    car_park_id: Mapped[int] = mapped_column(ForeignKey("car_parks.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("parking_sessions.id"))
    paid_fen: Mapped[int]
    waived_fen: Mapped[int]
    exit_by: Mapped[datetime]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_gate_messages_due", "due_at", postgresql_where="sent_at IS NULL"),)
