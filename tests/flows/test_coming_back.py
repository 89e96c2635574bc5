"""Leaving and joining again: benefits of joining are given once, what was owed is owed again, and for a time only."""

import json

import pytest
from sqlalchemy import select

from app.care import rules as care_rules
from app.care.care import Carer
from app.care.errors import CareLimitReached
from app.flows import care
from app.flows.contacts import contacts
from app.flows.members import adjusting, joining, leaving
from app.former.models import FormerMark, FormerMember
from app.identity import members, queries
from app.identity.models import IdentityKind, Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.kernel.security import codes
from app.malls.models import Mall
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.tasks import newbie
from app.verification.phones import phone_index
from app.wechat import wecom
from app.wechat.callbacks import inbox
from app.workers import upkeep
from tests.builders.benefits import make_campaign
from tests.builders.identity import make_consent_document, make_visitor
from tests.builders.malls import make_mall
from tests.builders.staff import make_staff
from tests.builders.tasks import make_tiers
from tests.flows.coming_back import PHONE, claim_first_order, join, leave, open_mall, tell_preferences
from tests.support.clock import StillClock

pytestmark = pytest.mark.usefixtures("clock")

ANOTHER = "13912345678"
UNION = "union-1"


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    return open_mall(make_mall())


def test_who_comes_back_by_the_same_phone_gets_nothing_twice(mall: Mall) -> None:
    first = join(mall)
    assert (len(first.granted), first.had_before) == (2, False)
    assert (tell_preferences(first.member), len(claim_first_order(first.member))) == (50, 1)
    leave(first.member)
    again = join(mall)
    assert (again.is_new, again.granted, again.had_before) == (True, [], True)
    assert again.member.id != first.member.id
    assert (tell_preferences(again.member), claim_first_order(again.member)) == (0, [])
    assert set(newbie.list_completions(again.member.id)) == {newbie.PREFERENCES, newbie.FIRST_ORDER_COUPON}


def test_a_new_phone_with_the_same_wechat_is_the_same_person(mall: Mall) -> None:
    leave(join(mall, unionid=UNION).member)
    assert join(mall, phone=ANOTHER, unionid=UNION).had_before


def test_a_wechat_that_is_linked_after_joining_counts_for_tasks(mall: Mall) -> None:
    first = join(mall, unionid=UNION, mini_openid="o-1").member
    tell_preferences(first)
    leave(first)
    again = join(mall, phone=ANOTHER, mini_openid="o-2")
    assert not again.had_before
    both = {IdentityKind.MINI_OPENID: "o-2", IdentityKind.UNIONID: UNION}
    members.recognise(both, home_mall_id=mall.id, now=app_clock.now())
    assert tell_preferences(again.member) == 0


@pytest.mark.parametrize("links", ["phone", "wechat", "contact"])
def test_what_was_before_holds_when_it_is_found_out_after_joining(mall: Mall, links: str) -> None:
    """They join by a new phone, take the gifts, and only then show by WeChat, or their old phone, who they were."""
    first = join(mall, unionid=UNION).member
    owe(first, 1_800)
    leave(first)
    again = join(mall, phone=ANOTHER)
    assert len(again.granted) == 2 and not again.had_before
    show_again(mall, again.member, links)
    assert points_queries.get_debt(again.member.id) == 1_800
    assert {coupon.status for coupon, _ in again.granted} == {"void"}
    show_again(mall, again.member, links)
    assert points_queries.get_debt(again.member.id) == 1_800


def test_what_was_used_meanwhile_stays_used(mall: Mall) -> None:
    leave(join(mall, unionid=UNION).member)
    again = join(mall, phone=ANOTHER)
    used, unused = (coupon for coupon, _ in again.granted)
    used.status, used.redeemed_at = "redeemed", app_clock.now()
    db.session.flush()
    show_again(mall, again.member, "wechat")
    db.session.expire_all()
    assert (used.status, unused.status) == ("redeemed", "void")


def show_again(mall: Mall, member: Member, links: str) -> None:
    now = app_clock.now()
    if links == "phone":
        stranger = make_visitor(mall, unionid=UNION)
        assert joining.verify_phone(stranger, ANOTHER, now=now).id == member.id
    elif links == "wechat":
        identities = {IdentityKind.PHONE: phone_index(ANOTHER), IdentityKind.UNIONID: UNION}
        assert joining.recognise_member(identities, arrival=None, home_mall_id=mall.id, now=now).id == member.id
    else:
        members.bind(queries.lock_member(member.id), IdentityKind.WECOM_EXTERNAL, "wm-1", now=now)
        added = {"external_user_id": "wm-1", "user_id": "u", "state": ""}
        inbox.store(
            wecom.PLATFORM,
            fact=Fact("wecom", codes.new_public_id()),
            kind="added",
            payload=added,
            occurred_at=now,
            now=now,
            due_at=now,
        )
        db.session.flush()
        (contact,) = inbox.claim(wecom.PLATFORM, now=now, limit=1)
        assert contacts.add_contact(contact, unionid=UNION, now=now).id == member.id
    db.session.expire_all()


def test_what_was_not_given_is_given_to_who_comes_back(mall: Mall) -> None:
    leave(join(mall).member)
    again = join(mall).member
    assert (tell_preferences(again), len(claim_first_order(again))) == (50, 1)


