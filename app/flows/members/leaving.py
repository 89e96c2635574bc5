"""A member leaves for good (注销): told before what it costs, refused while something is under way, then nobody.

What settlement rests on stays under the member's number: purchases, redemptions, payments, the points' ledger. All that
says who they were goes, in every package, so that their phone joins anew as somebody new. For a time a keyed digest
tells whether somebody new had the benefits of joining already, or owed points (`app/former`).
"""

from dataclasses import dataclass
from datetime import datetime

from app.access import audit
from app.behaviour import behaviour
from app.benefits.coupons import queries as benefit_queries
from app.benefits.coupons import voiding
from app.care import care
from app.circle import authorisations, parkings
from app.contacts import contacts
from app.contacts.groups import groups
from app.flows.consequences import actors, returning
from app.former import memory
from app.identity import facts, leaving
from app.identity.duplicates import pairs
from app.identity.errors import LeavingCouponsReserved, LeavingNoticeOutdated, LeavingPaymentOpen
from app.identity.models import Member
from app.invitations import invitations
from app.kernel import clock, idempotency
from app.kernel.errors import DomainError
from app.kernel.reasons import Reason
from app.lifecycle.causes import causes
from app.lifecycle.predictions import predictions
from app.lifecycle.segments import segments
from app.lifecycle.stages import day_flows
from app.lifecycle.tags.by_hand import manual_tags
from app.lifecycle.tags.computed import tags
from app.lifecycle.values import values
from app.outreach.consents import consents
from app.outreach.messages import broker
from app.parking.invoices import invoices
from app.parking.payment import leavers
from app.parking.payment import queries as parking_queries
from app.parking.sessions import queries as session_queries
from app.payments import orders
from app.payments import queries as order_queries
from app.points.ledger import holds, ledger
from app.points.ledger import queries as points_queries
from app.points.notices import notices
from app.points.till import payments as till_payments
from app.purchases import receipts
from app.purchases.claims import claims
from app.purchases.photos import photos
from app.purchases.waiting import waiting
from app.tasks import newbie
from app.tiers.standings import carrying as tier_standings
from app.timeline import events
from app.timeline.models import EventKind
from app.wechat.callbacks import inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What leaving takes away: points and coupons that could still be used."""

    points: int
    coupons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a member is told before they leave; `obstacle` is why they cannot yet, `cars_parked` stay their own care.

    `debt_points` are owed again when they come back within the time in which who left is remembered.
    """

    cost: Cost
    cars_parked: int
    debt_points: int
    obstacle: DomainError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What leaving took, and when."""

    cost: Cost
    closed_at: datetime


def preview_leaving(member_id: int, *, now: datetime) -> Notice:
    """What leaving would cost now, and whether anything is in its way."""
    return Notice(
        cost=_cost(member_id, now=now),
        cars_parked=len(session_queries.list_parked(member_id)),
        debt_points=points_queries.get_balance(member_id).debt_points,
        obstacle=_find_obstacle(member_id),
    )


def _cost(member_id: int, *, now: datetime) -> Cost:
    balance = points_queries.get_balance(member_id, now=now)
    return Cost(
        points=balance.available_points + max(balance.held_points - balance.debt_points, 0),
        coupons=benefit_queries.count_usable(member_id, now=now),
    )


def _find_obstacle(member_id: int) -> DomainError | None:
    if parking_queries.count_awaiting(member_id) or order_queries.count_unpaid(member_id):
        return LeavingPaymentOpen()
    reserved = benefit_queries.count_all_reserved(member_id)
    return LeavingCouponsReserved(count=reserved) if reserved else None


def let_member_leave(
    member_id: int,
    *,
    told: Cost,
    now: datetime,
    actor: audit.Actor | None = None,
    remembered_days: int = memory.DEFAULT_DAYS,
) -> Left:
    """End the membership of somebody who was told the cost; visitors who never joined are forgotten the same way.

    `actor` is who did it for them, if not they themselves. Raises NotFound, MemberClosed, LeavingPaymentOpen,
    LeavingCouponsReserved, and LeavingNoticeOutdated when it would cost more than they were told.
    """
    member, person_ids = leaving.lock_person(member_id)
    obstacle = _find_obstacle(member.id)
    if obstacle is not None:
        raise obstacle
    returning.remember_gifts(person_ids, days=remembered_days, now=now)  # coupons forget their plates next
    given_up = sum(voiding.give_up_all(one, now=now) for one in person_ids)
    holds.release_all(member.id, now=now)
    till_payments.release_all(person_ids, now=now)
    points = ledger.forfeit(member.id, reason=Reason("leaving"), fact=facts.LEAVING, now=now)
    returning.remember(member.id, person_ids, spare_points=points, days=remembered_days, now=now)
    cost = Cost(points=points, coupons=given_up)
    if cost.points > told.points or cost.coupons > told.coupons:
        raise LeavingNoticeOutdated(points=cost.points, coupons=cost.coupons)
    _forget(member, person_ids, now=now)
    _record(member, cost, actor or actors.themselves(member.id), now=now)
    return Left(cost=cost, closed_at=now)


def _forget(member: Member, person_ids: list[int], *, now: datetime) -> None:
    """Every package lets go of what says who the member was, in the order of the locks."""
    for one in person_ids:
        leavers.forget_plates(one)
        orders.forget_payer(one)
        newbie.forget_answers(one)
    waiting.forget_buyers(person_ids)
    receipts.forget_meant(person_ids)
    photos.forget(person_ids)
    claims.forget(person_ids)
    authorisations.forget(person_ids)
    parkings.forget(person_ids)
    invitations.forget(person_ids, now=now)
    invoices.forget(person_ids, now=now)
    care.forget(person_ids)
    pairs.forget(person_ids)
    segments.forget(person_ids)
    behaviour.forget(person_ids)
    notices.forget(person_ids)
    predictions.forget(person_ids)
    causes.forget(person_ids)
    values.forget(person_ids)
    tags.forget(person_ids)
    manual_tags.forget(person_ids)
    day_flows.leave(person_ids, day=clock.business_date(now))
    tier_standings.leave(person_ids, now=now)
    broker.cancel_all(person_ids)
    consents.withdraw_all(person_ids, fact=facts.LEAVING, now=now)
    events.forget_contacts(person_ids)
    idempotency.forget([f"member:{one}" for one in person_ids])
    names = leaving.close(member, person_ids, now=now)
    contacts.forget(names)
    groups.forget(names)
    inbox.forget(names)


def _record(member: Member, cost: Cost, actor: audit.Actor, *, now: datetime) -> None:
    events.record(
        member.id, kind=EventKind.LEFT, fact=facts.member(member.id), occurred_at=now, mall_id=member.home_mall_id
    )
    audit.record(
        actor,
        action="member.left",
        subject=f"member:{member.id}",
        now=now,
        facts={"points": cost.points, "coupons": cost.coupons},
    )
