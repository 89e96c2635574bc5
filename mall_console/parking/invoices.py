"""An invoice that a member wishes for: what it is for and, for who issues it, what has to stand on it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.identity import queries as identity_queries
from app.kernel import clock
from app.kernel.db import atomic
from app.parking import history
from app.parking.invoices import invoices, queries
from app.parking.invoices.models import InvoiceStatus, ParkingInvoice
from app.parking.invoices.rules import Wish
from app.parking.invoices.wording import REFUSALS, STATUSES, TITLE_KINDS
from app.parking.payment.models import ParkingPayment
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("parking_invoices", __name__, url_prefix="/parking/invoices", template_folder="templates")

TONES = {
    InvoiceStatus.ASKED.value: "warn",
    InvoiceStatus.ISSUED.value: "good",
    InvoiceStatus.REFUSED.value: "plain",
}


@blueprint.get("/<public_id>")
@mall_required("parking.invoice")
def page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """What the invoice is for; a person's name and the address by their masks."""
    return _render(workspace, *_get(workspace, public_id))


@blueprint.post("/<public_id>")
@mall_required("parking.invoice")
def show(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """All that has to stand on it in clear, on the page that answers; who looked stands in the audit log."""
    with atomic():
        invoice, _ = _get(workspace, public_id)
        workspace.record("parking_invoice.show", f"member:{invoice.member_id}", now=clock.now())
        wish = invoices.read(invoice)
    return _render(workspace, *_get(workspace, public_id), wish=wish)


def _get(workspace: Workspace, public_id: str) -> tuple[ParkingInvoice, ParkingPayment]:
    visible = workspace.condition("parking.invoice", ParkingInvoice.mall_id)
    return queries.get_by_public_id(public_id, visible=visible)


def _render(
    workspace: Workspace, invoice: ParkingInvoice, payment: ParkingPayment, *, wish: Wish | None = None
) -> ResponseReturnValue:
    session, car_park, _ = history.get_stay(payment.session_id)
    return render_template(
        "console/parking_invoice.html",
        invoice=invoice,
        payment=payment,
        session=session,
        car_park=car_park,
        member=identity_queries.get_member(invoice.member_id),
        wish=wish,
        statuses=STATUSES,
        tones=TONES,
        title_kinds=TITLE_KINDS,
        refusals=REFUSALS,
    )
