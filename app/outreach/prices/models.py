"""Versions of the prices of messages."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay, Published


class MessagePrices(FromDay, Published, Model):
    """What a thousand messages cost on each channel from a day on, in fen; rows are added, never changed."""

    __tablename__ = "message_prices"
    __placement__ = placement.reference()

    subscribe_fen: Mapped[int]
    official_fen: Mapped[int]
    wecom_fen: Mapped[int]
    sms_fen: Mapped[int]

    __table_args__ = (
        UniqueConstraint("effective_from"),
        CheckConstraint("subscribe_fen >= 0 AND official_fen >= 0 AND wecom_fen >= 0 AND sms_fen >= 0", name="prices"),
    )
