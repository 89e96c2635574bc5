"""Refusals of exchanges."""

from app.kernel.errors import DomainError


class ExchangePriceChanged(DomainError):
    """The campaign asks another price than the member was shown. Facts: points, cash_fen."""

    kind = "conflict"
    code = "exchange_price_changed"


class ExchangeNotFound(DomainError):
    """The member has no such exchange."""

    kind = "not_found"
    code = "exchange_not_found"
