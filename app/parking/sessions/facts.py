"""What acts at gates are called on the timeline."""

from app.kernel.facts import Fact


def visit(public_id: str) -> Fact:
    """A member's car came for the stay with that public id."""
    return Fact("parking-session", public_id)
