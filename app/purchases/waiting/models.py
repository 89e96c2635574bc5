"""Receipts that wait."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class Why(StrEnum):
    """What a receipt waits for."""

    PURCHASE = "purchase"  # a refund whose purchase has not come
    DECISION = "decision"  # a payment that several others may have told of: people say which
    STORE = "store"  # its source calls the store by a code that nobody has told us yet


class WaitingReceipt(Model):
    """A receipt whose number is taken and of which nothing has followed; signs as for purchases.

    `member_id` is who bought, if the source named a member; `effects` what is to follow (`flows/consequences`).
    `store_id` and `merchant_id` are None while the store is unknown, but a till of one merchant says whose it is.
    `obstacle` is the code of the refusal that it met when what it waited for was there. What is set aside
    (`dismissed_…`) keeps its number.
    """

    __tablename__ = "waiting_receipts"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    why: Mapped[str]
    source: Mapped[str]
    receipt_no: Mapped[str]
    mall_id: Mapped[int]
    merchant_id: Mapped[int | None]
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    store_code: Mapped[str]
    occurred_at: Mapped[datetime]
    amount_fen: Mapped[int]
    refund_of: Mapped[str | None]
    details: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    member_id: Mapped[int | None]
    effects: Mapped[str]
    obstacle: Mapped[str | None]
    recorded_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[str | None]
    dismissed_for: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("why IN ('purchase', 'decision', 'store')", name="why"),
        CheckConstraint("(why = 'store') = (store_id IS NULL)", name="store_known"),
        CheckConstraint("num_nulls(dismissed_at, dismissed_by, dismissed_for) IN (0, 3)", name="dismissed_whole"),
        UniqueConstraint("source", "receipt_no"),
        Index("ix_waiting_receipts_refunds", "source", "refund_of", postgresql_where="refund_of IS NOT NULL"),
        Index("ix_waiting_receipts_codes", "mall_id", "source", "store_code", postgresql_where="why = 'store'"),
        Index("ix_waiting_receipts_mall_id_occurred_at", "mall_id", "occurred_at", "id"),
        Index("ix_waiting_receipts_why_recorded_at", "why", "recorded_at", postgresql_where="dismissed_at IS NULL"),
        Index("ix_waiting_receipts_member_id", "member_id", postgresql_where="member_id IS NOT NULL"),
    )
