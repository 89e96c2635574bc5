"""Bank accounts of malls and of the merchants in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class BankAccount(Model):
    """Where money of settlements goes: to a merchant of a mall or, without merchant, to the mall itself.

    The number is sealed, because a small merchant's is a person's; the mask is what lists show.
    """

    __tablename__ = "bank_accounts"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    merchant_id: Mapped[int | None] = mapped_column(ForeignKey("merchants.id"))
    holder: Mapped[str]
    bank: Mapped[str]
    number_sealed: Mapped[bytes]
    number_masked: Mapped[str]
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index("uq_bank_accounts_mall", "mall_id", unique=True, postgresql_where="merchant_id IS NULL"),
        Index(
            "uq_bank_accounts_merchant",
            "mall_id",
            "merchant_id",
            unique=True,
            postgresql_where="merchant_id IS NOT NULL",
        ),
    )
