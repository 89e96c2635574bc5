"""What invitations are called in ledgers and on the timeline."""

from app.kernel.facts import Fact


def friend(member_id: int) -> Fact:
    """In the inviter's ledgers and on their timeline: this friend, by the number under which they joined."""
    return Fact("invitation", member_id)
