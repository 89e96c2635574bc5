"""Refusals of the parking room."""

from app.kernel.errors import DomainError


class CarParkUnknown(DomainError):
    """No active car park bears that code where this machine may report."""

    kind = "not_found"
    code = "car_park_not_found"


class CarParkCodeTaken(DomainError):
    """A car park of the group bears this code."""

    kind = "conflict"
    code = "car_park_code_taken"


class GateUrlInvalid(DomainError):
    """The address is none that messages to a gate can go to."""

    code = "gate_url_invalid"


class GateEventConflict(DomainError):
    """The event id was used before for another event. Fact: event_id."""

    kind = "conflict"
    code = "gate_event_conflict"


class NoTariff(DomainError):
    """The car park has no tariff in force. Fact: car_park_code."""

    kind = "conflict"
    code = "no_parking_tariff"


class TariffConflict(DomainError):
    """Another tariff starts at that very moment, or it would start in the past. Fact: effective_from."""

    kind = "conflict"
    code = "parking_tariff_conflict"


class TariffInForce(DomainError):
    """That version of the tariff holds already or within minutes, or was taken back before."""

    kind = "conflict"
    code = "parking_tariff_in_force"


class SessionNotFound(DomainError):
    """None of the member's cars has such an open stay."""

    kind = "not_found"
    code = "parking_session_not_found"


class NothingDue(DomainError):
    """Nothing is open on the stay; the car can leave."""

    kind = "conflict"
    code = "parking_nothing_due"


class QuoteNotFound(DomainError):
    """The member was given no such quote for this stay."""

    kind = "not_found"
    code = "quote_not_found"


class QuoteExpired(DomainError):
    """The quote is too old, or the stay was paid since; ask for a new one."""

    kind = "conflict"
    code = "quote_expired"


class QuoteUsed(DomainError):
    """The quote has been paid, or is being paid, already."""

    kind = "conflict"
    code = "quote_used"


class WaiversNotTaken(DomainError):
    """The car park's operator has no contract that says who pays for coupons and points; the fee is paid in cash."""

    kind = "conflict"
    code = "parking_waivers_not_taken"


class CouponNotUsable(DomainError):
    """The coupon is not a usable parking coupon for this car park and plate. Fact: coupon_id."""

    kind = "conflict"
    code = "parking_coupon_not_usable"


class CouponNotNeeded(DomainError):
    """The fee is covered without that coupon; its hours would be wasted. Fact: coupon_id."""

    code = "parking_coupon_not_needed"


class PaymentNotFound(DomainError):
    """The member has no such parking payment."""

    kind = "not_found"
    code = "parking_payment_not_found"
