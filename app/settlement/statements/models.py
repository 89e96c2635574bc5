"""Statements and their lines."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class StatementStatus(StrEnum):
    """A statement's life."""

    ISSUED = "issued"  # waits for the merchant; next: confirmed or disputed
    DISPUTED = "disputed"  # the merchant objects; next: confirmed
    CONFIRMED = "confirmed"  # agreed; next: paid
    PAID = "paid"  # settled with a reference


class InvoiceStatus(StrEnum):
    """Whether an invoice has been written for what a statement settles."""

    OPEN = "open"  # not yet
    ISSUED = "issued"  # with its number
    WAIVED = "waived"  # none is needed


class Statement(Model):
    """What one merchant and one mall settle for one month; its lines sum to `amount_fen`.

    Once confirmed it is to be paid by the end of the day `due_on`.
    """

    __tablename__ = "statements"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    statement_no: Mapped[str] = mapped_column(unique=True)
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchants.id"))
    period: Mapped[date]
    from_day: Mapped[date]
    to_day: Mapped[date]
    posting_count: Mapped[int]
    amount_fen: Mapped[int]
    status: Mapped[str]
    issued_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    due_on: Mapped[date | None]
    disputed_at: Mapped[datetime | None]
    dispute_reason: Mapped[str | None]
    dispute_answer: Mapped[str | None]
    paid_at: Mapped[datetime | None]
    payment_reference: Mapped[str | None]
    invoice_status: Mapped[str]
    invoice_no: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("mall_id", "merchant_id", "period"),
        CheckConstraint("status IN ('issued', 'disputed', 'confirmed', 'paid')", name="status"),
        CheckConstraint("(status = 'paid') = (payment_reference IS NOT NULL)", name="paid"),
        CheckConstraint("(confirmed_at IS NULL) = (due_on IS NULL)", name="due"),
        CheckConstraint("from_day <= to_day", name="days"),
        CheckConstraint("invoice_status IN ('open', 'issued', 'waived')", name="invoice_status"),
        CheckConstraint("(invoice_status = 'issued') = (invoice_no IS NOT NULL)", name="invoice"),
        Index("ix_statements_mall_id_period", "mall_id", "period"),
        Index(
            "ix_statements_open",
            "mall_id",
            "status",
            "period",
            "statement_no",
            postgresql_where="status <> 'paid'",
        ),
        Index(
            "ix_statements_due",
            "mall_id",
            "status",
            "due_on",
            "statement_no",
            postgresql_where="status <> 'paid'",
        ),
    )


class StatementLine(Model):
    """A statement's sum for one kind of posting."""

    __tablename__ = "statement_lines"
    __placement__ = placement.coordinator()

    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    posting_count: Mapped[int]
    base_fen: Mapped[int]
    points: Mapped[int]
    amount_fen: Mapped[int]
