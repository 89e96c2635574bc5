"""Versions of the rules of earning."""

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.runs.rounds import DayRound
from app.kernel.versions import FromDay, Published


class EarningRules(FromDay, Published, Model):
    """What spending in a mall earns from a day on; rows are added, never changed. See `documents` for the document."""

    __tablename__ = "earning_rules"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    document: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("mall_id", "effective_from"),)


class ActDay(DayRound, Model):
    """How far the acts of a day were credited."""

    __tablename__ = "points_act_days"
    __placement__ = placement.coordinator()
