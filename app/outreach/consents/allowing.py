"""Who allows the mall a message."""

from typing import Any

from sqlalchemy import Select, select

from app.outreach.consents.models import SubscribeConsent


def select_allowing() -> Select[Any]:
    """The numbers of those who still allow at least one message of some template."""
    return select(SubscribeConsent.member_id).where(SubscribeConsent.remaining > 0)
