"""What the broker lets go, what it puts off, and what it keeps back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.identity.models import Member
from app.kernel.db import db
from app.outreach.consents import consents
from app.outreach.messages import broker, deliveries
from app.outreach.messages.broker import Claim
from app.outreach.messages.deliveries import Answer
from app.outreach.messages.known_kinds import KINDS
from app.outreach.messages.models import OutreachMessage
from app.timeline.models import TimelineEvent
from tests.builders.identity import make_member
from tests.builders.outreach import CONTENT, allow, plan
from tests.outreach.claims import claim_due, stands, touch
from tests.support.clock import StillClock

WIN_BACK = KINDS["win_back"]


def test_a_message_is_planned_once_for_its_key(clock: StillClock) -> None:
    member, until = make_member(), clock.now + timedelta(days=2)
    planned = [
        broker.plan(
            member.id, kind=WIN_BACK, dedupe_key="k", facts={}, send_until=until, now=clock.now, content=CONTENT
        )
        for _ in range(2)
    ]
    assert planned == [True, False]


def test_text_belongs_to_a_message_unless_it_is_composed_late(clock: StillClock) -> None:
    member, until = make_member(), clock.now + timedelta(days=2)
    with pytest.raises(ValueError, match="composed when it is planned"):
        broker.plan(member.id, kind=WIN_BACK, dedupe_key="k", facts={}, send_until=until, now=clock.now)
    with pytest.raises(ValueError, match="composed when it goes"):
        plan(member, "coupon_expiring", content=CONTENT)


def test_a_claim_takes_the_consent_and_counts_as_a_touch(clock: StillClock) -> None:
    member = make_member()
    allow(member)
    message = plan(member)
    [claim] = claim_due()
    assert stands(message) == ("sending", None)
    assert (claim.message_id, claim.attempt, message.lease_until) == (message.id, 1, clock.now + broker.LEASE)
    assert consents.stock(member.id)["benefit"] == 0
    assert broker.list_touches(member.id, since=clock.now - timedelta(days=7)) == [clock.now]


def test_a_claimed_message_is_not_due_again(clock: StillClock) -> None:
    member = make_member()
    allow(member, 2)
    plan(member)
    assert len(claim_due()) == 1
    assert claim_due() == []


def test_a_message_for_later_is_not_due(clock: StillClock) -> None:
    member = make_member()
    allow(member)
    plan(member, due_at=clock.now + timedelta(hours=2))
    assert claim_due() == []
    clock.advance(hours=2)
    assert len(claim_due()) == 1


def test_without_a_consent_nothing_goes(clock: StillClock) -> None:
    message = plan(make_member())
    assert claim_due() == []
    assert stands(message) == ("suppressed", "no_consent")


def test_two_messages_share_one_consent_only_once(clock: StillClock) -> None:
    member = make_member()
    allow(member)
    first, second = plan(member), plan(member)
    assert len(claim_due()) == 1
    assert {stands(first), stands(second)} == {("sending", None), ("suppressed", "no_consent")}


@pytest.mark.requirement("S0.35", "S0.54", "S1.18")
def test_the_third_touch_of_a_week_waits_for_the_first_to_age(clock: StillClock) -> None:
    member, first_touch = make_member(), clock.now
    touch(member)
    clock.advance(days=1)
    touch(member)
    clock.advance(days=1)
    allow(member)
    third = plan(member)
    assert claim_due() == []
    assert stands(third) == ("planned", "weekly_cap")
    assert third.due_at == first_touch + timedelta(days=7)
    clock.set(third.due_at - timedelta(seconds=1))
    assert claim_due() == []
    clock.set(third.due_at)
    assert len(claim_due()) == 1


def test_a_full_cap_suppresses_what_cannot_wait(clock: StillClock) -> None:
    member = make_member()
    touch(member)
    touch(member)
    allow(member)
    hasty = plan(member, send_until=clock.now + timedelta(days=3))
    assert claim_due() == []
    assert stands(hasty) == ("suppressed", "weekly_cap")
    assert consents.stock(member.id)["benefit"] == 1


@pytest.mark.requirement("S0.35")
def test_the_cap_counts_marketing_of_every_channel(clock: StillClock) -> None:
    member = make_member()
    touch(member)
    db.session.execute(
        OutreachMessage.__table__.insert().values(
            member_id=member.id,
            kind="win_back",
            marketing=True,
            channel="sms",
            template="",
            dedupe_key="sms",
            facts={},
            status="sent",
            planned_at=clock.now,
            due_at=clock.now,
            send_until=clock.now,
            attempts=1,
            touched_at=clock.now,
            sent_at=clock.now,
        )
    )
    allow(member)
    third = plan(member)
    assert claim_due() == []
    assert stands(third) == ("planned", "weekly_cap")


@pytest.mark.requirement("S1.18")
def test_a_night_message_waits_for_the_morning(clock: StillClock) -> None:
    clock.advance(hours=12)
    member = make_member()
    allow(member)
    message = plan(member)
    morning = clock.now + timedelta(hours=11)
    assert (message.status, message.reason, message.due_at) == ("planned", "quiet_hours", morning)
    clock.set(morning)
    assert len(claim_due()) == 1


def test_a_message_left_over_when_quiet_hours_begin_waits_too(clock: StillClock) -> None:
    member = make_member()
    allow(member)
    message = plan(member)
    clock.advance(hours=11)
    assert claim_due() == []
    assert stands(message) == ("planned", "quiet_hours")
    assert message.due_at == clock.now + timedelta(hours=12)


def test_a_message_past_its_time_is_kept_back(clock: StillClock) -> None:
    member = make_member()
    allow(member)
    message = plan(member, send_until=clock.now + timedelta(hours=1))
    clock.advance(hours=1)
    assert claim_due() == []
    assert stands(message) == ("suppressed", "too_late")


@pytest.mark.requirement("S0.47")
def test_what_was_sent_is_on_the_timeline_once(clock: StillClock) -> None:
    member = make_member()
    message = touch(member)
    assert stands(message) == ("sent", None)
    assert (message.sent_at, message.platform_message_id) == (clock.now, "m1")
    events = db.session.scalars(select(TimelineEvent).where(TimelineEvent.member_id == member.id)).all()
    assert [(event.kind, event.fact) for event in events] == [("message_sent", f"message:{message.id}")]


def _claimed(member: Member) -> tuple[OutreachMessage, Claim]:
    allow(member)
    message = plan(member)
    [claim] = claim_due()
    return message, claim


def test_a_refused_consent_empties_the_stock(clock: StillClock) -> None:
    member = make_member()
    allow(member, 2)
    message, claim = _claimed(member)
    deliveries.record_without_consent(claim, Answer(error="43101"), now=clock.now)
    assert stands(message) == ("failed", "consent_refused") and message.last_error == "43101"
    assert consents.stock(member.id)["benefit"] == 0
    assert broker.list_touches(member.id, since=clock.now - timedelta(days=7)) == []


def test_a_wrong_message_gives_its_consent_back(clock: StillClock) -> None:
    member = make_member()
    message, claim = _claimed(member)
    deliveries.record_refused(claim, Answer(error="47003"), now=clock.now)
    assert stands(message) == ("failed", "platform_refused")
    assert consents.stock(member.id)["benefit"] == 1


def test_a_busy_platform_is_asked_again_later_and_not_for_ever(clock: StillClock) -> None:
    member = make_member()
    allow(member)
    message = plan(member)
    waits = []
    for _ in range((deliveries.PAUSES.most_attempts or 0) - 1):
        [claim] = claim_due()
        deliveries.record_put_off(claim, Answer(error="-1"), now=clock.now)
        assert stands(message) == ("planned", "platform_busy")
        waits.append(message.due_at - clock.now)
        clock.set(message.due_at)
    assert waits == [timedelta(minutes=n) for n in (1, 2, 4, 8, 16)]
    [claim] = claim_due()
    deliveries.record_put_off(claim, Answer(error="-1"), now=clock.now)
    assert stands(message) == ("failed", "platform_busy")
    assert consents.stock(member.id)["benefit"] == 1


def test_silence_spends_touch_and_consent(clock: StillClock) -> None:
    member = make_member()
    message, claim = _claimed(member)
    deliveries.record_unanswered(claim, now=clock.now)
    assert stands(message) == ("unknown", "no_answer")
    assert consents.stock(member.id)["benefit"] == 0
    assert broker.list_touches(member.id, since=clock.now - timedelta(days=7)) == [clock.now]


def test_a_worker_that_never_answers_is_given_up_after_its_lease(clock: StillClock) -> None:
    member = make_member()
    message, claim = _claimed(member)
    assert deliveries.give_up_silent(now=clock.now, limit=10) == 0
    end = clock.advance(minutes=5)
    assert deliveries.give_up_silent(now=clock.now, limit=10) == 1
    assert stands(message) == ("unknown", "worker_died")
    assert message.touched_at == end
    assert claim_due() == []


def test_an_answer_after_the_lease_is_still_the_truth(clock: StillClock) -> None:
    member = make_member()
    message, claim = _claimed(member)
    clock.advance(minutes=6)
    deliveries.give_up_silent(now=clock.now, limit=10)
    deliveries.record_sent(claim, Answer("late"), now=clock.now)
    assert stands(message) == ("sent", None)


def test_a_message_ends_once(clock: StillClock) -> None:
    member = make_member()
    message, claim = _claimed(member)
    deliveries.record_sent(claim, Answer("m1"), now=clock.now)
    deliveries.record_put_off(claim, Answer(error="-1"), now=clock.now)
    deliveries.record_refused(claim, Answer(error="47003"), now=clock.now)
    assert stands(message) == ("sent", None)
    assert consents.stock(member.id)["benefit"] == 0
