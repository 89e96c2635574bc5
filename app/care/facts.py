"""What acts of care are called in ledgers."""

from app.kernel.facts import Fact


def act(act_id: int) -> Fact:
    """Somebody gave or corrected something by hand."""
    return Fact("care", act_id)
