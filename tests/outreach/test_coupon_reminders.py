"""Who is reminded of which coupon, when, and what the reminder says."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.benefits.coupons.models import Coupon
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.outreach.messages import coupon_reminders
from app.outreach.messages.broker import Content
from app.outreach.messages.models import OutreachMessage, Reason
from app.outreach.messages.rules import Wait
from tests.builders.identity import make_member
from tests.builders.outreach import make_expiring_coupon
from tests.support.clock import StillClock


def plan_all(limit: int = 100) -> int:
    return coupon_reminders.plan_batch(now=app_clock.now(), limit=limit)


def planned(member: Member) -> list[OutreachMessage]:
    query = select(OutreachMessage).where(OutreachMessage.member_id == member.id).order_by(OutreachMessage.id)
    return list(db.session.scalars(query))


def change(coupon: Coupon, **values: object) -> None:
    db.session.execute(update(Coupon).where(Coupon.id == coupon.id).values(**values))


def consider(coupon: Coupon) -> Content | Wait:
    member = db.session.get_one(Member, coupon.member_id)
    [message] = planned(member)
    return coupon_reminders.consider(message, now=app_clock.now())


@pytest.mark.requirement("S0.37")
def test_a_coupon_whose_last_day_is_the_day_after_tomorrow_is_planned(clock: StillClock) -> None:
    member = make_member()
    coupon = make_expiring_coupon(member)
    assert plan_all() == 1
    [message] = planned(member)
    assert (message.kind, message.template, message.marketing) == ("coupon_expiring", "benefit", True)
    assert message.facts == {"coupon_id": coupon.id}
    assert (message.mall_id, message.due_at, message.status) == (coupon.mall_id, clock.now, "planned")
    assert message.send_until == coupon.valid_until - timedelta(hours=1)


def test_each_coupon_is_planned_once(clock: StillClock) -> None:
    member = make_member()
    make_expiring_coupon(member)
    assert [plan_all(), plan_all()] == [1, 0]
    clock.advance(days=1)
    assert plan_all() == 0


def test_a_day_in_the_mall_begins_at_its_own_midnight(clock: StillClock) -> None:
    member = make_member()
    make_expiring_coupon(member, valid_days=4)
    clock.set(clock.now.replace(hour=15, minute=59))  # 23:59 in Shanghai: still three days to go
    assert plan_all() == 0
    clock.advance(minutes=1)
    assert plan_all() == 1


def test_what_was_missed_is_caught_up_until_the_coupon_is_over(clock: StillClock) -> None:
    member = make_member()
    make_expiring_coupon(member, valid_days=5)
    clock.advance(days=4)
    assert plan_all() == 1


def test_a_coupon_for_today_only_is_no_reason_to_write(clock: StillClock) -> None:
    member = make_member()
    make_expiring_coupon(member, valid_days=1)
    make_expiring_coupon(member, valid_days=2)
    assert plan_all() == 0


def test_used_and_taken_back_coupons_are_left_out(clock: StillClock) -> None:
    member = make_member()
    change(make_expiring_coupon(member), status="redeemed", redeemed_at=clock.now)
    change(make_expiring_coupon(member), status="void")
    assert plan_all() == 0


def test_many_are_planned_in_batches(clock: StillClock) -> None:
    mall_member = make_member()
    for _ in range(5):
        make_expiring_coupon(mall_member)
    assert [plan_all(limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_planning_takes_one_statement_besides_the_policy(clock: StillClock, count_statements: object) -> None:
    for _ in range(3):
        make_expiring_coupon(make_member())
    with count_statements() as seen:  # type: ignore[operator]
        assert plan_all() == 3
    assert len(seen) == 2


def test_in_the_evening_reminders_are_planned_for_the_morning(clock: StillClock) -> None:
    member = make_member()
    make_expiring_coupon(member)
    clock.advance(hours=12)
    assert plan_all() == 1
    [message] = planned(member)
    assert (message.reason, message.due_at) == ("quiet_hours", clock.now + timedelta(hours=11))


@pytest.mark.requirement("S0.54")
def test_the_reminder_obeys_the_template_and_opens_the_coupon(clock: StillClock) -> None:
    coupon = make_expiring_coupon(make_member(), title="世界美食节五楼全场通用代金券（周一至周五）")
    plan_all()
    said = consider(coupon)
    assert isinstance(said, Content)
    assert said.data == {
        "thing1": "世界美食节五楼全场通用代金券（周一至周…",
        "time2": "2026年3月13日 23:59",
        "thing3": "还有2天到期，记得来用",
    }
    assert len(said.data["thing1"]) == 20
    assert said.page == f"pages/coupon/index?id={coupon.id}"


def test_a_reminder_that_had_to_wait_counts_the_days_anew(clock: StillClock) -> None:
    coupon = make_expiring_coupon(make_member())
    plan_all()
    clock.advance(days=1)
    said = consider(coupon)
    assert isinstance(said, Content) and said.data["thing3"] == "还有1天到期，记得来用"
    clock.advance(days=1)
    said = consider(coupon)
    assert isinstance(said, Content) and said.data["thing3"] == "今天到期，记得来用"


def test_nobody_is_reminded_of_what_is_used_void_or_held(clock: StillClock) -> None:
    coupon = make_expiring_coupon(make_member())
    plan_all()
    change(coupon, status="reserved", reserved_for="payment:1")
    assert consider(coupon) == Wait(Reason.COUPON_RESERVED, clock.now + timedelta(minutes=20))
    change(coupon, status="void", reserved_for=None)
    assert consider(coupon) == Wait(Reason.COUPON_VOID, None)
    change(coupon, status="redeemed", redeemed_at=clock.now)
    assert consider(coupon) == Wait(Reason.COUPON_REDEEMED, None)
