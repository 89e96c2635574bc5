"""The log of messages as the console asks for it."""

import pytest

from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.errors import NotFound
from app.outreach.messages import broker, deliveries, queries
from app.outreach.messages.deliveries import Answer
from app.outreach.messages.kinds import Channel
from app.outreach.messages.models import OutreachMessage
from tests.builders.identity import make_member
from tests.builders.outreach import CONTENT, allow, plan
from tests.support.clock import StillClock
from tests.support.lists import read_all


def round_of_sending() -> None:
    now = app_clock.now()
    due, _ = broker.lock_due(Channel.SUBSCRIBE, now=now, limit=100)
    for message in due:
        claim = broker.claim(message, CONTENT, now=now)
        if claim is not None:
            deliveries.record_sent(claim, Answer("m"), now=now)


def sent_and_kept_back(member: Member) -> tuple[OutreachMessage, OutreachMessage]:
    """One message that went out, and one for which no consent was left."""
    allow(member)
    first, second = plan(member), plan(member)
    round_of_sending()
    return first, second


def test_the_latest_planned_come_first_with_a_masked_phone(clock: StillClock) -> None:
    member = make_member()
    older = plan(member)
    clock.advance(minutes=1)
    newer = plan(member)
    rows = queries.list_messages()
    assert [message.id for message, _, _ in rows] == [newer.id, older.id]
    assert rows.items[0][1:] == (member.public_id, member.phone_masked)


def test_conditions_narrow_each_other(clock: StillClock) -> None:
    member, other = make_member(), make_member()
    first, second = sent_and_kept_back(member)
    plan(other)
    own = OutreachMessage.member_id == member.id
    assert [message.id for message, _, _ in queries.list_messages(own, queries.has_status("sent"))] == [first.id]
    assert [message.id for message, _, _ in queries.list_messages(own, queries.has_status("suppressed"))] == [second.id]
    assert len(queries.list_messages(own, queries.has_status("planned"))) == 0


def test_pages_follow_each_other_without_gaps(clock: StillClock) -> None:
    member = make_member()
    planned = [plan(member).id for _ in range(5)]
    seen = read_all(lambda asked: queries.list_messages(asked=asked))
    assert [message.id for message, _, _ in seen] == planned[::-1]


def test_reasons_are_counted(clock: StillClock) -> None:
    sent_and_kept_back(make_member())
    sent_and_kept_back(make_member())
    plan(make_member())
    assert {reason: found.count for reason, found in queries.count_reasons().items()} == {"no_consent": 2}


def test_a_message_of_another_mall_is_not_found(clock: StillClock) -> None:
    member, stranger = make_member(), make_member()
    message = plan(member)
    assert queries.get_message(member.id, message.id, mall_ids=[member.home_mall_id]).id == message.id
    with pytest.raises(NotFound):
        queries.get_message(member.id, message.id, mall_ids=[stranger.home_mall_id])
    with pytest.raises(NotFound):
        queries.get_message(stranger.id, message.id)


def test_why_a_message_was_not_sent_is_explained_by_touches_and_consents(clock: StillClock) -> None:
    member = make_member()
    first, second = sent_and_kept_back(member)
    told = queries.explain(second)
    assert (told.message.status, told.message.reason) == ("suppressed", "no_consent")
    assert [touch.id for touch in told.touches] == [first.id]
    assert [(event.change, event.quantity) for event in told.consents] == [("reserved", -1), ("accepted", 1)]
