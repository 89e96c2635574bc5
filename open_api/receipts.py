"""Receipts of tills."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError, fields, validate, validates_schema

from app.access.machines.models import Machine
from app.flows import purchases
from app.flows.purchases import Buyer, Recorded
from app.identity.codes import member_codes
from app.identity.models import Member
from app.kernel import clock
from app.kernel.spelling import cards, phones
from app.malls import queries as mall_queries
from app.malls.models import Store
from app.purchases.aliases import aliases
from app.purchases.rules import MOST_FEN, Line, Method, Payment, Receipt, ensure_theirs
from open_api import machines, stores

blueprint = Blueprint("open_receipts", __name__, url_prefix="/open/v1")

MOST_LINES = 1000
MOST_PAYMENTS = 20
_IDENTIFIERS = ("member_code", "phone", "card_no")


def _fen() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(-MOST_FEN, MOST_FEN))


class LineRequest(machines.Strict):
    """A part of a receipt by category."""

    category_code = machines.word(64, required=True)
    line_no = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100_000))
    amount_fen = _fen()


class PaymentRequest(machines.Strict):
    """A part of a receipt by how it was paid."""

    method = fields.Enum(Method, by_value=True, required=True)
    amount_fen = _fen()
    transaction_id = machines.word(64, load_default=None, allow_none=True)


class ReceiptRequest(machines.Strict):
    """A receipt; a refund has a negative amount and names the receipt. The customer is known by one thing at most."""

    source = machines.word(64, required=True)
    receipt_no = machines.word(64, required=True)
    store_code = machines.word(64, required=True)
    occurred_at = machines.moment(required=True)
    amount_fen = _fen()
    member_code = machines.spelled(member_codes.spell, 512, machines.WORD, load_default=None, allow_none=True)
    # Whatever a till sends is taken: a receipt is not lost by the phone on it. The answer says when it is none.
    phone = machines.Loose(load_default=None, allow_none=True)
    card_no = machines.spelled(cards.spell_card, 64, machines.WORD, load_default=None, allow_none=True)
    refund_of = machines.word(64, machines.Loose, load_default=None, allow_none=True)
    lines = fields.List(fields.Nested(LineRequest), load_default=list, validate=validate.Length(0, MOST_LINES))
    payments = fields.List(fields.Nested(PaymentRequest), load_default=list, validate=validate.Length(0, MOST_PAYMENTS))
    till = machines.word(64, load_default=None, allow_none=True)
    commission_base_fen = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(0, MOST_FEN)
    )

    @validates_schema
    def ensure_one_customer(self, data: dict[str, Any], **kwargs: Any) -> None:
        if sum(data.get(name) is not None for name in _IDENTIFIERS) > 1:
            raise ValidationError("member_code, phone and card_no exclude each other", "member_code")


@blueprint.post("/receipts")
@machines.signed_by("pos")
def take_receipt(till: Machine) -> ResponseReturnValue:
    """Take a receipt: 201 the first time, 200 for the same again, 409 for other content under its number.

    202 while it waits: a refund for its purchase, a payment for people to say whether it was told of before, a receipt
    for its store to be named.
    """
    data = machines.body(ReceiptRequest())
    ensure_theirs(data["source"])
    receipt = Receipt(
        source=data["source"],
        receipt_no=data["receipt_no"],
        store_code=data["store_code"],
        occurred_at=data["occurred_at"],
        amount_fen=data["amount_fen"],
        refund_of=data["refund_of"],
        lines=tuple(Line(**line) for line in data["lines"]),
        payments=tuple(Payment(**one) for one in data["payments"]),
        commission_base_fen=data["commission_base_fen"],
        till=data["till"],
    )
    buyer = Buyer(**{name: data[name] for name in _IDENTIFIERS})
    store, now = _find_store(till, receipt), clock.now()
    if store is None:
        recorded = purchases.hold_purchase(receipt, till.mall_id, till.merchant_id, buyer, now=now)
    else:
        recorded = purchases.record_purchase(receipt, store, buyer, now=now)
    return jsonify(_view(recorded) | {"warning": _warning(data)}), _status(recorded)


def _status(recorded: Recorded) -> int:
    if recorded.waits_for is not None:
        return 202
    return 201 if recorded.is_new and not recorded.is_told_again else 200


def _find_store(till: Machine, receipt: Receipt) -> Store | None:
    """The store by its own code, or by what the source calls it; None for one that the mall has not named yet.

    Raises StoreUnknown for a store that the till may not speak for, and for whatever else a till of one store says.
    """
    code = receipt.store_code
    store = mall_queries.find_store_by_code(code)
    if store is None:
        store = aliases.find_store(till.mall_id, receipt.source, code)
        if store is None and till.store_id is None:
            return None
    return stores.ensure_of_till(till, store, code)


def _warning(data: dict[str, Any]) -> str | None:
    """What is odd about the receipt although it was taken: a buyer's phone that cannot be read is nobody's."""
    phone = data["phone"]
    return "phone_unreadable" if phone is not None and phones.find_phone(phone) is None else None


def _view(recorded: Recorded) -> dict[str, Any]:
    return {
        "purchase_id": str(recorded.purchase.id) if recorded.purchase is not None else None,
        "member": _member(recorded.member) if recorded.member is not None else None,
        "points": recorded.points,
        "first_purchase": recorded.is_first,
        "waits_for": recorded.waits_for.value if recorded.waits_for is not None else None,
    }


def _member(member: Member) -> dict[str, Any]:
    """As much as a till may print."""
    card_no = f"****{member.card_no[-4:]}" if member.card_no else None
    return {"phone_masked": member.phone_masked, "card_no_masked": card_no}
