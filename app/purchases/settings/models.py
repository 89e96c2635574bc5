"""Settings of receipts, a row for each mall that decided otherwise than usual."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class ReceiptSettings(Model):
    """How a mall handles receipts.

    `refund_days`: how long a refund may wait for its purchase before people are asked. `claim_days`: how many days back
    members may claim a receipt. `claims_per_day`: how many claims a member may make on a day. `photos_per_day`: how
    many photographed receipts a member may send on a day. `photo_days`: how long photographs are kept.
    `photo_second_fen`: from which sum on a photographed, claimed or given receipt needs a second person.
    """

    __tablename__ = "receipt_settings"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), primary_key=True, autoincrement=False)
    refund_days: Mapped[int]
    claim_days: Mapped[int]
    claims_per_day: Mapped[int]
    photos_per_day: Mapped[int]
    photo_days: Mapped[int]
    photo_second_fen: Mapped[int]

    __table_args__ = (
        CheckConstraint("refund_days BETWEEN 1 AND 90", name="refund_days"),
        CheckConstraint("claim_days BETWEEN 0 AND 90", name="claim_days"),
        CheckConstraint("claims_per_day BETWEEN 0 AND 100", name="claims_per_day"),
        CheckConstraint("photos_per_day BETWEEN 0 AND 50", name="photos_per_day"),
        CheckConstraint("photo_days BETWEEN 7 AND 730", name="photo_days"),
        CheckConstraint("photo_second_fen BETWEEN 0 AND 1000000000", name="photo_second_fen"),
    )
