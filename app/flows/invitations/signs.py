"""What makes invitations look made up: the inviter invites themselves, or a ring of friends is one hand.

Nothing is concluded from it: people are asked, before anything is given.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.benefits.coupons.models import Redemption
from app.identity import members, people, queries
from app.identity.duplicates import pairs
from app.identity.duplicates.models import Outcome
from app.invitations import codes
from app.invitations import queries as invitations
from app.invitations.models import Invitation
from app.kernel.db import db
from app.points.till.models import PointsPayment

# So many friends of one inviter who have something in common are a ring.
RING, RING_ON_DEVICE = 3, 2
# Friends of these days are looked at together; numbers bought by the block join within few.
TOGETHER, BURST = timedelta(days=30), timedelta(days=7)
# Phones are handed out by blocks: these digits in common are no chance.
_BLOCK = 8


@dataclass(frozen=True, slots=True)
class Sign:
    """A reason to ask, with its facts: counts only."""

    reason: str
    facts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: the inviter under all their numbers, the invitation, and those of the days around it."""

    inviter_ids: Sequence[int]
    invitation: Invitation
    friends: Sequence[Invitation]


def find_sign(inviter_ids: Sequence[int], invitation: Invitation) -> Sign | None:
    """The strongest reason to ask about an invitation; None without any."""
    since = invitation.joined_at - TOGETHER
    around = invitations.list_since(inviter_ids, since)
    friends = [one for one in around if one.joined_at <= invitation.joined_at + TOGETHER]
    looked = Looked(inviter_ids, invitation, friends)
    return next((sign for look in _LOOKS if (sign := look(looked)) is not None), None)


def _is_self(looked: Looked) -> Sign | None:
    """The friend joined on the inviter's own device, or shares with them what points at one person."""
    one = looked.invitation
    own = {codes.find_device(number, one.mall_id) for number in looked.inviter_ids} - {None}
    if one.device in own or any(_is_pair(number, one.member_id) for number in looked.inviter_ids):
        return Sign("self", {})
    return None


def _is_one_device(looked: Looked) -> Sign | None:
    """Several friends joined on one device, or share a car or what else points at one person."""
    one = looked.invitation
    alike = [
        friend.member_id
        for friend in looked.friends
        if friend.member_id != one.member_id
        and ((one.device and friend.device == one.device) or _is_pair(friend.member_id, one.member_id))
    ]
    return Sign("device", {"friends": len(alike) + 1}) if len(alike) + 1 >= RING_ON_DEVICE else None


def _are_phones_of_a_block(looked: Looked) -> Sign | None:
    """Several friends who joined within days have phones of one block."""
    one = looked.invitation
    near = [friend for friend in looked.friends if abs(friend.joined_at - one.joined_at) <= BURST]
    own = _block_of(one)
    count = sum(1 for friend in near if own is not None and _block_of(friend) == own)
    return Sign("phones", {"friends": count}) if count >= RING else None


def _is_one_clerk(looked: Looked) -> Sign | None:
    """One clerk served several of the friends at a till: took their coupons, or was paid with their points."""
    served = _list_served(looked)
    theirs = {clerk for clerk, member_id in served if member_id == looked.invitation.member_id}
    most = max(Counter(clerk for clerk, _ in served if clerk in theirs).values(), default=0)
    return Sign("clerk", {"friends": most}) if most >= RING else None


def _list_served(looked: Looked) -> set[tuple[int, int]]:
    """Clerks and the friends whom they served since the first of these joined, each pair once."""
    ids = [friend.member_id for friend in looked.friends]
    since = min(friend.joined_at for friend in looked.friends)
    ways = ((Redemption, Redemption.redeemed_at), (PointsPayment, PointsPayment.paid_at))
    found = set[tuple[int, int]]()
    for row, at in ways:
        theirs = (row.member_id.in_(ids), row.mall_id == looked.invitation.mall_id, at >= since)
        served = db.session.execute(select(row.staff_id, row.member_id).where(*theirs)).tuples()
        found |= {(clerk, member_id) for clerk, member_id in served if clerk is not None}
    return found


def _block_of(invitation: Invitation) -> str | None:
    whose = people.find_people([invitation.member_id])
    phone = members.phone_of(queries.get_member(whose.ids[0])) if whose.ids else None
    return None if phone is None else phone[:_BLOCK]


def _is_pair(one_id: int, other_id: int) -> bool:
    pair = None if one_id == other_id else pairs.find(pairs.pair_of(one_id, other_id))
    return pair is not None and bool(pair.evidence) and pair.outcome != Outcome.APART.value


_LOOKS: Sequence[Callable[[Looked], Sign | None]] = (_is_self, _is_one_device, _are_phones_of_a_block, _is_one_clerk)
