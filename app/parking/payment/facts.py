"""What acts of paying for a stay are called in ledgers and on the timeline."""

from app.kernel.facts import Fact


def payment(public_id: str) -> Fact:
    """A member paid for a stay, or began to."""
    return Fact("parking", public_id)


def points_given_back(public_id: str) -> Fact:
    """The payment was given up and its points are the member's again."""
    return Fact("parking", public_id, "back")
