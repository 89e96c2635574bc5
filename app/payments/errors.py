"""Refusals of the package payments."""

from app.kernel.errors import DomainError


class OrderUnknown(DomainError):
    """No order bears that number."""

    kind = "not_found"
    code = "payment_order_not_found"


class AmountMismatch(DomainError):
    """The platform reports another amount or payer's app than was asked for. Fact: out_trade_no."""

    kind = "conflict"
    code = "payment_amount_mismatch"


class OrderTransition(DomainError):
    """The order's status does not allow that step. Facts: status, wanted."""

    kind = "conflict"
    code = "payment_order_transition"


class PayerUnknown(DomainError):
    """Cash needs WeChat Pay, and this member has no WeChat identity here; pay inside WeChat."""

    kind = "conflict"
    code = "wechat_payer_required"


class RefundUnderWay(DomainError):
    """The refund is being tried: whoever gives the money back by hand now may give it back twice."""

    kind = "conflict"
    code = "refund_under_way"
