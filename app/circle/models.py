"""Circles of malls, and who authorised them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import outbox
from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.outbox import Queued


class Circle(Model):
    """A mall as WeChat Pay knows it: the circle's merchant number, and its brand for what asks for one."""

    __tablename__ = "circles"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True, autoincrement=False)
    mchid: Mapped[str] = mapped_column(unique=True)
    brand_id: Mapped[int | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]

    __table_args__ = (CheckConstraint("brand_id > 0", name="brand_id"),)


class State(StrEnum):
    """Where somebody stands with a circle."""

    CARD = "card"  # the card is open, payments are not told
    ON = "on"  # payments are told
    OFF = "off"  # they took it back


class CircleAuthorisation(Model):
    """Whether a person, by an openid of theirs, lets a circle tell of their payments.

    `told_at` is the moment of the notice or answer that said so: an older one changes nothing.
    """

    __tablename__ = "circle_authorisations"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    mchid: Mapped[str] = mapped_column(primary_key=True)
    openid: Mapped[str] = mapped_column(primary_key=True)
    card_code: Mapped[str]
    state: Mapped[str]
    authorised_at: Mapped[datetime | None]
    told_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state IN ('card', 'on', 'off')", name="state"),
        CheckConstraint("state <> 'on' OR authorised_at IS NOT NULL", name="authorised_at"),
        Index("ix_circle_authorisations_mchid_state", "mchid", "state"),
        Index("ix_circle_authorisations_heard", "told_at", postgresql_where="state = 'on'"),
    )


class Way(StrEnum):
    """Which way a car passed the gate."""

    IN = "in"
    OUT = "out"


class CircleParking(Queued, Model):
    """What WeChat Pay must hear: a car of somebody who authorised the circle came or left.

    `stay` is the stay's public number: each end of it is told of once. The plate goes with the row after some days.
    """

    __tablename__ = "circle_parkings"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    mall_id: Mapped[int]
    mchid: Mapped[str]
    brand_id: Mapped[int]
    openid: Mapped[str]
    stay: Mapped[str]
    way: Mapped[str]
    plate: Mapped[str]
    passed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("member_id", "stay", "way"),
        CheckConstraint("way IN ('in', 'out')", name="way"),
        Index("ix_circle_parkings_passed_at", "passed_at"),
        *outbox.table_args("circle_parkings"),
    )
