"""From the plan to the phone, through the real client and a platform that answers, refuses, fails and falls silent."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select, update

from app.benefits.coupons.models import Coupon
from app.identity.models import IdentityKind, Member, MemberIdentity, MemberStatus
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.outreach.consents import consents
from app.outreach.messages import coupon_reminders, deliveries
from app.outreach.messages.models import OutreachMessage
from app.wechat.mini import SendResult
from tests.builders.identity import make_member
from tests.builders.outreach import allow, make_expiring_coupon, plan
from tests.outreach.conftest import SEND_PATH, Phone
from tests.support.clock import StillClock


def remind(phone: Phone, *, allowed: int = 1) -> tuple[Member, Coupon, OutreachMessage]:
    """A member with this phone, a coupon about to expire, and the planned reminder."""
    member = make_member(openid=phone.openid)
    coupon = make_expiring_coupon(member, title="2小时停车券")
    for _ in range(allowed):
        phone.allow()
        allow(member)
    coupon_reminders.plan_batch(now=app_clock.now(), limit=100)
    return member, coupon, db.session.scalars(select(OutreachMessage)).one()


def stands(message: OutreachMessage) -> tuple[str, str | None, str | None]:
    db.session.refresh(message)
    return message.status, message.reason, message.last_error


@pytest.mark.requirement("S0.37", "S3.24")
def test_a_reminder_arrives_on_the_phone(clock: StillClock, phone: Phone) -> None:
    member, coupon, message = remind(phone)
    phone.send_due()
    assert stands(message) == ("sent", None, None)
    [shown] = phone.messages()
    assert shown["title"] == "权益到期提醒"
    assert [line["value"] for line in shown["lines"]] == [
        "2小时停车券",
        "2026年3月13日 23:59",
        "还有2天到期，记得来用",
    ]
    assert shown["page"] == f"pages/coupon/index?id={coupon.id}"
    assert message.content is not None and message.content["page"] == shown["page"]
    assert consents.stock(member.id)["benefit"] == 0


def test_a_second_round_sends_nothing(clock: StillClock, phone: Phone) -> None:
    remind(phone, allowed=2)
    phone.send_due()
    assert phone.send_due() is False
    assert phone.calls == 1


def test_after_redemption_nothing_is_sent(clock: StillClock, phone: Phone) -> None:
    member, coupon, message = remind(phone)
    db.session.execute(update(Coupon).where(Coupon.id == coupon.id).values(status="redeemed", redeemed_at=clock.now))
    phone.send_due()
    assert stands(message) == ("suppressed", "coupon_redeemed", None)
    assert phone.calls == 0
    assert consents.stock(member.id)["benefit"] == 1


def test_a_coupon_held_by_a_payment_waits_and_is_mentioned_when_it_comes_back(clock: StillClock, phone: Phone) -> None:
    _, coupon, message = remind(phone)
    held = update(Coupon).where(Coupon.id == coupon.id)
    db.session.execute(held.values(status="reserved", reserved_for="payment:1"))
    phone.send_due()
    assert stands(message) == ("planned", "coupon_reserved", None)
    db.session.execute(held.values(status="issued", reserved_for=None))
    clock.set(message.due_at)
    phone.send_due()
    assert stands(message) == ("sent", None, None)


def test_a_refused_consent_empties_our_stock(clock: StillClock, phone: Phone) -> None:
    member, _, message = remind(phone)
    allow(member, 2)
    phone.platforms.delete(
        f"/phone/api/people/{phone.person_id}/subscriptions/{phone.platforms.settings.wechat.template_benefit}"
    )
    phone.send_due()
    assert stands(message) == ("failed", "consent_refused", "43101")
    assert consents.stock(member.id)["benefit"] == 0


def test_a_platform_over_its_quota_is_asked_again(clock: StillClock, phone: Phone) -> None:
    _, _, message = remind(phone)
    phone.platforms.fault("errcode", "mini", endpoint=SEND_PATH, value="45009")
    phone.send_due()
    assert stands(message) == ("planned", "platform_busy", "45009")
    clock.set(message.due_at)
    phone.send_due()
    assert stands(message) == ("sent", None, None)
    assert len(phone.messages()) == 1


@pytest.mark.parametrize("fault", ["reset_after", "reset", "empty"])
def test_silence_is_never_answered_by_a_second_message(clock: StillClock, phone: Phone, fault: str) -> None:
    member, _, message = remind(phone, allowed=2)
    phone.platforms.fault(fault, "mini", endpoint=SEND_PATH)
    phone.send_due()
    assert stands(message) == ("unknown", "no_answer", None)
    clock.advance(hours=1)
    deliveries.give_up_silent(now=clock.now, limit=10)
    phone.send_due()
    assert phone.calls == 1
    assert len(phone.messages()) == (0 if fault == "reset" else 1)
    assert consents.stock(member.id)["benefit"] == 1


def test_a_wrong_message_is_not_tried_again(clock: StillClock, phone: Phone) -> None:
    member, _, message = remind(phone)
    phone.platforms.fault("errcode", "mini", endpoint=SEND_PATH, value="47003")
    phone.send_due()
    assert stands(message) == ("failed", "platform_refused", "47003")
    assert consents.stock(member.id)["benefit"] == 1


def test_a_member_without_an_openid_keeps_the_reason(clock: StillClock, phone: Phone) -> None:
    member, _, message = remind(phone)
    db.session.query(MemberIdentity).filter_by(member_id=member.id, kind=IdentityKind.MINI_OPENID.value).delete()
    phone.send_due()
    assert stands(message) == ("suppressed", "no_address", None)


def test_nobody_writes_to_who_has_left(clock: StillClock, phone: Phone) -> None:
    member, _, message = remind(phone)
    member.status, member.closed_at = MemberStatus.CLOSED.value, clock.now
    db.session.flush()
    phone.send_due()
    assert stands(message) == ("suppressed", "member_gone", None)


@dataclass
class SlowFirstCall:
    """The mini-program, but ten minutes pass on the product's clock while it answers the first message."""

    phone: Phone
    clock: StillClock
    passed: bool = False

    def send_subscribe_message(self, openid: str, **message: Any) -> SendResult:
        result = self.phone.gateway.mini.send_subscribe_message(openid, **message)
        if not self.passed:
            self.clock.advance(minutes=10)
            self.passed = True
        return result


def test_a_slow_worker_does_not_send_what_may_be_given_up(clock: StillClock, phone: Phone) -> None:
    member = make_member(openid=phone.openid)
    for _ in range(2):
        phone.allow()
        allow(member)
    first, second = plan(member), plan(member)
    replace(phone, mini=SlowFirstCall(phone, clock)).send_due()
    assert stands(first)[0] == "sent"
    assert stands(second) == ("planned", "platform_busy", None)
    assert phone.calls == 1
    assert consents.stock(member.id)["benefit"] == 1


def test_one_members_trouble_does_not_cost_the_others_theirs(
    clock: StillClock, phone_of: Callable[[int], Phone]
) -> None:
    poor, rich = phone_of(1), phone_of(2)
    unlucky, lucky = make_member(openid=poor.openid), make_member(openid=rich.openid)
    first, second = plan(unlucky), plan(lucky)
    for phone, member in ((poor, unlucky), (rich, lucky)):
        phone.allow()
        allow(member)
    poor.platforms.fault("reset_after", "mini", endpoint=SEND_PATH)
    poor.send_due()
    assert stands(first)[0] == "unknown"
    assert stands(second)[0] == "sent"
    assert len(rich.messages()) == 1
