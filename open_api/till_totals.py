"""What tills say they sold on a day."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError, fields, validate, validates_schema

from app.access.machines.models import Machine
from app.kernel import clock
from app.kernel.spelling.moments import OLDEST
from app.purchases.rules import MOST_FEN, ensure_theirs
from app.purchases.totals import totals
from app.purchases.totals.totals import Told
from open_api import machines, stores

blueprint = Blueprint("open_till_totals", __name__, url_prefix="/open/v1")

MOST_RECEIPTS = 5_000


class ToldReceipt(machines.Strict):
    """A receipt of the day, refunds below zero."""

    receipt_no = machines.word(64, required=True)
    amount_fen = fields.Integer(required=True, strict=True, validate=validate.Range(-MOST_FEN, MOST_FEN))


class TotalsRequest(machines.Strict):
    """A till's word of a business day of the mall. `receipts`, if told, are all of them."""

    source = machines.word(64, required=True)
    store_code = machines.word(64, required=True)
    till = machines.word(64, required=True)
    day = fields.Date(required=True, format="iso", validate=validate.Range(min=OLDEST.date()))
    count = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10**6))
    amount_fen = fields.Integer(required=True, strict=True, validate=validate.Range(-(10**12), 10**12))
    receipts = fields.List(
        fields.Nested(ToldReceipt), load_default=None, allow_none=True, validate=validate.Length(0, MOST_RECEIPTS)
    )

    @validates_schema
    def ensure_it_adds_up(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["day"] > clock.business_date(clock.now()):
            raise ValidationError("the day has not come", "day")
        told = data.get("receipts")
        if told is None:
            return
        if len({one["receipt_no"] for one in told}) != len(told):
            raise ValidationError("a receipt is told twice", "receipts")
        if (len(told), sum(one["amount_fen"] for one in told)) != (data["count"], data["amount_fen"]):
            raise ValidationError("the receipts do not add up to the totals", "receipts")


@blueprint.post("/till-totals")
@machines.signed_by("pos")
def take_totals(till: Machine) -> ResponseReturnValue:
    """Keep a till's totals of a day; told again, the newer ones hold. They are compared once the day is over."""
    data = machines.body(TotalsRequest())
    ensure_theirs(data["source"])
    told = Told(
        source=data["source"],
        till=data["till"],
        receipt_count=data["count"],
        amount_fen=data["amount_fen"],
        receipts=None
        if data["receipts"] is None
        else tuple((one["receipt_no"], one["amount_fen"]) for one in data["receipts"]),
    )
    totals.keep(stores.of_till(till, data["store_code"]), data["day"], told, now=clock.now())
    return jsonify(ok=True)
