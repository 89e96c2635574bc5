"""Finishing a newbie task: the thing itself, the completion, the points, in one unit of work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.benefits.coupons import facts as coupon_facts
from app.benefits.coupons.models import Coupon
from app.benefits.grants import grants
from app.flows.consequences import returning
from app.flows.consequences.rewards import growing
from app.identity import preferences, queries
from app.identity.models import Member
from app.kernel import clock
from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.outreach.consents import consents as message_consents
from app.points.ledger import ledger
from app.tasks import facts as task_facts
from app.tasks import newbie
from app.tasks.errors import TaskInputInvalid
from app.tasks.models import NewbieTask
from app.tiers.growth import rule_sets as growth_rules
from app.tiers.growth.bulk import Credit
from app.timeline import events
from app.timeline.models import EventKind

ACCEPTED = "accept"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOutcome:
    """What finishing gave; a repeat gives nothing more."""

    task: NewbieTask
    points_awarded: int
    granted: Sequence[Coupon]


def tell_preferences(member_id: int, *, categories: Sequence[str], now: datetime) -> TaskOutcome:
    """The member says what they like; telling again changes the preferences but pays no more."""
    member = queries.lock_joined(member_id)
    if not categories or not set(categories) <= set(preferences.CATEGORIES):
        raise TaskInputInvalid(task=newbie.PREFERENCES)
    preferences.choose(member.id, categories=categories, now=now)
    return _completed(member, newbie.PREFERENCES, facts={"categories": list(categories)}, granted=[], now=now)


def claim_first_order_coupon(member_id: int, *, campaign_public_id: str, now: datetime) -> TaskOutcome:
    """The member claims the first-order coupon meant for them, one of those offered; only the first claim counts."""
    member = queries.lock_joined(member_id)
    returning.welcome_back(member.id, now=now)
    if newbie.FIRST_ORDER_COUPON in newbie.list_completions(member.id):
        return TaskOutcome(task=newbie.get_task(newbie.FIRST_ORDER_COUPON), points_awarded=0, granted=[])
    coupon = grants.claim(
        member.id,
        trigger=grants.FIRST_ORDER_TASK,
        mall_id=member.home_mall_id,
        campaign_public_id=campaign_public_id,
        now=now,
    )
    events.record(
        member.id,
        kind=EventKind.COUPON_CLAIMED,
        fact=coupon_facts.issue(coupon.id),
        occurred_at=now,
        mall_id=coupon.mall_id,
        source=coupon.trigger,
    )
    return _completed(member, newbie.FIRST_ORDER_COUPON, facts={"coupon_id": coupon.id}, granted=[coupon], now=now)


def subscribe_to_reminders(member_id: int, *, results: Mapping[str, str], fact: Fact, now: datetime) -> TaskOutcome:
    """The member allows reminders: each accepted template is one message of permission, kept as stock."""
    member = queries.lock_joined(member_id)
    accepted = [template for template, answer in results.items() if answer == ACCEPTED]
    if not accepted:
        raise TaskInputInvalid(task=newbie.SUBSCRIBE)
    message_consents.answer(member.id, results=results, fact=fact, now=now)
    return _completed(member, newbie.SUBSCRIBE, facts={"accepted": accepted}, granted=[], now=now)


def _completed(
    member: Member, code: str, *, facts: dict[str, Any], granted: Sequence[Coupon], now: datetime
) -> TaskOutcome:
    task = newbie.get_task(code)
    returning.welcome_back(member.id, now=now)
    if not newbie.complete(member.id, task, facts=facts, now=now):
        return TaskOutcome(task=task, points_awarded=0, granted=granted)
    fact = task_facts.completion(code)
    events.record(
        member.id, kind=EventKind.TASK_DONE, fact=fact, occurred_at=now, mall_id=member.home_mall_id, source=code
    )
    reason = Reason("task", {"task": task.title})
    if task.reward_points:
        ledger.accrue(
            member.id,
            points=task.reward_points,
            reason=reason,
            fact=fact,
            now=now,
            mall_id=member.home_mall_id,
        )
    task_growth = growth_rules.in_force(clock.business_date(now)).task_growth
    growing.grow(Credit(member.id, task_growth, reason, fact, now), now=now)
    return TaskOutcome(task=task, points_awarded=task.reward_points, granted=granted)
