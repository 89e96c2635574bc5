"""Parking sessions and the reports of gates."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


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
    PLATE_UNREAD = "plate_unread"  # a gate read no plate: a report by itself, over at once, of whichever car


class ParkingSession(Model):
    """One stay of a plate in a car park. `settled_fen` is what cash and waivers have paid of its fee so far.

    `tier_minutes` > 0: so many were free by a member's tier; there are no others in the same stay.
    """

    __tablename__ = "parking_sessions"
    __placement__ = placement.coordinator(left_out={"fk_parking_sessions_member_id": placement.FROM_COORDINATOR})

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    car_park_id: Mapped[int] = mapped_column(ForeignKey("car_parks.id"))
    tariff_id: Mapped[int] = mapped_column(ForeignKey("parking_tariffs.id"))
    plate: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    entered_at: Mapped[datetime]
    exited_at: Mapped[datetime | None]
    settled_fen: Mapped[int]
    tier_minutes: Mapped[int] = mapped_column(server_default="0")
    exit_by: Mapped[datetime | None]
    note: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("exited_at >= entered_at", name="times"),
        CheckConstraint("settled_fen >= 0 AND tier_minutes >= 0", name="settled"),
        CheckConstraint(
            "note IN ('exit_missed', 'entry_missed', 'exit_late', 'entry_late', 'plate_unread')", name="note"
        ),
        Index("uq_parking_sessions_open", "car_park_id", "plate", unique=True, postgresql_where="exited_at IS NULL"),
        Index("ix_parking_sessions_car_park_id_plate", "car_park_id", "plate", "entered_at"),
        Index("ix_parking_sessions_plate_open", "plate", postgresql_where="exited_at IS NULL"),
        Index("ix_parking_sessions_exit_missed", "exited_at", postgresql_where="note = 'exit_missed'"),
        Index("ix_parking_sessions_unread", "entered_at", postgresql_where="note = 'plate_unread'"),
        Index("ix_parking_sessions_member_id", "member_id", "entered_at"),
        Index("ix_parking_sessions_ended", "exited_at", "member_id", postgresql_where="member_id IS NOT NULL"),
        Index("ix_parking_sessions_entered_at", "entered_at", "id"),
        Index("ix_parking_sessions_inside", "entered_at", "id", postgresql_where="exited_at IS NULL"),
    )


class GateEvent(Model):
    """What a gate reported once, with the answer it was given; the same event id gets the same answer."""

    __tablename__ = "gate_events"
    __placement__ = placement.coordinator()

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
