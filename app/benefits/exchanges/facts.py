"""What exchanges are called in ledgers and on the timeline."""

from app.kernel.facts import Fact


def exchange(public_id: str) -> Fact:
    """A member exchanges points for a coupon, or begins to."""
    return Fact("exchange", public_id)


def given_back(public_id: str) -> Fact:
    """A coupon that was had by an exchange is given back, and its price with it."""
    return Fact("exchange", public_id, "back")
