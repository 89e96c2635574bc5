"""Answers about tiers: the member's own, and what is missing to the next."""

from marshmallow import Schema, fields

from member_api.kit.kit import MoneyCount


class NextTierView(Schema):
    """The rung above, and the growth that is missing."""

    name = fields.String(required=True)
    missing = MoneyCount(required=True)


class TierView(Schema):
    """A rung of the ladder; none is above the last."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    next = fields.Nested(NextTierView, required=True, allow_none=True)
