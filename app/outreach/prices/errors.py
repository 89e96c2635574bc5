"""Refusals about the prices of messages."""

from app.kernel.errors import DomainError


class PricesTooEarly(DomainError):
    """Prices that would hold for a day that has begun: what was sent then is accounted for already."""

    code = "message_prices_too_early"


class PricesConflict(DomainError):
    """Other prices begin on that very day. Fact: effective_from."""

    kind = "conflict"
    code = "message_prices_conflict"


class PricesInForce(DomainError):
    """Those prices are in force already, or were taken back before."""

    kind = "conflict"
    code = "message_prices_in_force"
