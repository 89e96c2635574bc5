"""Reading wishes for invoices."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, select

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import Asked, Order, Page
from app.parking.invoices.models import ParkingInvoice
from app.parking.payment.models import ParkingPayment

ORDER = Order(ParkingInvoice.id.desc())


def list_of_payments(member_id: int, payment_ids: Sequence[int]) -> Mapping[int, ParkingInvoice]:
    """The member's wishes by the payments that they are for."""
    mine = ParkingInvoice.member_id == member_id
    rows = db.session.scalars(select(ParkingInvoice).where(mine, ParkingInvoice.payment_id.in_(payment_ids)))
    return {one.payment_id: one for one in rows}


def list_wished(member_id: int, *, asked: Asked) -> Page[tuple[ParkingInvoice, ParkingPayment]]:
    """A page of the member's wishes with the payments that they are for, the latest first."""
    query = (
        select(ParkingInvoice, ParkingPayment)
        .join(
            ParkingPayment,
            (ParkingPayment.member_id == ParkingInvoice.member_id) & (ParkingPayment.id == ParkingInvoice.payment_id),
        )
        .where(ParkingInvoice.member_id == member_id)
    )
    return keyset.rows(query, ORDER, asked)


def lock_of_payment(payment: ParkingPayment) -> ParkingInvoice | None:
    """The wish for the payment FOR UPDATE as it is now."""
    return db.session.scalar(
        select(ParkingInvoice)
        .where(ParkingInvoice.member_id == payment.member_id, ParkingInvoice.payment_id == payment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def lock_invoice(member_id: int, invoice_id: int) -> ParkingInvoice:
    """The wish FOR UPDATE as it is now, known to exist."""
    return db.session.scalars(
        select(ParkingInvoice)
        .where(ParkingInvoice.member_id == member_id, ParkingInvoice.id == invoice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def get_invoice(member_id: int, invoice_id: int) -> ParkingInvoice:
    """The member's wish, known to exist."""
    return db.session.get_one(ParkingInvoice, (member_id, invoice_id))


def get_by_public_id(public_id: str, *, visible: ColumnElement[bool]) -> tuple[ParkingInvoice, ParkingPayment]:
    """The wish with the payment that it is for; raises NotFound unless it is visible."""
    found = db.session.execute(
        select(ParkingInvoice, ParkingPayment)
        .join(
            ParkingPayment,
            (ParkingPayment.member_id == ParkingInvoice.member_id) & (ParkingPayment.id == ParkingInvoice.payment_id),
        )
        .where(ParkingInvoice.public_id == public_id, visible)
    ).first()
    if found is None:
        raise NotFound(invoice=public_id)
    invoice, payment = found
    return invoice, payment
