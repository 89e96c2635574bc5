"""Refusals about coupons. Each says why; its facts say what to do next."""

from app.kernel.errors import DomainError


class CouponNotFound(DomainError):
    """No coupon bears this code."""

    kind = "not_found"
    code = "coupon_not_found"


class CouponCodeGarbled(CouponNotFound):
    """What was scanned or typed holds characters that no code has: an input method made them."""

    code = "coupon_code_garbled"


class CouponAlreadyRedeemed(DomainError):
    """The coupon was used before.

    Facts: redeemed_at (a moment; None when it was undone meanwhile), is_today, store (its name), is_here.
    """

    kind = "conflict"
    code = "coupon_already_redeemed"


class CouponNotYetValid(DomainError):
    """The coupon's time has not come. Fact: valid_from, a moment."""

    kind = "conflict"
    code = "coupon_not_yet_valid"


class CouponExpired(DomainError):
    """The coupon's time is over. Fact: valid_until."""

    kind = "conflict"
    code = "coupon_expired"


class CouponVoid(DomainError):
    """The coupon was taken back."""

    kind = "conflict"
    code = "coupon_void"


class CouponReserved(DomainError):
    """The coupon is held by a payment that is under way."""

    kind = "conflict"
    code = "coupon_reserved"


class CouponNotForStore(DomainError):
    """The coupon cannot be used in this store.

    Facts: store_count (how many stores take it) and, unless that is 0, floor and store of the nearest.
    """

    kind = "conflict"
    code = "coupon_not_for_store"


class CouponForParking(DomainError):
    """A parking coupon is used on the parking page, not at a till."""

    kind = "conflict"
    code = "coupon_for_parking"


class SpendRequired(DomainError):
    """The till's amount is needed to know whether and how much the coupon gives. Fact: minimum."""

    code = "spend_required"


class MinimumSpendNotMet(DomainError):
    """The purchase is too small for the coupon. Facts: minimum, missing."""

    kind = "conflict"
    code = "minimum_spend_not_met"


class RedemptionNotFound(DomainError):
    """No redemption of this store bears that id."""

    kind = "not_found"
    code = "redemption_not_found"


class ReversalTooLate(DomainError):
    """A redemption can be undone for fifteen minutes only."""

    kind = "conflict"
    code = "reversal_too_late"


class RedemptionAlreadyReversed(DomainError):
    """The redemption was undone before."""

    kind = "conflict"
    code = "redemption_already_reversed"
