"""Claims of receipts."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.purchases.claims import seconds
from app.purchases.claims.seconds import Checked


class State(StrEnum):
    """How a claim stands."""

    PENDING = "pending"  # the receipt is not here: people look at it, from a sum on two of them, or it comes
    APPROVED = "approved"  # it is the member's purchase
    REJECTED = "rejected"  # for the reason told


class ReceiptClaim(Checked, Model):
    """A member says that a receipt is theirs: the store, the number printed on it, its sum and its business day.

    `is_signed`: they scanned a code that the store's till had signed. `reason` is the code of why it was rejected, with
    `note` in somebody's words. A sum that needs two people was `checked_…` by the first of them, and is pending until
    the second one agrees. `decided_by` is a name, None for what the product decided. `fact` names the purchase in
    ledgers once there is one.
    """

    __tablename__ = "receipt_claims"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str]
    mall_id: Mapped[int]
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id"))
    receipt_no: Mapped[str]
    amount_fen: Mapped[int]
    business_day: Mapped[date]
    is_signed: Mapped[bool]
    state: Mapped[str]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None]
    decided_by: Mapped[str | None]
    fact: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("state IN ('pending', 'approved', 'rejected')", name="state"),
        CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name="rejected_for"),
        CheckConstraint("amount_fen > 0", name="amount"),
        *seconds.constraints(),
        Index(
            "uq_receipt_claims_standing",
            "member_id",
            "store_id",
            "receipt_no",
            unique=True,
            postgresql_where="state <> 'rejected'",
        ),
        Index("ix_receipt_claims_member_id_created_at", "member_id", "created_at"),
        Index("ix_receipt_claims_mall_id_created_at", "mall_id", "created_at", "member_id", "id"),
        Index("ix_receipt_claims_public_id", "public_id"),
        Index("ix_receipt_claims_pending", "created_at", postgresql_where="state = 'pending'"),
    )
