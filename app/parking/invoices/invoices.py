"""A wish for an invoice: asked by the member, answered by people, forgotten when the member leaves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from app.cases import cases
from app.identity import queries as identity_queries
from app.kernel.db import db
from app.kernel.security import codes, crypto
from app.parking.invoices import queries
from app.parking.invoices.asking import INVOICE_WISHED, subject_of
from app.parking.invoices.errors import InvoiceAsked, NothingToInvoice
from app.parking.invoices.models import InvoiceStatus, ParkingInvoice, TitleKind
from app.parking.invoices.rules import Wish, mask_email
from app.parking.payment import queries as payment_queries
from app.parking.payment.models import ParkingPayment, PaymentStatus

PURPOSE = "parking_invoice"


def ask(member_id: int, payment_public_id: str, wish: Wish, *, now: datetime) -> ParkingInvoice:
    """Keep the member's wish for the cash of a paid payment, and ask people for it.

    The same wish again changes nothing, and one that could not be fulfilled is replaced. Raises PaymentNotFound,
    NothingToInvoice, and InvoiceAsked for another wish while the first one is under way or fulfilled.
    """
    member = identity_queries.lock_member(member_id)
    payment = payment_queries.get_payment(member.id, payment_public_id)
    if payment.status != PaymentStatus.PAID.value or payment.cash_fen == 0:
        raise NothingToInvoice
    kept = queries.lock_of_payment(payment)
    if kept is None:
        kept = _begin(payment, wish, now=now)
    elif kept.status == InvoiceStatus.REFUSED.value:
        _write(kept, wish, now=now)
    elif read(kept) == wish:
        return kept
    else:
        raise InvoiceAsked
    _ask_people(kept, payment, now=now)
    return kept


def _begin(payment: ParkingPayment, wish: Wish, *, now: datetime) -> ParkingInvoice:
    invoice = ParkingInvoice(
        member_id=payment.member_id,
        public_id=codes.new_public_id(),
        payment_id=payment.id,
        mall_id=payment.mall_id,
        amount_fen=payment.cash_fen,
    )
    _write(invoice, wish, now=now)
    db.session.add(invoice)
    db.session.flush()
    return invoice


def _write(invoice: ParkingInvoice, wish: Wish, *, now: datetime) -> None:
    invoice.title_kind, invoice.title_shown, invoice.tax_no = wish.title_kind.value, wish.title_shown, wish.tax_no
    invoice.title_sealed = crypto.seal(wish.title, purpose=PURPOSE)
    invoice.email_masked, invoice.email_sealed = mask_email(wish.email), crypto.seal(wish.email, purpose=PURPOSE)
    invoice.status, invoice.refusal, invoice.asked_at, invoice.answered_at = InvoiceStatus.ASKED.value, None, now, None
    db.session.flush()


def _ask_people(invoice: ParkingInvoice, payment: ParkingPayment, *, now: datetime) -> None:
    cases.raise_case(
        INVOICE_WISHED,
        subject_of(invoice),
        mall_id=invoice.mall_id,
        reason=invoice.title_kind,
        facts={"amount_fen": invoice.amount_fen},
        evidence=[subject_of(invoice), f"parking_session:{payment.session_id}"],
        now=now,
    )


def read(invoice: ParkingInvoice) -> Wish | None:
    """The wish in clear, for who issues the invoice and for the member themselves; None once it is forgotten."""
    if invoice.title_sealed is None or invoice.email_sealed is None:
        return None
    return Wish(
        title_kind=TitleKind(invoice.title_kind),
        title=crypto.unseal(invoice.title_sealed, purpose=PURPOSE),
        tax_no=invoice.tax_no,
        email=crypto.unseal(invoice.email_sealed, purpose=PURPOSE),
    )


def forget(person_ids: Sequence[int], *, now: datetime) -> None:
    """The locked member leaves: nothing says any more who wished for an invoice, and nobody is asked for it."""
    mine = ParkingInvoice.member_id.in_(person_ids)
    waiting = db.session.scalars(select(ParkingInvoice).where(mine, ParkingInvoice.answered_at.is_(None))).all()
    for invoice in waiting:
        cases.settle_itself(INVOICE_WISHED, subject_of(invoice), now=now)
    gone = dict.fromkeys(("title_shown", "title_sealed", "tax_no", "email_masked", "email_sealed"))
    db.session.execute(update(ParkingInvoice).where(mine).values(**gone))
