"""Day totals of tills."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement

WHOLE_STORE = "*"  # as a till: what is told of all tills of a source in a store at once


class TillTotal(Model):
    """What a till of a store says of a business day: how many receipts, refunds among them, and their sum.

    `amount_fen` is net: refunds lessen it. `receipts` are number and sum of each, if the till told them. Told again,
    the newer word holds. `till` may be WHOLE_STORE. Each till is compared by itself where all receipts of the day say
    theirs, else a source's tills of a store together: `differs` says what that found, None until it was done after the
    latest word. `came_count` and `came_fen` are what came by then of a till that is compared by itself; `apart_fen`
    (>= 0) is how far the sums of its part of the day were apart.
    """

    __tablename__ = "till_totals"
    __placement__ = placement.coordinator()

    source: Mapped[str] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    business_day: Mapped[date] = mapped_column(primary_key=True)
    till: Mapped[str] = mapped_column(primary_key=True)
    mall_id: Mapped[int]
    receipt_count: Mapped[int]
    amount_fen: Mapped[int]
    receipts: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    told_at: Mapped[datetime]
    differs: Mapped[bool | None]
    came_count: Mapped[int | None]
    came_fen: Mapped[int | None]
    apart_fen: Mapped[int] = mapped_column(server_default="0")  # while older code still runs

    __table_args__ = (
        CheckConstraint("receipt_count >= 0", name="receipt_count"),
        Index("ix_till_totals_mall_id_business_day", "mall_id", "business_day"),
        Index("ix_till_totals_apart", "mall_id", "apart_fen", "business_day", "store_id", "source", "till"),
        Index("ix_till_totals_days", "mall_id", "business_day", "store_id", "source", "till"),
        Index("ix_till_totals_business_day", "business_day", postgresql_where="differs IS NOT FALSE"),
    )
