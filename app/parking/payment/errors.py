"""Refusals about paying for a stay."""

from app.kernel.errors import DomainError


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
