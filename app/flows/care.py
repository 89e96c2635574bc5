"""Doing something for a member by hand: a coupon, points, a note, a case for colleagues."""

from datetime import datetime

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import coupons
from app.benefits.coupons import facts as coupon_facts
from app.benefits.coupons.models import Coupon
from app.care import care, facts
from app.care.care import Carer
from app.care.case_kinds import MEMBER_REQUEST
from app.care.models import ActKind, MemberNote
from app.cases import cases
from app.flows.consequences import favours, returning
from app.identity import queries
from app.identity.errors import MemberRequired
from app.identity.models import Member
from app.kernel.reasons import Reason
from app.kernel.security import codes
from app.points.ledger import adjustments
from app.points.ledger.models import PointsEntry
from app.timeline import events
from app.timeline.models import EventKind

TRIGGER = "care"
# What the member reads in their points.
_WHY = {
    "complaint": Reason("care_complaint"),
    "missing": Reason("care_missing"),
    "mistake": Reason("care_mistake"),
    "care": Reason("care_care"),
}


def give_coupon(member_id: int, campaign: Campaign, by: Carer, *, now: datetime) -> Coupon:
    """Give the member a coupon of the campaign, within its stock and limit per member.

    Raises MemberRequired, OwnMembership, CareLimitReached, and what issuing raises.
    """
    member = _lock_joined(member_id)
    _ensure_allowed(member, by, ActKind.COUPON, points=0, now=now)
    key = f"{TRIGGER}:{codes.new_public_id()}"
    coupon = coupons.issue(member.id, campaign, grant_key=key, trigger=TRIGGER, entrance_id=None, now=now)
    care.record(member.id, by, ActKind.COUPON, coupon_id=coupon.id, now=now)
    events.record(
        member.id,
        kind=EventKind.COUPON_GIVEN,
        fact=coupon_facts.issue(coupon.id),
        occurred_at=now,
        mall_id=coupon.mall_id,
        source=TRIGGER,
    )
    return coupon


def adjust_points(member_id: int, points: int, by: Carer, *, now: datetime) -> PointsEntry:
    """Give the member points (> 0), or take some of those they have (< 0).

    Raises MemberRequired, OwnMembership, CareLimitReached, InsufficientPoints.
    """
    member = _lock_joined(member_id)
    _ensure_allowed(member, by, ActKind.POINTS, points=points, now=now)
    act = care.record(member.id, by, ActKind.POINTS, points=points, now=now)
    fact, why = facts.act(act.id), _WHY[by.reason]
    return adjustments.adjust(member.id, points=points, reason=why, fact=fact, now=now, mall_id=by.mall_id)


def _ensure_allowed(member: Member, by: Carer, kind: ActKind, *, points: int, now: datetime) -> None:
    favours.ensure_anothers(member, staff_id=by.staff_id)
    person_ids = queries.list_person_ids(member.id)
    care.ensure_allowed(person_ids, returning.marks_of(person_ids), by, kind, points=points, now=now)


def note_about(member_id: int, by: Carer, *, now: datetime) -> MemberNote:
    """Keep what the person says of the member, for colleagues; raises MemberRequired."""
    return care.add_note(_lock_joined(member_id).id, by, now=now)


def open_case(member_id: int, by: Carer, *, now: datetime) -> MemberNote:
    """Ask colleagues to see to the member: what it is about stands in a note, the case points at the member.

    Raises MemberRequired.
    """
    note = note_about(member_id, by, now=now)
    cases.raise_case(
        MEMBER_REQUEST,
        f"member_note:{note.id}",
        mall_id=by.mall_id,
        reason="asked",
        evidence=[f"member:{note.member_id}"],
        now=now,
    )
    return note


def _lock_joined(member_id: int) -> Member:
    member = queries.lock_member(member_id)
    if not queries.is_joined(member):
        raise MemberRequired
    return member
