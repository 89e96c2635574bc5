"""Doing something for a member by hand: a coupon, a note, a case for colleagues."""

from datetime import datetime

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import coupons
from app.benefits.coupons import facts as coupon_facts
from app.benefits.coupons.models import Coupon
from app.care import care
from app.care.care import Carer
from app.care.case_kinds import MEMBER_REQUEST
from app.care.models import ActKind, MemberNote
from app.cases import cases
from app.flows.consequences import favours, returning
from app.identity import queries
from app.identity.models import Member
from app.kernel.security import codes
from app.timeline import events
from app.timeline.models import EventKind

TRIGGER = "care"


def give_coupon(member_id: int, campaign: Campaign, by: Carer, *, now: datetime) -> Coupon:
    """Give the member a coupon of the campaign, within its stock and limit per member.

    Raises MemberRequired, OwnMembership, CareLimitReached, and what issuing raises.
    """
    member = queries.lock_joined(member_id)
    _ensure_allowed(member, by, now=now)
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


def _ensure_allowed(member: Member, by: Carer, *, now: datetime) -> None:
    favours.ensure_anothers(member, staff_id=by.staff_id)
    person_ids = queries.list_person_ids(member.id)
    care.ensure_allowed(person_ids, returning.marks_of(person_ids), by, now=now)


def note_about(member_id: int, by: Carer, *, now: datetime) -> MemberNote:
    """Keep what the person says of the member, for colleagues; raises MemberRequired."""
    return care.add_note(queries.lock_joined(member_id).id, by, now=now)


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
