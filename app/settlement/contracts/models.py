"""Contract terms."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay


class ContractTerms(FromDay, Model):
    """A merchant's terms in a mall from a day on. Point prices are fen per 100 points.

    A statement is settled within `due_days` of the merchant's confirmation, whichever side pays.
    """

    __tablename__ = "contract_terms"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchants.id"))
    commission_bps: Mapped[int]
    issue_price_fen: Mapped[int]
    redeem_price_fen: Mapped[int]
    due_days: Mapped[int]

    __table_args__ = (
        UniqueConstraint("mall_id", "merchant_id", "effective_from"),
        CheckConstraint("commission_bps BETWEEN 0 AND 10000", name="commission"),
        CheckConstraint("issue_price_fen >= 0 AND redeem_price_fen >= 0", name="prices"),
        CheckConstraint("due_days BETWEEN 0 AND 365", name="due_days"),
    )
