"""What malls say of their tiers."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class TierPerks(Model):
    """What a mall gives the members of a tier, in its own words: one line each."""

    __tablename__ = "tier_perks"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True)
    tier_code: Mapped[str] = mapped_column(primary_key=True)
    lines: Mapped[list[str]]
    changed_at: Mapped[datetime]
