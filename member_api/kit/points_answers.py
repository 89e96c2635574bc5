"""Answers about points: the balance and what it buys, its entries, the rules."""

from marshmallow import Schema, fields

from member_api.kit.kit import MoneyCount


class PointsEntryView(Schema):
    """A signed movement of points with the balance after it; `sum` is why a purchase earned so many, where kept, and of
    points that came back after their last day until when they are good."""

    id = fields.String(required=True)
    points = MoneyCount(required=True)
    balance = MoneyCount(required=True)
    title = fields.String(required=True)
    sum = fields.String(required=True, allow_none=True)
    at = fields.DateTime(required=True)


class EarningRulesView(Schema):
    """What spending earns in a mall and what points buy, in sentences."""

    lines = fields.List(fields.String(), required=True)


class ExpiringView(Schema):
    """What runs out next."""

    points = MoneyCount(required=True)
    on = fields.Date(required=True)


class PointsHoldView(Schema):
    """Points set aside for a spending that is not done yet; free again from `until` on, where it says so.

    `payment` is the payment at a till that they are for, null for anything else.
    """

    id = fields.String(required=True)
    points = MoneyCount(required=True)
    title = fields.String(required=True)
    payment = fields.String(required=True, allow_none=True)
    at = fields.DateTime(required=True)
    until = fields.DateTime(required=True, allow_none=True)


class PointsView(Schema):
    """The balance and a page of entries. Together the available points are worth `worth_fen`; 10000: a fen each.

    Points in `holds` are neither available nor spent: `frozen_points` in all.
    """

    available = MoneyCount(required=True)
    worth_fen = MoneyCount(required=True)
    frozen_points = MoneyCount(required=True)
    owed = MoneyCount(required=True)
    holds = fields.List(fields.Nested(PointsHoldView), required=True)
    factor_bps = MoneyCount(required=True)
    expiring = fields.Nested(ExpiringView, required=True, allow_none=True)
    items = fields.List(fields.Nested(PointsEntryView), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
