"""Invitations that look made up become a question before anything is given; the answer pays or refuses them all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.audit import Actor
from app.access.models import Role, Staff
from app.benefits.coupons.models import Redemption
from app.care.errors import OwnMembership
from app.cases import cases
from app.cases.models import Case
from app.flows import redemptions
from app.identity import members
from app.identity.duplicates import pairs
from app.identity.models import Member
from app.invitations.models import Status, Why
from app.kernel.db import db
from app.points.till.models import PointsPayment
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.buying import buy
from tests.builders.invitations import invitation_of, make_code
from tests.builders.staff import make_clerk, make_staff, phone_of
from tests.invitations.test_settling import DUE, NOON, Place, given, settle
from tests.invitations.test_settling import place as place


def buy_all(place: Place, friends: list[Member]) -> None:
    for friend in friends:
        buy(friend, place.store, NOON + timedelta(hours=1), 2_000)


def asked() -> list[tuple[str, dict[str, object]]]:
    return [(case.reason, case.facts) for case in db.session.scalars(select(Case).where(Case.kind == "invitations"))]


def answer(outcome: str, person: Staff | None = None) -> None:
    case = db.session.scalars(select(Case).where(Case.kind == "invitations")).one()
    person = person or make_staff(Role.OPERATIONS)
    by = Actor("staff", person.id, person.name)
    cases.take(case.id, by, now=DUE)
    cases.answer(case.id, outcome, by, note="已电话核实", now=DUE)


def test_friends_on_one_device_are_asked_about_together_and_paid_when_they_are_real(place: Place) -> None:
    friends = [place.join(device="device-0001") for _ in range(3)]
    buy_all(place, friends)
    settle(DUE)
    assert given(place.inviter) == ([], [])
    [(reason, facts)] = asked()
    assert (reason, facts["friends"], facts["asked"]) == ("device", 3, 3)
    assert len(db.session.scalars(select(Case)).one().evidence) == 1 + 3
    answer("pay")
    assert [invitation_of(one).status for one in friends] == [Status.PAID.value] * 3
    assert sum(given(place.inviter)[0]) == 50 + 80 + 50


def test_nobody_has_their_own_friends_paid(place: Place) -> None:
    person, now = make_staff(Role.OPERATIONS), NOON
    members.bind_phone(place.inviter, phone_of(person), now=now)
    buy_all(place, [place.join(device="device-0001") for _ in range(3)])
    settle(DUE)
    with pytest.raises(OwnMembership):
        answer("pay", person)
    assert given(place.inviter) == ([], [])


def test_who_joins_on_the_inviters_own_device_is_refused_once_somebody_said_so(place: Place) -> None:
    place.code.device = None
    make_code(place.inviter, place.mall, device="device-0001")
    friend = place.join(device="device-0001")
    buy_all(place, [friend])
    settle(DUE)
    assert [reason for reason, _ in asked()] == ["self"]
    answer("refuse")
    assert (invitation_of(friend).why, given(place.inviter)) == (Why.REFUSED.value, ([], []))


def test_who_shares_a_car_with_the_inviter_is_asked_about(place: Place) -> None:
    friend = place.join()
    pair = pairs.pair_of(place.inviter.id, friend.id)
    pairs.keep([place.inviter.id, friend.id], {pair: {"plate": 1}}, now=NOON)
    buy_all(place, [friend])
    settle(DUE)
    assert [reason for reason, _ in asked()] == ["self"]


def test_three_phones_of_a_block_are_a_ring_and_two_are_none(place: Place) -> None:
    two = [place.join(phone=f"1380013800{number}") for number in range(2)]
    buy_all(place, two)
    settle(DUE)
    assert [invitation_of(one).status for one in two] == [Status.PAID.value] * 2
    ring = place.join(phone="13800138009")
    buy_all(place, [ring])
    settle(DUE)
    assert [(reason, facts["friends"]) for reason, facts in asked()] == [("phones", 3)]


def test_three_friends_served_by_one_clerk_are_a_ring(place: Place) -> None:
    clerk = make_clerk(place.store)
    campaign, till = make_campaign(place.mall), make_till(place.store, staff_id=clerk.id)
    friends = [place.join() for _ in range(3)]
    for friend in friends:
        coupon = make_coupon(friend, campaign)
        redemptions.redeem_coupon(coupon.code, till, spend_fen=None, now=NOON)
    assert len(db.session.scalars(select(Redemption)).all()) == 3
    settle(DUE)
    assert [(reason, facts["friends"]) for reason, facts in asked()] == [("clerk", 3)]


def test_a_clerk_who_is_paid_with_points_has_served_a_friend_as_by_a_coupon(place: Place) -> None:
    clerk = make_clerk(place.store)
    campaign, till = make_campaign(place.mall), make_till(place.store, staff_id=clerk.id)
    friends = [place.join() for _ in range(3)]
    for friend in friends[:2]:
        redemptions.redeem_coupon(make_coupon(friend, campaign).code, till, spend_fen=None, now=NOON)
    buy(friends[2], place.store, NOON + timedelta(hours=1), 2_000)
    db.session.add(paid_with_points(friends[2], place, clerk))
    settle(DUE)
    assert [(reason, facts["friends"]) for reason, facts in asked()] == [("clerk", 3)]


def paid_with_points(member: Member, place: Place, clerk: Staff) -> PointsPayment:
    """A payment with points that a clerk has taken."""
    return PointsPayment(
        member_id=member.id,
        public_id="paid-0001",
        mall_id=place.mall.id,
        merchant_id=place.store.merchant_id,
        store_id=place.store.id,
        staff_id=clerk.id,
        points=10,
        worth_fen=10,
        factor_bps=10_000,
        status="paid",
        consent="code-0001",
        created_at=NOON,
        confirm_by=NOON,
        consented_at=NOON,
        paid_at=NOON + timedelta(hours=1),
    )


def test_a_friend_whose_purchase_was_brought_back_is_not_paid_by_the_answer(place: Place) -> None:
    friends = [place.join(device="device-0001") for _ in range(2)]
    bought = [buy(one, place.store, NOON + timedelta(hours=1), 2_000) for one in friends]
    settle(DUE)
    buy(friends[0], place.store, NOON + timedelta(days=9), -2_000, refund_of=bought[0])
    answer("pay")
    assert [invitation_of(one).why for one in friends] == [Why.REFUNDED.value, None]
