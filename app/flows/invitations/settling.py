"""What a worker makes of an invitation: the friend came, people are asked, it brings something or nothing.

The inviter is held meanwhile: of how many friends a month counts is decided by one hand. What is seen is asked again by
the update that writes it, so two workers at one invitation give once.
"""

from dataclasses import dataclass
from datetime import datetime

from app.flows.consequences import returning
from app.flows.invitations import acting, asking, paying, signs
from app.identity import people, queries
from app.identity.models import Member
from app.invitations import invitations, rule_sets, rules
from app.invitations import queries as invitation_queries
from app.invitations.models import Invitation, Status, Why
from app.invitations.rules import Rules
from app.kernel import clock


@dataclass(frozen=True, slots=True)
class Seen:
    """An invitation with the held inviter, the friend's numbers by now, and the rules of the day of joining."""

    invitation: Invitation
    inviter: Member
    friend_ids: list[int]
    rules: Rules


def settle_invitation(inviter_id: int, member_id: int, *, now: datetime) -> bool:
    """Look at an invitation that is due; False when there is nothing to do with it by now."""
    inviter = queries.lock_member(inviter_id)
    invitation = invitation_queries.find(inviter_id, member_id)
    if invitation is None or invitation.look_at is None or invitation.look_at > now:
        return False
    said = rule_sets.in_force(invitation.mall_id, clock.business_date(invitation.joined_at))
    seen = Seen(invitation, inviter, _numbers_of(member_id), said)
    why = _find_obstacle(seen, now=now)
    if why is not None:
        return invitations.void(invitation, why, now=now)
    return _go_on(seen, now=now)


def _numbers_of(member_id: int) -> list[int]:
    return [number for number, _ in people.find_people([member_id]).numbers]


def _find_obstacle(seen: Seen, *, now: datetime) -> Why | None:
    """Why it can bring nothing, whatever the friend does."""
    invitation, friends = seen.invitation, seen.friend_ids
    if not friends or not queries.is_joined(seen.inviter):
        return Why.LEFT
    if seen.inviter.id in friends or invitation_queries.is_invited_before(friends, invitation.joined_at):
        return Why.SAME_PERSON
    return Why.WAS_MEMBER if returning.is_known(friends[-1], now=now) else None


def _go_on(seen: Seen, *, now: datetime) -> bool:
    invitation, said = seen.invitation, seen.rules
    act = acting.find_act(invitation, seen.friend_ids, said)
    if act is None:
        return _wait(invitation, said, now=now)
    due_at = max(said.due_at(act.at), said.due_at(invitation.joined_at))
    if act.at != invitation.acted_at or due_at > now:
        invitations.act(invitation, act.kind, at=act.at, due_at=due_at)
        return due_at > now or settle_acted(seen, now=now)
    return settle_acted(seen, now=now)


def _wait(invitation: Invitation, said: Rules, *, now: datetime) -> bool:
    """Nothing stands: what there was is undone, or nothing has happened yet, or will."""
    if invitation.status == Status.ACTED.value:
        return invitations.void(invitation, Why.REFUNDED, now=now)
    if now >= said.until(invitation.joined_at):
        return invitations.void(invitation, Why.LAPSED, now=now)
    invitations.look_later(invitation, at=rules.next_look(invitation.joined_at, now=now))
    return True


def settle_acted(seen: Seen, *, now: datetime) -> bool:
    """The waiting days are over: ask people, or give."""
    inviter_ids = queries.list_person_ids(seen.inviter.id)
    sign = signs.find_sign(inviter_ids, seen.invitation)
    if sign is not None:
        return asking.ask(seen.inviter, seen.invitation, sign, now=now)
    return paying.pay(seen.inviter, seen.invitation, seen.rules, now=now)
