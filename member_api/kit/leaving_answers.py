"""Answers about leaving: what it costs, what is in the way, what it took."""

from marshmallow import Schema, fields

from member_api.kit.kit import MoneyCount


class LeavingCostView(Schema):
    """Points and coupons that leaving takes: those that could still be used."""

    points = MoneyCount(required=True)
    coupons = MoneyCount(required=True)


class ObstacleView(Schema):
    """Why somebody cannot leave yet."""

    code = fields.String(required=True)
    message = fields.String(required=True)


class LeavingNoticeView(Schema):
    """What leaving costs now; `cars_parked` cars are inside and would have to be paid for at the exit.

    For `remembered_days` a digest tells that whoever comes back had the benefits of joining, and owes `debt_points`.
    """

    cost = fields.Nested(LeavingCostView, required=True)
    cars_parked = MoneyCount(required=True)
    debt_points = MoneyCount(required=True)
    remembered_days = MoneyCount(required=True)
    obstacle = fields.Nested(ObstacleView, required=True, allow_none=True)


class LeftView(Schema):
    """What leaving took, and when."""

    cost = fields.Nested(LeavingCostView, required=True)
    closed_at = fields.DateTime(required=True)