def test_after_the_period_all_is_as_new_also_before_the_sweep(mall: Mall, clock: StillClock) -> None:
    first = join(mall).member
    tell_preferences(first)
    leave(first)
    clock.advance(days=364)
    again = join(mall)
    assert again.had_before
    leave(again.member)
    clock.advance(days=1)
    anew = join(mall)
    assert (len(anew.granted), tell_preferences(anew.member)) == (2, 50)


def test_the_memory_is_forgotten_when_its_period_is_over(mall: Mall, clock: StillClock) -> None:
    leave(join(mall).member)
    assert upkeep.sweep()["former_members"] == 0
    clock.advance(days=365)
    assert upkeep.sweep()["former_members"] >= 1
    assert db.session.scalars(select(FormerMark.digest)).all() == []
    assert db.session.scalars(select(FormerMember.id)).all() == []


def test_the_memory_holds_nothing_that_says_who_it_was(mall: Mall) -> None:
    member = join(mall, unionid=UNION).member
    index = queries.list_values([member.id], [IdentityKind.PHONE])[0][1]
    leave(member)
    kept = [[row.digest, row.former_id] for row in db.session.scalars(select(FormerMark))]
    kept += [[row.id, row.given, str(row.left_on)] for row in db.session.scalars(select(FormerMember))]
    text = json.dumps(kept)
    assert not [told for told in (PHONE, UNION, index, f'"{member.id}"') if told in text]


def owe(member: Member, count: int) -> None:
    ledger.owe(member.id, points=count, reason=note("测试"), fact="test:owed", now=app_clock.now())


def test_points_owed_come_back_with_the_person_once(mall: Mall) -> None:
    first = join(mall, unionid=UNION).member
    owe(first, 300)
    assert leaving.preview_leaving(first.id, now=app_clock.now()).debt_points == 300
    leave(first)
    again = join(mall).member
    assert points_queries.get_balance(again.id).debt_points == 300
    other = join(mall, phone=ANOTHER, unionid=UNION).member
    assert points_queries.get_balance(other.id).debt_points == 0
    tell_preferences(again)
    assert points_queries.get_balance(again.id).debt_points == 250
    assert points_queries.list_disagreements() == []
    leave(again)
    assert points_queries.get_balance(join(mall).member.id).debt_points == 250


def test_a_debt_takes_what_can_be_spent_first_and_is_forgiven_at_most(mall: Mall) -> None:
    member = join(mall).member
    ledger.accrue(member.id, points=100, reason=note("测试"), fact="test:earned", now=app_clock.now())
    owe(member, 130)
    owe(member, 130)
    assert points_queries.get_balance(member.id).available_points == 0
    for number, (most, forgiven, left) in enumerate(((20, 20, 10), (50, 10, 0), (50, 0, 0))):
        fact = f"test:{number}"
        assert ledger.forgive(member.id, most=most, reason=note("测试"), fact=fact, now=app_clock.now()) == forgiven
        assert points_queries.get_balance(member.id).debt_points == left
    assert points_queries.list_disagreements() == []


def give_points(member: Member, count: int) -> bool:
    """Whether one person could give all of it, in parts that they may give at once."""
    carer = Carer(staff_id=make_staff().id, name="张岚", mall_id=member.home_mall_id, reason="care")
    parts = [care_rules.MOST_POINTS] * (count // care_rules.MOST_POINTS) + [count % care_rules.MOST_POINTS]
    given = [adjusting.adjust_points(member.id, part, carer, now=app_clock.now()) for part in parts if part]
    return None not in given


def test_what_was_given_by_hand_counts_on_for_who_comes_back(mall: Mall, clock: StillClock) -> None:
    most = care_rules.MEMBER_LIMITS.points
    first = join(mall, unionid=UNION).member
    assert give_points(first, 2_000)
    clock.advance(days=10)
    assert give_points(first, most - 2_500)
    leave(first)
    again = join(mall, unionid=UNION).member
    assert give_points(again, 500)
    assert not give_points(again, 1)
    leave(again)
    clock.advance(days=20)
    anew = join(mall, phone=ANOTHER, unionid=UNION).member
    assert not give_points(anew, 1)
    clock.advance(days=1)
    assert give_points(anew, 2_000)
    assert not give_points(anew, 1)
    clock.advance(days=11)
    assert give_points(anew, most - 2_000)


def test_coupons_given_by_hand_count_on_and_are_forgotten_after_a_month(clock: StillClock) -> None:
    mall = make_mall()
    make_consent_document()
    make_tiers()
    carer = Carer(staff_id=make_staff().id, name="张岚", mall_id=mall.id, reason="care")
    campaign = make_campaign(mall, per_member_limit=9)
    for _ in range(care_rules.MEMBER_LIMITS.coupons):
        care.give_coupon(join(mall).member.id, campaign, carer, now=app_clock.now())
        leave(db.session.scalars(select(Member).order_by(Member.id.desc()).limit(1)).one())
    last = join(mall).member
    with pytest.raises(CareLimitReached):
        care.give_coupon(last.id, campaign, carer, now=app_clock.now())
    clock.advance(days=31)
    care.give_coupon(last.id, campaign, carer, now=app_clock.now())
    assert upkeep.sweep()["former_members"] >= 1
    assert db.session.scalars(select(FormerMember.id)).all() == []


def test_nothing_is_remembered_of_who_was_given_nothing() -> None:
    mall = make_mall()
    make_consent_document()
    make_tiers()
    leave(join(mall).member)
    assert db.session.scalars(select(FormerMember.id)).all() == []
