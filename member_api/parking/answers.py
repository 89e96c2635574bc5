"""Answers about cars that are parked: what a stay costs, how it is paid."""

from marshmallow import Schema, fields

from app.parking.invoices.models import InvoiceStatus, TitleKind
from member_api.kit.kit import MoneyCount


class SplitView(Schema):
    """What was due, in its parts: free minutes of a tier, coupons, points, what each covers, and the rest in cash."""

    tier = fields.String(required=True, allow_none=True)
    tier_minutes = MoneyCount(required=True)
    tier_fen = MoneyCount(required=True)
    coupons = MoneyCount(required=True)
    coupons_fen = MoneyCount(required=True)
    points = MoneyCount(required=True)
    points_fen = MoneyCount(required=True)
    cash_fen = MoneyCount(required=True)


class FreeTimeView(Schema):
    """Minutes that my tier gives of the stay, and what they take off before all else."""

    tier = fields.String(required=True)
    minutes = MoneyCount(required=True)
    covers_fen = MoneyCount(required=True)


class ParkedView(Schema):
    """A car in a car park now. `fee_fen` is the whole stay, `due_fen` what is left to pay before it may leave.

    What the minutes of my tier cover (`free`) is taken off `due_fen` already; where that is all of it, the barrier
    opens by itself.
    `paid_split` is what the member paid of it already, in its parts.
    """

    id = fields.String(required=True)
    car_park = fields.String(required=True)
    mall = fields.String(required=True)
    plate = fields.String(required=True)
    entered_at = fields.DateTime(required=True)
    minutes = MoneyCount(required=True)
    fee_fen = MoneyCount(required=True)
    paid_fen = MoneyCount(required=True)
    paid_split = fields.Nested(SplitView, required=True, allow_none=True)
    due_fen = MoneyCount(required=True)
    free = fields.Nested(FreeTimeView, required=True, allow_none=True)
    free_minutes = MoneyCount(required=True)
    exit_by = fields.DateTime(required=True, allow_none=True)
    tariff_text = fields.String(required=True)


class ParkedListView(Schema):
    """My cars that are in a car park now."""

    sessions = fields.List(fields.Nested(ParkedView), required=True)


class CoverView(Schema):
    """A parking coupon and what it takes off."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    minutes = MoneyCount(required=True)
    covers_fen = MoneyCount(required=True)


class PointsCoverView(Schema):
    """Points and what they take off."""

    points = MoneyCount(required=True)
    covers_fen = MoneyCount(required=True)


class ProposalView(Schema):
    """The cheapest mix."""

    coupons = fields.List(fields.Nested(CoverView), required=True)
    points = fields.Nested(PointsCoverView, required=True)
    cash_fen = MoneyCount(required=True)


class AlternativesView(Schema):
    """What else could be used; each coupon as if it were the only one."""

    max_points = MoneyCount(required=True)
    coupons = fields.List(fields.Nested(CoverView), required=True)


class QuoteView(Schema):
    """What a stay costs until `valid_until`, and how it could be paid; 10000 of `points_factor_bps`: a fen a point.

    `free` is taken off `fee_fen` in any case; proposal and alternatives are about the rest.
    """

    quote_id = fields.String(required=True)
    valid_until = fields.DateTime(required=True)
    fee_fen = MoneyCount(required=True)
    free = fields.Nested(FreeTimeView, required=True, allow_none=True)
    points_factor_bps = MoneyCount(required=True)
    proposal = fields.Nested(ProposalView, required=True)
    alternatives = fields.Nested(AlternativesView, required=True)


class PaymentView(Schema):
    """How a payment stands; `exit_by` is when the car must have left."""

    id = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": ["awaiting_cash", "paid", "released"]})
    cash_fen = MoneyCount(required=True)
    due_fen = MoneyCount(required=True)
    split = fields.Nested(SplitView, required=True)
    exit_by = fields.DateTime(required=True, allow_none=True)


class PaymentBegunView(Schema):
    """A payment, and what WeChat Pay needs where cash is due."""

    payment = fields.Nested(PaymentView, required=True)
    wechat_pay = fields.Dict(required=True, allow_none=True)


class InvoiceView(Schema):
    """An invoice that was wished for; a person's name and the address are masks.

    `refusal` says why it was not issued.
    """

    status = fields.String(required=True, metadata={"enum": [status.value for status in InvoiceStatus]})
    refusal = fields.String(required=True, allow_none=True)
    amount_fen = MoneyCount(required=True)
    title_kind = fields.String(required=True, metadata={"enum": [kind.value for kind in TitleKind]})
    title = fields.String(required=True, allow_none=True)
    tax_no = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    asked_at = fields.DateTime(required=True)
    answered_at = fields.DateTime(required=True, allow_none=True)


class WishedInvoiceView(InvoiceView):
    """An invoice that was wished for, and the stay that was paid: `payment` is what it can be wished for again by."""

    id = fields.String(required=True)
    payment = fields.String(required=True)
    car_park = fields.String(required=True)
    mall = fields.String(required=True)
    plate = fields.String(required=True)
    paid_at = fields.DateTime(required=True)


class InvoicePageView(Schema):
    """A page of my invoices, the latest wish first."""

    items = fields.List(fields.Nested(WishedInvoiceView), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RefundView(Schema):
    """Cash that came too late: it goes back, and went back `at`."""

    amount_fen = MoneyCount(required=True)
    at = fields.DateTime(required=True, allow_none=True)


class PaidView(Schema):
    """Something paid for a stay, or cash that came too late for it and is given back."""

    id = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": ["paid", "refunding", "refunded"]})
    car_park = fields.String(required=True)
    mall = fields.String(required=True)
    plate = fields.String(required=True)
    entered_at = fields.DateTime(required=True)
    exited_at = fields.DateTime(required=True, allow_none=True)
    at = fields.DateTime(required=True)
    due_fen = MoneyCount(required=True)
    split = fields.Nested(SplitView, required=True)
    refund = fields.Nested(RefundView, required=True, allow_none=True)
    may_ask_invoice = fields.Boolean(required=True)
    invoice = fields.Nested(InvoiceView, required=True, allow_none=True)


class PaidPageView(Schema):
    """A page of what was paid, the latest first."""

    items = fields.List(fields.Nested(PaidView), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
