"""What the points ledger does by itself."""

from app.kernel.facts import Fact


def expiry(lot_id: int, use_count: int) -> Fact:
    """A lot ran out; one that was given back into runs out again, by then with more uses."""
    return Fact("expiry", lot_id, use_count)
