"""Wishes for invoices."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class TitleKind(StrEnum):
    """To whom an invoice is made out."""

    PERSON = "person"
    COMPANY = "company"


class InvoiceStatus(StrEnum):
    """A wish's life."""

    ASKED = "asked"  # people are asked by a case; next: issued or refused
    ISSUED = "issued"  # it was sent to the e-mail address; the end, unless the case is reopened
    REFUSED = "refused"  # it could not be issued, for `refusal`; next: asked, when the member corrects it


class ParkingInvoice(Model):
    """The invoice that a member wishes for the cash of a payment, `amount_fen` > 0.

    Title and e-mail address are sealed; pages show a company's title, which is public as its tax number is, and masks
    of a person's name and of the address. All of it is null once the member has left.
    """

    __tablename__ = "parking_invoices"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str]
    payment_id: Mapped[int]
    mall_id: Mapped[int]
    amount_fen: Mapped[int]
    title_kind: Mapped[str]
    title_shown: Mapped[str | None]
    title_sealed: Mapped[bytes | None]
    tax_no: Mapped[str | None]
    email_masked: Mapped[str | None]
    email_sealed: Mapped[bytes | None]
    status: Mapped[str]
    refusal: Mapped[str | None]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "payment_id"], ["parking_payments.member_id", "parking_payments.id"]),
        UniqueConstraint("member_id", "payment_id"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("title_kind IN ('person', 'company')", name="title_kind"),
        CheckConstraint("status IN ('asked', 'issued', 'refused')", name="status"),
        CheckConstraint("(status = 'asked') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name="refusal"),
        CheckConstraint("(title_sealed IS NULL) = (email_sealed IS NULL)", name="forgotten"),
        CheckConstraint("(title_kind = 'company') OR tax_no IS NULL", name="tax_no"),
        Index("ix_parking_invoices_mall_id_public_id", "mall_id", "public_id"),
    )
