"""A member decides whether anything is concluded about them: their own act, kept in the audit log."""

from datetime import datetime

from app.access import audit
from app.flows.consequences import actors
from app.flows.consequences import profiling as consequences
from app.identity.profiles import profiles


def stop_profiling(member_id: int, *, now: datetime) -> None:
    """Leave the member out of tags, predictions and all segments but the plain ones, at once; again changes nothing.

    Raises MemberRequired.
    """
    if profiles.stop_profiling(member_id, now=now):
        consequences.forget_conclusions(member_id)
        _record(member_id, "member.profiling_off", now=now)


def allow_profiling(member_id: int, *, now: datetime) -> None:
    """Take the member in again; again changes nothing. Raises MemberRequired."""
    if profiles.allow_profiling(member_id, now=now):
        _record(member_id, "member.profiling_on", now=now)


def _record(member_id: int, action: str, *, now: datetime) -> None:
    audit.record(actors.themselves(member_id), action=action, subject=f"member:{member_id}", now=now)
