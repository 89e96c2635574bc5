"""The log of messages as the console asks for it."""

from datetime import timedelta

import pytest

from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.errors import NotFound
from app.outreach.messages import broker, deliveries, queries
from app.outreach.messages.deliveries import Answer
from app.outreach.messages.kinds import Channel
from app.outreach.messages.models import OutreachMessage
from app.outreach.messages.queries import LogFilter
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


def ids(wanted: LogFilter) -> list[int]:
    return [message.id for message, _, _ in queries.list_messages(wanted)]


def test_the_latest_planned_come_first_with_a_masked_phone(clock: StillClock) -> None:
    member = make_member()
    older = plan(member)
    clock.advance(minutes=1)
    newer = plan(member)
    rows = queries.list_messages(LogFilter())
    assert [message.id for message, _, _ in rows] == [newer.id, older.id]
    assert rows.items[0][1:] == (member.public_id, member.phone_masked)


def test_a_mall_sees_its_own_messages(clock: StillClock) -> None:
    ours, theirs = make_member(), make_member()
    mine = plan(ours)
    plan(theirs)
    assert ids(LogFilter(mall_ids=[ours.home_mall_id])) == [mine.id]
    assert ids(LogFilter(mall_ids=[])) == []


def test_days_are_the_malls(clock: StillClock) -> None:
    member = make_member()
    clock.set(clock.now.replace(hour=15, minute=59))
    tonight = plan(member)
    clock.advance(minutes=1)
    after_midnight = plan(member)
    today = app_clock.business_date(clock.now)
    assert ids(LogFilter(day=today)) == [after_midnight.id]
    assert ids(LogFilter(day=today - timedelta(days=1))) == [tonight.id]


def test_status_reason_kind_and_member_narrow_each_other(clock: StillClock) -> None:
    member, other = make_member(), make_member()
    first, second = sent_and_kept_back(member)
    third = plan(other, "member_day")
    assert ids(LogFilter(status="sent")) == [first.id]
    assert ids(LogFilter(reason="no_consent")) == [second.id]
    assert ids(LogFilter(kind="member_day")) == [third.id]
    assert ids(LogFilter(member_id=member.id, status="planned")) == []


def test_pages_follow_each_other_without_gaps(clock: StillClock) -> None:
    member = make_member()
    planned = [plan(member).id for _ in range(5)]
    seen = read_all(lambda asked: queries.list_messages(LogFilter(), asked))
    assert [message.id for message, _, _ in seen] == planned[::-1]


def test_counts_by_status_and_reason(clock: StillClock) -> None:
    sent_and_kept_back(make_member())
    sent_and_kept_back(make_member())
    plan(make_member())
    assert queries.count_messages(LogFilter()) == {
        ("sent", None): 2,
        ("suppressed", "no_consent"): 2,
        ("planned", None): 1,
    }


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
