"""What claimed and photographed receipts share: how a member reads them, and the page they stand on."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from app.kernel.lists.keyset import Page
from app.outreach.consents.templates import Template
from app.purchases.claims.models import ReceiptClaim
from app.purchases.claims.wording import REJECTIONS
from app.purchases.photos.models import ReceiptPhoto
from app.purchases.settings.settings import Settings
from member_api.kit import subscribing, views
from member_api.kit.kit import MoneyCount
from member_api.kit.subscribing import TemplateView


class BroughtView(Schema):
    """A receipt that a member brought; `reason` says why it was rejected."""

    id = fields.String(required=True)
    state_name = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    at = fields.String(required=True)


class BroughtPageView(Schema):
    """How many days back receipts count, how many are left today, and the message that tells what became of one."""

    next_cursor = fields.String(required=True, allow_none=True)
    days = MoneyCount(required=True)
    left = MoneyCount(required=True)
    notice = fields.Nested(TemplateView, required=True)


def view(one: ReceiptClaim | ReceiptPhoto, state_name: str) -> dict[str, Any]:
    """As `BroughtView`."""
    return {
        "id": one.public_id,
        "state_name": state_name,
        "reason": None if one.reason is None else one.note or REJECTIONS[one.reason],
        "at": views.moment(one.created_at),
    }


def read_of(one: ReceiptClaim | ReceiptPhoto) -> dict[str, Any]:
    """Number, sum and day as they stand on the receipt."""
    day = None if one.business_day is None else one.business_day.isoformat()
    return {"receipt_no": one.receipt_no, "amount_fen": one.amount_fen, "day": day}


def page(found: Page[Any], items: Sequence[dict[str, Any]], said: Settings, *, left: int) -> dict[str, Any]:
    """As `BroughtPageView`, with its items."""
    return {
        "items": items,
        "next_cursor": found.next,
        "days": said.claim_days,
        "left": max(left, 0),
        "notice": subscribing.option(Template.RECEIPT),
    }
