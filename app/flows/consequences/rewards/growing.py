"""What follows from growth: whoever rises with it is given at once what the new tier gives."""

from collections.abc import Sequence
from datetime import datetime

from app.benefits.coupons import facts as coupon_facts
from app.benefits.coupons.models import Coupon
from app.benefits.tier_benefits import allowances, benefits, rules
from app.identity import queries
from app.identity.models import Member
from app.identity.profiles import queries as profiles
from app.kernel import clock
from app.tiers import crediting
from app.tiers.growth.bulk import Credit
from app.timeline import events
from app.timeline.models import EventKind


def grow(credit: Credit, *, now: datetime) -> None:
    """Give a locked member growth, and what the tier gives that they reach by it; stock is taken last of all.

    Who is found to have risen on an earlier day has what is due today from the morning's job.
    """
    given = crediting.credit(
        credit.member_id,
        growth=credit.growth,
        reason=credit.reason,
        fact=credit.fact,
        now=now,
        entered_at=credit.at,
    )
    if given.risen_to is not None and clock.business_date(credit.at) == clock.business_date(now):
        give_allowances(queries.get_member(credit.member_id), given.risen_to, now=now)


def give_allowances(member: Member, tier: str, *, now: datetime) -> Sequence[Coupon]:
    """Give a locked member what is due on their tier today in their mall, and was not given."""
    today = clock.business_date(now)
    gives = benefits.in_force(member.home_mall_id, today).of(tier)
    if not gives.allowances:
        return ()
    birthday = profiles.birthdays_of([member.id]).get(member.id)
    due = rules.list_due(tier, gives, on=today, birth_month=None if birthday is None else birthday.month)
    given = allowances.give(member.id, tier, due, mall_id=member.home_mall_id, now=now)
    for coupon in given:
        events.record(
            member.id,
            kind=EventKind.COUPON_GIVEN,
            fact=coupon_facts.issue(coupon.id),
            occurred_at=now,
            mall_id=coupon.mall_id,
            source=coupon.trigger,
        )
    return given
