"""What payments with points are called in ledgers and on the timeline."""

from app.kernel.facts import Fact


def payment(public_id: str) -> Fact:
    """A member pays with points in a store, or begins to."""
    return Fact("till", public_id)


def reversal(public_id: str) -> Fact:
    """The store undid the payment."""
    return Fact("till", public_id, "back")
