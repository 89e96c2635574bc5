"""What somebody who decides on a receipt should know of when its member joined."""

from datetime import date

from app.identity.models import Member
from app.kernel import clock


def day_of(member: Member | None, *, beside: date) -> str:
    """The day of joining, with its year only when that is not the other day's; nothing of who has not joined."""
    joined = None if member is None or member.joined_at is None else clock.business_date(member.joined_at)
    if joined is None:
        return ""
    return f"{joined:%m-%d}" if joined.year == beside.year else joined.isoformat()


def is_since(member: Member, day: date) -> bool:
    """Whether they joined after the day, so that what may be claimed may be older than their membership."""
    return member.joined_at is not None and clock.business_date(member.joined_at) > day


def warning(member: Member | None, bought: date) -> str:
    """That the receipt is from before the member joined; nothing of others."""
    if member is None or member.joined_at is None or bought >= clock.business_date(member.joined_at):
        return ""
    return f"消费早于入会（{day_of(member, beside=bought)} 入会）"
