"""What postings are called that have no name from the act they settle."""

from app.kernel.facts import Fact


def points_spent(paid_for: Fact) -> Fact:
    """Points were taken in payment for what the fact names."""
    return Fact("points", paid_for.kind, *paid_for.parts)
