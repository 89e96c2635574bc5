"""Friends count once they came or bought and the waiting days are over, once each, within the month's cap."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.flows.members import leaving, merging
from app.flows.members.leaving import Cost
from app.identity.models import Member
from app.invitations import facts, rule_sets
from app.invitations.models import Invitation, InvitationCode, Status, Why
from app.invitations.rules import Rules
from app.kernel import clock
from app.kernel.db import db
from app.malls.models import Mall, Store
from app.points.earning import rule_sets as earning
from app.points.earning import wording
from app.points.earning.acts import ActKind, ActRule, Step
from app.points.earning.documents import to_breakdown
from app.points.earning.rules import Rules as EarningRules
from app.points.ledger.models import PointsEntry
from app.tiers.growth.models import GrowthEntry
from app.timeline.models import EventKind, TimelineEvent
from app.workers.invitations import settling
from tests.builders.buying import at, buy
from tests.builders.identity import make_consent_document, make_member
from tests.builders.invitations import invitation_of, join_by, make_code, visit
from tests.builders.malls import make_mall, make_store

DAY = date(2026, 3, 10)
NOON = at(DAY)
# When a friend who came on the day is due: seven days wait, and the eighth begins.
DUE = at(DAY + timedelta(days=8), 0, 5)
EARNED = EarningRules(acts=(ActRule(kind=ActKind.INVITATION, points=50, a_day=5, steps=(Step(2, 30),)),))


@dataclass
class Place:
    mall: Mall
    store: Store
    inviter: Member
    code: InvitationCode

    def join(self, **facts: str) -> Member:
        return join_by(self.code, self.mall, **facts)


@pytest.fixture
def place(db_session: object) -> Iterator[Place]:
    with clock.freeze(NOON):
        mall = make_mall()
        make_consent_document()
        earning.open_with(mall.id, EARNED, effective_from=date(2026, 1, 1), by="运营", now=NOON)
        inviter = make_member(mall)
        yield Place(mall, make_store(mall), inviter, make_code(inviter, mall))


def settle(moment: datetime) -> None:
    with clock.freeze(moment):
        while settling.settle_due(limit=100):
            pass


def given(member: Member) -> tuple[list[int], list[int]]:
    """Points and growth that friends brought."""
    points = select(PointsEntry.points).where(PointsEntry.reason_code == "invitation_points")
    growth = select(GrowthEntry.growth).where(GrowthEntry.reason_code == "invitation_growth")
    return (
        list(db.session.scalars(points.where(PointsEntry.member_id == member.id).order_by(PointsEntry.id))),
        list(db.session.scalars(growth.where(GrowthEntry.member_id == member.id).order_by(GrowthEntry.id))),
    )


@pytest.mark.requirement("S0.33", "S2.13")
def test_a_friend_who_buys_brings_points_and_growth_when_the_waiting_days_are_over(place: Place) -> None:
    friend = place.join()
    settle(NOON + timedelta(minutes=1))
    assert invitation_of(friend).status == Status.JOINED.value
    buy(friend, place.store, NOON + timedelta(hours=1), 2_000)
    settle(NOON + timedelta(hours=2))
    assert (invitation_of(friend).status, invitation_of(friend).act) == (Status.ACTED.value, "purchase")
    settle(DUE - timedelta(minutes=10))
    assert given(place.inviter) == ([], [])
    settle(DUE)
    settle(DUE + timedelta(days=30))
    assert given(place.inviter) == ([50], [20])
    assert (invitation_of(friend).points, invitation_of(friend).growth) == (50, 20)
    [event] = db.session.scalars(select(TimelineEvent).where(TimelineEvent.kind == EventKind.FRIEND_JOINED.value))
    assert (event.member_id, event.fact) == (place.inviter.id, facts.friend(friend.id))


def test_the_second_friend_of_a_month_may_bring_more(place: Place) -> None:
    for hour in (1, 2):
        visit(place.join(), place.mall, NOON + timedelta(hours=hour))
    settle(DUE)
    assert given(place.inviter)[0] == [50, 80]
    entry = db.session.scalars(select(PointsEntry).where(PointsEntry.points == 80)).one()
    assert entry.breakdown is not None
    assert wording.explain(to_breakdown(entry.breakdown)) == "邀请好友 50 积分 + 本月第 2 位好友 30 积分"


def test_a_refund_within_the_waiting_days_voids_it_and_a_later_purchase_counts_instead(place: Place) -> None:
    friend, other = place.join(), place.join()
    bought = {one.id: buy(one, place.store, NOON + timedelta(hours=1), 2_000) for one in (friend, other)}
    settle(NOON + timedelta(hours=2))
    for one in (friend, other):
        buy(one, place.store, NOON + timedelta(days=1), -2_000, refund_of=bought[one.id])
    buy(other, place.store, NOON + timedelta(days=2), 900)
    settle(DUE)
    assert (invitation_of(friend).status, invitation_of(friend).why) == (Status.VOID.value, Why.REFUNDED.value)
    assert invitation_of(other).status == Status.ACTED.value
    settle(DUE + timedelta(days=2))
    assert invitation_of(other).status == Status.PAID.value
    assert given(place.inviter)[1] == [20]


def test_rules_say_what_counts_for_how_long_and_how_many(place: Place) -> None:
    said = Rules(counts_visits=False, least_fen=1_000, within_days=3, waiting_days=0, most_a_month=1)
    rule_sets.open_with(place.mall.id, said, effective_from=DAY, by="运营", now=NOON)
    came, small, first, second = (place.join() for _ in range(4))
    visit(came, place.mall, NOON + timedelta(hours=1))
    buy(small, place.store, NOON + timedelta(hours=1), 999)
    buy(first, place.store, NOON + timedelta(hours=1), 1_000)
    buy(second, place.store, NOON + timedelta(hours=2), 1_000)
    settle(NOON + timedelta(hours=3))
    settle(at(DAY + timedelta(days=4), 13))
    assert [invitation_of(one).why for one in (came, small)] == [Why.LAPSED.value] * 2
    assert [invitation_of(one).why for one in (first, second)] == [None, Why.OVER_CAP.value]
    assert given(place.inviter) == ([50], [20])


def test_who_comes_back_is_nobodys_friend_and_who_leaves_brings_nothing(place: Place) -> None:
    friend = place.join(phone="13900001111")
    leaving.let_member_leave(friend.id, told=Cost(points=0, coupons=0), now=NOON)
    assert (invitation_of(friend).status, invitation_of(friend).why) == (Status.VOID.value, Why.LEFT.value)
    back = place.join(phone="13900001111")
    assert db.session.scalar(select(Invitation).where(Invitation.member_id == back.id)) is None
    other = place.join()
    leaving.let_member_leave(place.inviter.id, told=Cost(points=0, coupons=0), now=NOON)
    assert invitation_of(other).why == Why.LEFT.value
    assert db.session.scalar(select(InvitationCode)) is None


def test_a_friend_found_to_be_the_inviter_or_another_friend_brings_nothing(place: Place) -> None:
    oneself, friend = place.join(), place.join()
    with clock.freeze(NOON + timedelta(minutes=5)):
        twice = place.join()
    for one in (oneself, friend, twice):
        buy(one, place.store, NOON + timedelta(hours=1), 2_000)
    merging.merge_members(place.inviter.id, oneself.id, now=NOON)
    merging.merge_members(friend.id, twice.id, now=NOON)
    settle(DUE)
    assert [invitation_of(one).why for one in (oneself, friend, twice)] == ["same_person", None, "same_person"]
    assert given(place.inviter) == ([50], [20])


def test_what_a_merged_inviter_is_owed_goes_to_who_they_are_now(place: Place) -> None:
    friend, survivor = place.join(), None
    with clock.freeze(NOON - timedelta(days=9)):
        survivor = make_member(place.mall)
    buy(friend, place.store, NOON + timedelta(hours=1), 2_000)
    merging.merge_members(survivor.id, place.inviter.id, now=NOON)
    settle(DUE)
    assert given(survivor) == ([50], [20])
    assert given(place.inviter) == ([], [])
