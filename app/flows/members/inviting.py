"""What follows when somebody joins by a member's code: the invitation, and a row on the inviter's timeline."""

from datetime import datetime

from app.flows.consequences import returning
from app.identity import queries
from app.identity.models import Member
from app.invitations import facts, invitations
from app.invitations.models import InvitationCode
from app.timeline import events
from app.timeline.models import EventKind


def note(member: Member, code: InvitationCode, *, device: str | None, now: datetime) -> None:
    """Somebody who is held has joined for the first time; nobody is brought by themselves, or by who has left.

    Who is known to have been a member before counts for nobody, and the page of the inviter does not show them.
    """
    inviter = _find_inviter(code.member_id)
    if inviter is None or inviter.id == member.id or returning.is_known(member.id, now=now):
        return
    if invitations.record(code, member.id, device=device, now=now):
        events.record(
            inviter.id,
            kind=EventKind.FRIEND_JOINED,
            fact=facts.friend(member.id),
            occurred_at=now,
            mall_id=code.mall_id,
        )


def _find_inviter(member_id: int) -> Member | None:
    inviter = queries.get_member(member_id)
    return inviter if queries.is_joined(inviter) else None
