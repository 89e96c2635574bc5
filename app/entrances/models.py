"""Entrances: where in the mall a code hangs, its pictures, and who scanned it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement

ENTRANCE_KINDS = (
    "lift",
    "car_park",
    "parking_payment",
    "queue",
    "service_desk",
    "concierge",
    "event",
    "kids",
    "cinema",
    "popup",
    "market",
    "guide",
    "main",
    "invitation",
)


class Entrance(Model):
    """One code on one wall. `scene` is what the code carries (at most 32 characters, wechat-api 1.5).

    All personal codes of a mall's members count for its one entrance of the kind `invitation`.
    """

    __tablename__ = "entrances"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), index=True)
    scene: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    name: Mapped[str]
    headline: Mapped[str]
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    is_default: Mapped[bool]
    active: Mapped[bool]
    created_at: Mapped[datetime]
    created_by: Mapped[str]

    __table_args__ = (
        CheckConstraint("length(scene) BETWEEN 4 AND 30", name="scene"),
        Index("uq_entrances_default", "mall_id", unique=True, postgresql_where="is_default"),
        Index("uq_entrances_invitation", "mall_id", unique=True, postgresql_where="kind = 'invitation'"),
    )


class EntranceCode(Model):
    """The entrance's mini-program code as the platform drew it; codes never expire, so it is asked for once."""

    __tablename__ = "entrance_codes"
    __placement__ = placement.reference()

    entrance_id: Mapped[int] = mapped_column(ForeignKey("entrances.id"), primary_key=True)
    image: Mapped[bytes]
    media_type: Mapped[str]
    fetched_at: Mapped[datetime]


class ContactWay(Model):
    """The entrance's WeCom contact code; `config_id` is the only handle for changing it later."""

    __tablename__ = "contact_ways"
    __placement__ = placement.reference()

    entrance_id: Mapped[int] = mapped_column(ForeignKey("entrances.id"), primary_key=True)
    config_id: Mapped[str]
    qr_url: Mapped[str]
    user_id: Mapped[str]
    made_at: Mapped[datetime]


class EntranceScan(Model):
    """One opening through an entrance, joined or not; the visit key is made by the client per opening.

    A code that is nobody's leads to the main entrance, with what it said in `unknown_scene`: it is not counted as the
    main entrance's own.
    """

    __tablename__ = "entrance_scans"
    __placement__ = placement.coordinator(left_out={"fk_entrance_scans_member_id": placement.FROM_COORDINATOR})

    id: Mapped[int] = identity_column()
    entrance_id: Mapped[int] = mapped_column(ForeignKey("entrances.id"))
    visit_key: Mapped[str]
    scanned_at: Mapped[datetime]
    day: Mapped[date]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    joined_at: Mapped[datetime | None]
    unknown_scene: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("entrance_id", "visit_key"),
        CheckConstraint("length(unknown_scene) BETWEEN 1 AND 32", name="unknown_scene"),
        Index("ix_entrance_scans_day_entrance_id", "day", "entrance_id"),
        Index("ix_entrance_scans_scanned_at", "scanned_at", "id"),
        Index("ix_entrance_scans_entrance_id_day", "entrance_id", "day", postgresql_include=["joined_at"]),
    )


class Door(Model):
    """A door of a mall where people are counted, by the code that its counter knows; made with its first count.

    `entrance_id`: the code that hangs there, if one does.
    """

    __tablename__ = "doors"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    code: Mapped[str]
    name: Mapped[str]
    entrance_id: Mapped[int | None] = mapped_column(ForeignKey("entrances.id"), index=True)
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("mall_id", "code"),
        CheckConstraint("length(code) BETWEEN 1 AND 64", name="code"),
        CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    )


class Footfall(Model):
    """How many people came in by a door within an hour of the mall's wall clock, as it was said last.

    `source` is how it was said (api, file, hand), `counted_by` their name, `counted_at` when.
    """

    __tablename__ = "footfall"
    __placement__ = placement.coordinator()

    door_id: Mapped[int] = mapped_column(ForeignKey("doors.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    visitors: Mapped[int]
    source: Mapped[str]
    counted_by: Mapped[str]
    counted_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        CheckConstraint("visitors >= 0", name="visitors"),
        CheckConstraint("source IN ('api', 'file', 'hand')", name="source"),
        Index("ix_footfall_mall_id_day_hour_door_id", "mall_id", "day", "hour", "door_id"),
    )


class EntranceCost(Model):
    """What an entrance cost in a week from Monday on besides benefits, in fen, as it was entered last by a person."""

    __tablename__ = "entrance_costs"
    __placement__ = placement.coordinator()

    entrance_id: Mapped[int] = mapped_column(ForeignKey("entrances.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    amount_fen: Mapped[int]
    note: Mapped[str]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("amount_fen >= 0", name="amount_fen"),
        CheckConstraint("extract(isodow FROM week) = 1", name="week"),
        CheckConstraint("length(note) <= 200", name="note"),
        Index("ix_entrance_costs_mall_id_week", "mall_id", "week"),
    )
