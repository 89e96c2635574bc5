"""Stock buckets."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class StockBucket(Model):
    """A share of a campaign's stock; several buckets keep a rush from queuing at one row."""

    __tablename__ = "stock_buckets"
    __placement__ = placement.directory("campaign_id")

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True)
    remaining: Mapped[int]

    __table_args__ = (CheckConstraint("remaining >= 0", name="remaining"),)
