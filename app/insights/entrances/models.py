"""Weeks of entrances and of malls, as they were counted last."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class _Week:
    """A week from Monday on, of the mall's calendar; money in fen.

    `visitors`: people counted at its doors, None where nobody counted. `scans`: openings of its codes. `joined`: who
    joined through them in the week; of these `reachable` can be written to now, and `bought` have bought since.
    `benefits_fen`: what the mall has paid for the benefits that joining gave them. `spend_fen`: net, since they joined,
    in all malls of the group; `margin_fen`: of that what is left for the malls (`MemberValue`).
    """

    visitors: Mapped[int | None]
    scans: Mapped[int]
    joined: Mapped[int]
    reachable: Mapped[int]
    bought: Mapped[int]
    benefits_fen: Mapped[int]
    spend_fen: Mapped[int]
    margin_fen: Mapped[int]


FIGURES = ("visitors", "scans", "joined", "reachable", "bought", "benefits_fen", "spend_fen", "margin_fen")


class EntranceWeek(_Week, Model):
    """An entrance in a week; none where nothing was counted of it."""

    __tablename__ = "entrance_weeks"
    __placement__ = placement.coordinator()

    entrance_id: Mapped[int] = mapped_column(ForeignKey("entrances.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))

    __table_args__ = (Index("ix_entrance_weeks_mall_id_week", "mall_id", "week", "joined", "entrance_id"),)


class MallWeek(_Week, Model):
    """All entrances of a mall in a week, and all its doors, with those where no code hangs; written with the others."""

    __tablename__ = "mall_weeks"
    __placement__ = placement.coordinator()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime]
