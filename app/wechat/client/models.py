"""The platforms' access tokens."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class PlatformToken(Model):
    """The present token of one account (sealed), shared by all processes; its row lock lets one of them refresh it."""

    __tablename__ = "platform_tokens"
    __placement__ = placement.coordinator()

    name: Mapped[str] = mapped_column(primary_key=True)
    value_sealed: Mapped[bytes | None]
    fetched_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
