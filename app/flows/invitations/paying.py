"""What a friend brings their inviter: growth by the group's rules, points by the mall's, within the month's cap."""

from datetime import datetime

from app.flows.consequences.rewards import growing
from app.identity import queries
from app.identity.models import Member
from app.invitations import facts, invitations, rules
from app.invitations import queries as invitation_queries
from app.invitations.models import Invitation, Why
from app.invitations.rules import Rules
from app.kernel import clock
from app.kernel.reasons import Reason
from app.malls import queries as malls
from app.points.earning import documents
from app.points.earning import rule_sets as earning_rules
from app.points.earning.acts import ActKind, Done
from app.points.ledger import ledger
from app.tiers.growth import rule_sets as growth_rules
from app.tiers.growth.bulk import Credit


def pay(inviter: Member, invitation: Invitation, said: Rules, *, now: datetime) -> bool:
    """Give a held inviter what a friend who counts brings; over the month's cap it brings nothing."""
    acted_at = invitation.acted_at or invitation.joined_at
    inviter_ids = queries.list_person_ids(inviter.id)
    since, until = rules.month_of(acted_at)
    before = invitation_queries.count_paid(inviter_ids, invitation.mall_id, since=since, until=until)
    if before >= said.most_a_month:
        return invitations.void(invitation, Why.OVER_CAP, now=now)
    done = _points(invitation, inviter_ids, acted_at, nth=before + 1)
    growth = _growth(inviter_ids, now=now)
    if not invitations.pay(invitation, points=0 if done is None else done.total, growth=growth, now=now):
        return False
    _give(inviter, invitation, done, growth, acted_at, now=now)
    return True


def _points(invitation: Invitation, inviter_ids: list[int], acted_at: datetime, *, nth: int) -> Done | None:
    """By the mall's rules of the day of the act, which say for how many friends a day."""
    day, mall_id = clock.business_date(acted_at), invitation.mall_id
    rule = next((one for one in earning_rules.in_force(mall_id, day).acts if one.kind is ActKind.INVITATION), None)
    if rule is None:
        return None
    since, until = clock.start_of_day(day), clock.end_of_day(day)
    if invitation_queries.count_paid(inviter_ids, mall_id, since=since, until=until) >= rule.a_day:
        return None
    return rule.earned(times=1, nth=nth)


def _growth(inviter_ids: list[int], *, now: datetime) -> int:
    """By the group's rules of the day on which it is given, which say for how many friends a day."""
    today = clock.business_date(now)
    said = growth_rules.in_force(today)
    given = invitation_queries.count_given(inviter_ids, since=clock.start_of_day(today))
    return said.invitation_growth if given < said.invitations_a_day else 0


def _give(
    inviter: Member, invitation: Invitation, done: Done | None, growth: int, acted_at: datetime, *, now: datetime
) -> None:
    mall, fact = malls.get_mall(invitation.mall_id), facts.friend(invitation.member_id)
    if done is not None and done.total:
        ledger.accrue(
            inviter.id,
            points=done.total,
            reason=Reason("invitation_points", {"mall": mall.name}),
            fact=fact,
            now=now,
            mall_id=mall.id,
            earned_on=clock.business_date(acted_at),
            breakdown=documents.act_document(done),
        )
    if growth:
        reason = Reason("invitation_growth", {"mall": mall.name})
        growing.grow(Credit(inviter.id, growth, reason, fact, now), now=now)
