"""The platforms' access tokens."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model


class PlatformToken(Model):
    """The present token of one account (sealed), shared by all processes; its row lock lets one of them refresh it."""

    __tablename__ = "platform_tokens"

    name: Mapped[str] = mapped_column(primary_key=True)
    value_sealed: Mapped[bytes | None]
    fetched_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
