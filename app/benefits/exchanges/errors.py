"""Refusals of exchanges."""

from app.kernel.errors import DomainError


class ExchangePriceChanged(DomainError):
    """The campaign asks another price than the member was shown. Facts: points, cash_fen."""

    kind = "conflict"
    code = "exchange_price_changed"


class ExchangeNotDone(DomainError):
    """Only an exchange that is done can be given back. Fact: status."""

    kind = "conflict"
    code = "exchange_not_done"


class ExchangeCouponUsed(DomainError):
    """The exchange's coupon was used, is over, or went to another member: nothing is given back for it."""

    kind = "conflict"
    code = "exchange_coupon_used"


class ExchangeNotFound(DomainError):
    """The member has no such exchange."""

    kind = "not_found"
    code = "exchange_not_found"
