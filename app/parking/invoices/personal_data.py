"""Personal data: wishes for invoices."""

from typing import Any

from sqlalchemy import Select, and_, literal, select

from app.kernel.db import table_of
from app.kernel.personal_data import Ids, SealedColumn, Sections
from app.parking.invoices import invoices
from app.parking.invoices.models import ParkingInvoice
from app.parking.payment.models import ParkingPayment


def _invoices(ids: Ids) -> Select[Any]:
    one = ParkingInvoice
    return (
        select(
            ParkingPayment.public_id.label("payment"),
            one.amount_fen,
            one.title_kind,
            literal(invoices.PURPOSE).label("sealed_for"),
            one.title_sealed.label("title"),
            one.tax_no,
            one.email_sealed.label("email"),
            one.status,
            one.refusal,
            one.asked_at,
            one.answered_at,
        )
        .join(ParkingPayment, and_(ParkingPayment.member_id == one.member_id, ParkingPayment.id == one.payment_id))
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


SECTIONS: Sections = {"parking_invoices": _invoices}

SEALED = (
    SealedColumn(table_of(ParkingInvoice), "title_sealed", invoices.PURPOSE),
    SealedColumn(table_of(ParkingInvoice), "email_sealed", invoices.PURPOSE),
)
