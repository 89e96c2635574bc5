"""Car parks and tariffs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement
from app.kernel.versions import FromMoment


class CarPark(Model):
    """A car park of a mall, run by a merchant's store: its waivers are settled with that merchant."""

    __tablename__ = "car_parks"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), index=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    gate_url: Mapped[str]
    gate_secret_sealed: Mapped[bytes]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class ParkingTariff(FromMoment, Model):
    """What a stay costs from a moment on. Free up to `free_minutes`; a longer stay is charged from its beginning.

    `step_fen` for every started step, at most `daily_cap_fen` in each 24 hours of the stay; after paying the car has
    `exit_grace_minutes` to leave.
    """

    __tablename__ = "parking_tariffs"
    __placement__ = placement.reference()

    car_park_id: Mapped[int] = mapped_column(ForeignKey("car_parks.id"))
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
