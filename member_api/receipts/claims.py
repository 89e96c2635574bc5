"""Receipts that I claim because the till did not credit them to me."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError, fields, validate, validates_schema

from app.flows.claims import claiming
from app.identity import queries as identity
from app.kernel import clock
from app.malls import queries as malls
from app.malls.models import Store
from app.purchases.claims import claims, receipt_codes
from app.purchases.claims.claims import Wish
from app.purchases.claims.errors import ClaimStoreUnknown
from app.purchases.claims.models import ReceiptClaim
from app.purchases.claims.wording import CLAIM_STATES
from app.purchases.photos import queries as photo_queries
from app.purchases.rules import MOST_FEN
from app.purchases.settings import settings
from app.web import commands, member_auth
from app.web.member_auth import Caller
from member_api.kit import kit
from member_api.kit.kit import MoneyCount
from member_api.receipts import brought
from member_api.receipts.brought import BroughtPageView, BroughtView

blueprint = kit.make_blueprint("claims", "Receipts that the member claims")

_WORD = validate.Regexp(r"[\x21-\x7e]+\Z")


class ReceiptClaimRequest(kit.Strict):
    """The code printed on a receipt, or what stands on it: store, number, sum and day."""

    code = fields.String(load_default=None, validate=validate.Length(1, receipt_codes.LONGEST))
    store_code = fields.String(load_default=None, validate=validate.Length(1, 64))
    receipt_no = fields.String(load_default=None, validate=[validate.Length(1, 64), _WORD])
    amount_fen = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, MOST_FEN))
    day = fields.Date(load_default=None)

    @validates_schema
    def ensure_one_way(self, data: dict[str, Any], **kwargs: Any) -> None:
        typed = [data.get(name) is not None for name in ("store_code", "receipt_no", "amount_fen", "day")]
        if (data.get("code") is None) != all(typed) or (data.get("code") is not None and any(typed)):
            raise ValidationError("either the code, or store, number, sum and day", "code")


class ReceiptClaimView(BroughtView):
    """A claim as the member reads it; a photograph may prove it (`may_prove`)."""

    store = fields.String(required=True)
    receipt_no = fields.String(required=True)
    amount_fen = MoneyCount(required=True)
    day = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(CLAIM_STATES)))
    may_prove = fields.Boolean(required=True)


class ReceiptClaimsView(BroughtPageView):
    """A page of claims."""

    items = fields.List(fields.Nested(ReceiptClaimView), required=True)


@blueprint.get("/members/me/receipt-claims")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.arguments(kit.PageRequest, location="query")
@blueprint.response(200, ReceiptClaimsView)
@member_auth.member_required
def list_mine(caller: Caller, page: dict[str, Any]) -> ResponseReturnValue:
    """My claims, the latest first."""
    person, said = identity.list_person_ids(caller.member.id), settings.of_mall(caller.member.home_mall_id)
    found = claims.list_of_member(person, asked=kit.asked(page))
    made = claims.count_today(person, now=clock.now())
    proved = photo_queries.list_proved([claim.id for claim, _ in found], person)
    items = [_view(claim, store, claim.id not in proved) for claim, store in found]
    return jsonify(brought.page(found, items, said, left=said.claims_per_day - made))


@blueprint.post("/members/me/receipt-claims")
@blueprint.doc(**kit.SIGNED_IN, **kit.COMMAND)
@blueprint.arguments(ReceiptClaimRequest)
@blueprint.response(200, ReceiptClaimView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@member_auth.member_required
def claim(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    """Claim a receipt of my mall: mine at once when its till sent exactly this one and nobody has it."""

    def act() -> commands.Answer:
        wish = _wish(caller, told)
        made = claiming.claim_receipt(caller.member.id, wish, now=clock.now())
        proved = photo_queries.list_proved([made.id], [made.member_id])
        return 200, _view(made, wish.store, made.id not in proved)

    payload = told | {"day": told["day"].isoformat() if told["day"] else None}
    return commands.run_once(caller.name, payload, act)


def _wish(caller: Caller, told: dict[str, Any]) -> Wish:
    """What is claimed; raises ReceiptCodeInvalid and ClaimStoreUnknown."""
    if told["code"] is None:
        store = _store(caller, told["store_code"])
        return Wish(store=store, receipt_no=told["receipt_no"], amount_fen=told["amount_fen"], day=told["day"])
    printed = receipt_codes.read(told["code"])
    store = _store(caller, printed.store_code)
    return Wish(
        store=store,
        receipt_no=printed.receipt_no,
        amount_fen=printed.amount_fen,
        day=printed.day,
        is_signed=printed.signed_in == store.mall_id,
    )


def _store(caller: Caller, code: str) -> Store:
    store = malls.find_store_by_code(code)
    if store is None or store.mall_id != caller.member.home_mall_id:
        raise ClaimStoreUnknown
    return store


def _view(one: ReceiptClaim, store: Store, may_prove: bool) -> dict[str, Any]:
    return {
        **brought.view(one, CLAIM_STATES[one.state]),
        **brought.read_of(one),
        "store": store.name,
        "state": one.state,
        "may_prove": may_prove and one.state == "pending",
    }
