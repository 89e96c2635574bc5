"""The weekly cap under a rush: however many workers claim at once, a member is touched twice in seven days."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import atomic, db
from app.outreach.messages import broker
from app.outreach.messages.kinds import Channel
from app.outreach.messages.models import OutreachMessage
from app.outreach.touch_rules import policy
from tests.builders.identity import make_member
from tests.builders.outreach import CONTENT, allow, plan
from tests.support.clock import StillClock
from tests.support.patience import PATIENCE_S
from tests.support.races import race

MESSAGES, WORKERS = 6, 6


def _prepared(*, touched: int = 0) -> int:
    """A member with six due messages and as many consents, of which some have gone out already."""
    with atomic():
        member = make_member()
        allow(member, MESSAGES)
        for _ in range(MESSAGES):
            plan(member)
        member_id = member.id
    for _ in range(touched):
        assert _claim_round(limit=1) == 1
    return member_id


def _claim_round(limit: int = MESSAGES) -> int:
    now = clock.now()
    with atomic():
        due, _ = broker.lock_due(Channel.SUBSCRIBE, now=now, limit=limit)
        return sum(broker.claim(message, CONTENT, now=now) is not None for message in due)


def _touches(member_id: int) -> Sequence[datetime]:
    with atomic():
        return broker.list_touches(member_id, since=clock.now() - timedelta(days=7))


@pytest.mark.requirement("S0.35")
def test_many_workers_at_once_touch_a_member_twice(committed_app: Flask, clock: StillClock) -> None:
    member_id = _prepared()
    claimed = race(committed_app, [_claim_round] * WORKERS)
    while _claim_round():
        claimed.append(0)
    assert sum(claimed) == policy.DEFAULT.marketing_cap
    assert len(_touches(member_id)) == policy.DEFAULT.marketing_cap


def test_each_message_is_claimed_by_one_worker(committed_app: Flask, clock: StillClock) -> None:
    with atomic():
        members = [make_member() for _ in range(MESSAGES)]
        for member in members:
            allow(member, 2)
            plan(member)
    claimed = sum(race(committed_app, [_claim_round] * WORKERS))
    while more := _claim_round():
        claimed += more
    assert claimed == MESSAGES
    with atomic():
        assert set(db.session.scalars(select(OutreachMessage.attempts))) == {1}


def test_control_without_the_members_lock_the_cap_is_overrun(
    committed_app: Flask, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers, one place left under the cap: both count before either commits."""
    member_id = _prepared(touched=1)
    keys = _due_keys(member_id)[:2]
    with monkeypatch.context() as unguarded:
        _take_out_the_lock(unguarded, keys)
        assert race(committed_app, [_claim_round] * 2) == [1, 1]
    assert len(_touches(member_id)) == policy.DEFAULT.marketing_cap + 1


def test_with_the_lock_the_same_two_workers_stay_below_the_cap(committed_app: Flask, clock: StillClock) -> None:
    member_id = _prepared(touched=1)
    assert sum(race(committed_app, [_claim_round] * 2)) == 1
    assert len(_touches(member_id)) == policy.DEFAULT.marketing_cap


def _due_keys(member_id: int) -> list[tuple[int, int]]:
    with atomic():
        due = select(OutreachMessage.member_id, OutreachMessage.id).where(
            OutreachMessage.member_id == member_id, OutreachMessage.status == "planned"
        )
        return [(row.member_id, row.id) for row in db.session.execute(due.order_by(OutreachMessage.id))]


def _take_out_the_lock(monkeypatch: pytest.MonkeyPatch, keys: list[tuple[int, int]]) -> None:
    """Each worker gets a message of its own, nobody locks the member, and counting waits for the other's count."""
    both_have_counted = threading.Barrier(2)
    mine = iter(keys)
    handing_out = threading.Lock()
    count = broker.list_touches

    def next_key(channel: Channel, *, now: datetime, limit: int) -> list[tuple[int, int]]:
        with handing_out:
            return [next(mine)]

    def count_together(member_id: int, *, since: datetime) -> Sequence[datetime]:
        touches = count(member_id, since=since)
        both_have_counted.wait(PATIENCE_S)
        return touches

    monkeypatch.setattr(broker, "_due_keys", next_key)
    monkeypatch.setattr(broker, "_lock_members", lambda member_ids: member_ids)
    monkeypatch.setattr(broker, "list_touches", count_together)
