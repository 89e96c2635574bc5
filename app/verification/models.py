"""Codes sent by SMS, and attempts counted for throttling."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class Attempt(Model):
    """How often something was tried in a window, for throttling; the bucket names who and what."""

    __tablename__ = "attempts"
    __placement__ = placement.directory("bucket")

    bucket: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class SmsCode(Model):
    """A code sent to a phone (blind index, one for each purpose); usable once, for minutes, with few wrong tries."""

    __tablename__ = "sms_codes"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    phone_index: Mapped[str]
    code_digest: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    failures: Mapped[int]
    used_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_sms_codes_phone_index_id", "phone_index", "id"),)
