"""What acts with coupons are called in ledgers and on the timeline."""

from app.kernel.facts import Fact


def issue(coupon_id: int) -> Fact:
    """A member claimed the coupon, or was given it by hand."""
    return Fact("coupon", coupon_id)


def redemption(public_id: str) -> Fact:
    """A coupon was used in a store."""
    return Fact("redemption", public_id)


def reversal(public_id: str) -> Fact:
    """The redemption with that public id was undone."""
    return Fact("redemption-reversal", public_id)
