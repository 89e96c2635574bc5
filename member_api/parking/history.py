"""What I have paid for parking."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.parking import history
from app.parking.history import PaidStay
from app.parking.invoices import queries as invoice_queries
from app.parking.invoices.models import ParkingInvoice
from app.parking.payment.models import PaymentStatus
from app.payments.models import OrderStatus, PaymentOrder
from app.web import member_auth
from app.web.member_auth import Caller
from member_api.kit import kit, views
from member_api.parking import answers, parts
from member_api.parking.invoices import shown

blueprint = kit.make_blueprint("parking_history", "What the member has paid for parking")


@blueprint.get("/members/me/parking/payments")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.arguments(kit.PageRequest, location="query")
@blueprint.response(200, answers.PaidPageView)
@member_auth.member_required
def list_mine(caller: Caller, page: dict[str, Any]) -> ResponseReturnValue:
    """A page of what I paid, the latest first: the stay, the parts of its fee, and where its money and invoice are."""
    found = history.list_paid(caller.member.id, asked=kit.asked(page))
    invoices = invoice_queries.list_of_payments(caller.member.id, [one.payment.id for one in found])
    return jsonify({"items": [_paid(one, invoices.get(one.payment.id)) for one in found], "next_cursor": found.next})


def _paid(one: PaidStay, invoice: ParkingInvoice | None) -> dict[str, Any]:
    payment, session = one.payment, one.session
    is_paid = payment.status == PaymentStatus.PAID.value
    return {
        "id": payment.public_id,
        "status": "paid" if is_paid else _late(one.late_order),
        "car_park": one.car_park.name,
        "mall": one.mall.name,
        "plate": session.plate,
        "entered_at": views.moment(session.entered_at),
        "exited_at": views.moment(session.exited_at),
        "at": views.moment(one.late_order.paid_at if one.late_order is not None else payment.paid_at),
        "due_fen": payment.due_fen,
        "split": parts.split(one.split),
        "refund": _refund(one.late_order),
        "may_ask_invoice": is_paid and payment.cash_fen > 0,
        "invoice": None if invoice is None else shown(invoice),
    }


def _late(order: PaymentOrder | None) -> str:
    return "refunded" if order is not None and order.status == OrderStatus.REFUNDED.value else "refunding"


def _refund(order: PaymentOrder | None) -> dict[str, Any] | None:
    """Cash that came after the payment was given up."""
    return None if order is None else {"amount_fen": order.amount_fen, "at": views.moment(order.refunded_at)}
