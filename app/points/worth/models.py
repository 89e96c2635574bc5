"""Versions of the factor."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay, Published


class PointsFactor(FromDay, Published, Model):
    """What points buy in every mall of the group from a day on: `factor_bps` of the anchor, 10000 is a fen a point.

    It is between members and the group alone: what a merchant is paid for points stands in its contract.
    """

    __tablename__ = "points_factors"
    __placement__ = placement.reference()

    factor_bps: Mapped[int]

    __table_args__ = (
        UniqueConstraint("effective_from"),
        CheckConstraint("factor_bps BETWEEN 1000 AND 50000", name="factor"),
    )
