"""What payments with points are called in ledgers and on the timeline."""

from app.kernel.facts import Fact

_KIND = "till"


def payment(public_id: str) -> Fact:
    """A member pays with points in a store, or begins to."""
    return Fact(_KIND, public_id)


def payment_of(fact: str) -> str | None:
    """The public id of the payment that points are held for; None where they are held for anything else."""
    found = Fact.parse(fact, parts=1)
    return found.ref if found.kind == _KIND else None


def reversal(public_id: str) -> Fact:
    """The store undid the payment."""
    return Fact(_KIND, public_id, "back")
