"""What a trigger grants in a mall."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class GrantRule(Model):
    """That a trigger (`join`, `task:first_order_coupon`, …) grants a campaign in a mall."""

    __tablename__ = "grant_rules"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    trigger: Mapped[str]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    position: Mapped[int]
    active: Mapped[bool]

    __table_args__ = (UniqueConstraint("mall_id", "trigger", "campaign_id"),)
