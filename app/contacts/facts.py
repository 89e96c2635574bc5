"""What acts with contacts are called on the timeline."""

from app.kernel.facts import Fact


def added(user_id: str, external_user_id: str) -> Fact:
    """The person added the member of staff in WeCom; WeCom's own ids of both, neither of which holds a colon."""
    return Fact("wecom", user_id, external_user_id)
