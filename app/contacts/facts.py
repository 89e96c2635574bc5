"""What acts with contacts are called on the timeline."""

from datetime import datetime

from app.kernel.facts import Fact


def added(user_id: str, external_user_id: str) -> Fact:
    """The person added the member of staff in WeCom; WeCom's own ids of both, neither of which holds a colon."""
    return Fact("wecom", user_id, external_user_id)


def in_group(group_id: int, joined_at: datetime) -> Fact:
    """The person came into one of our groups then, or left it again."""
    return Fact("wecom-group", group_id, int(joined_at.timestamp()))
