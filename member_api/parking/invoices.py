"""The invoices that I wish for what I paid."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from app.kernel import clock
from app.malls.models import Mall
from app.parking import history
from app.parking.car_parks.models import CarPark
from app.parking.invoices import invoices, queries, rules
from app.parking.invoices.models import ParkingInvoice, TitleKind
from app.parking.invoices.wording import REFUSALS
from app.parking.payment.models import ParkingPayment
from app.parking.sessions.models import ParkingSession
from app.web import commands, member_auth
from app.web.member_auth import Caller
from member_api.kit import kit, views
from member_api.parking import answers, parts

blueprint = kit.make_blueprint("parking_invoices", "Invoices for parking")


class InvoiceRequest(kit.Strict):
    """To whom the invoice is made out, and where it is sent; a company has a tax number."""

    title_kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in TitleKind]))
    title = fields.String(required=True, validate=validate.Length(1, 200))
    tax_no = fields.String(load_default="", validate=validate.Length(0, 60))
    email = fields.String(required=True, validate=validate.Length(1, 200))


@blueprint.post("/members/me/parking/payments/<string:payment_id>/invoice")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(InvoiceRequest)
@blueprint.response(200, answers.InvoiceView)
@blueprint.alt_response(404, schema=kit.ErrorView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@member_auth.member_required
def ask(caller: Caller, asked: dict[str, Any], payment_id: str) -> ResponseReturnValue:
    """Wish for an invoice for the cash of a paid payment: one each, which may be corrected if it was not possible."""
    kind = TitleKind(asked["title_kind"])
    wish = rules.to_wish(kind, title=asked["title"], tax_no=asked["tax_no"], email=asked["email"])

    def act() -> commands.Answer:
        invoice = invoices.ask(caller.member.id, parts.public_id(payment_id), wish, now=clock.now())
        return 200, shown(invoice)

    return commands.run_once(caller.name, asked, act)


@blueprint.get("/members/me/parking/invoices")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.arguments(kit.PageRequest, location="query")
@blueprint.response(200, answers.InvoicePageView)
@member_auth.member_required
def list_mine(caller: Caller, page: dict[str, Any]) -> ResponseReturnValue:
    """A page of the invoices that I wished for, with where each of them is."""
    found = queries.list_wished(caller.member.id, asked=kit.asked(page))
    stays = history.list_stays([payment.session_id for _, payment in found])
    items = [_wished(invoice, payment, stays[payment.session_id]) for invoice, payment in found]
    return jsonify({"items": items, "next_cursor": found.next})


def _wished(
    invoice: ParkingInvoice, payment: ParkingPayment, stay: tuple[ParkingSession, CarPark, Mall]
) -> dict[str, Any]:
    session, car_park, mall = stay
    return {
        **shown(invoice),
        "id": invoice.public_id,
        "payment": payment.public_id,
        "car_park": car_park.name,
        "mall": mall.name,
        "plate": session.plate,
        "paid_at": views.moment(payment.paid_at),
    }


def shown(invoice: ParkingInvoice) -> dict[str, Any]:
    """A wish as the member sees it: names and addresses by their masks."""
    return {
        "status": invoice.status,
        "refusal": None if invoice.refusal is None else REFUSALS[invoice.refusal],
        "amount_fen": invoice.amount_fen,
        "title_kind": invoice.title_kind,
        "title": invoice.title_shown,
        "tax_no": invoice.tax_no,
        "email": invoice.email_masked,
        "asked_at": views.moment(invoice.asked_at),
        "answered_at": views.moment(invoice.answered_at),
    }
