"""Whatever is planned, allowed, answered and forgotten, in any order and at any hour: no promise is broken."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from app.kernel.db import db
from app.outreach.consents import consents
from app.outreach.consents.models import ConsentEvent
from app.outreach.consents.templates import Template
from app.outreach.messages import broker, deliveries
from app.outreach.messages.broker import Claim
from app.outreach.messages.deliveries import Answer
from app.outreach.messages.kinds import Channel
from app.outreach.messages.known_kinds import KINDS
from app.outreach.messages.models import OutreachMessage
from app.outreach.touch_rules import policy, rules
from tests.builders.identity import make_member
from tests.builders.outreach import CONTENT, allow, plan
from tests.support.clock import StillClock
from tests.support.isolation import rolled_back

WEEK = timedelta(days=7)
TEMPLATES = {"win_back": "benefit", "member_day": "member_day"}
# How a claimed message may end; the platform mostly takes it.
ENDS = ["sent", "sent", "sent", "sent", "unanswered", "dies", "put_off", "refused", "without_consent"]


class Broker(RuleBasedStateMachine):
    """A member, messages of two templates, a platform with moods, and a clock that only moves on."""

    app: Flask

    @initialize()
    def begin(self) -> None:
        self._isolated = rolled_back(self.app)
        self._isolated.__enter__()
        self.clock = StillClock()
        self.member = make_member()
        self.hanging: list[Claim] = []
        self.delivered: list[datetime] = []
        self.handed_over: list[int] = []

    def teardown(self) -> None:
        if hasattr(self, "clock"):
            self.clock.release()
            self._isolated.__exit__(None, None, None)

    @rule(
        kind=st.sampled_from(sorted(TEMPLATES)), days=st.integers(1, 20), allowed=st.sampled_from([True, True, False])
    )
    def offer(self, kind: str, days: int, allowed: bool) -> None:
        plan(self.member, kind, send_until=self.clock.now + timedelta(days=days))
        if allowed:
            allow(self.member, template=Template(TEMPLATES[kind]))

    @rule(hours=st.sampled_from([1, 5, 11, 24, 48, 120, 167]), minutes=st.integers(0, 59))
    def wait(self, hours: int, minutes: int) -> None:
        self.clock.advance(hours=hours, minutes=minutes)

    @rule(
        limit=st.integers(1, 5), ends=st.lists(st.sampled_from(ENDS), min_size=5, max_size=5), slow=st.integers(0, 90)
    )
    def work(self, limit: int, ends: list[str], slow: int) -> None:
        """A worker claims a batch and sees each message to its end."""
        for claim, end in zip(self._claim(limit), ends, strict=False):
            self.clock.advance(seconds=slow)
            self._end(claim, end)

    @rule(limit=st.integers(1, 5))
    def claim_and_hang(self, limit: int) -> None:
        """A worker claims a batch and is not heard of for a while."""
        self.hanging += self._claim(limit)

    @precondition(lambda self: self.hanging)
    @rule(end=st.sampled_from(ENDS))
    def wake_up(self, end: str) -> None:
        self._end(self.hanging.pop(), end)

    @rule()
    def reap(self) -> None:
        deliveries.give_up_silent(now=self.clock.now, limit=100)

    def _claim(self, limit: int) -> list[Claim]:
        now = self.clock.now
        due, _ = broker.lock_due(Channel.SUBSCRIBE, now=now, limit=limit)
        claims = [broker.claim(message, CONTENT, now=now) for message in due]
        taken = [claim for claim in claims if claim is not None]
        assert not (taken and rules.is_quiet(now, policy.DEFAULT))
        return taken

    def _end(self, claim: Claim, end: str) -> None:
        if self.clock.now >= claim.lease_until:
            end = "put_off"  # a worker this slow hands nothing over
        if end in ("sent", "unanswered", "dies"):
            self._reached(claim)
        match end:
            case "sent":
                deliveries.record_sent(claim, Answer("m"), now=self.clock.now)
            case "unanswered":
                deliveries.record_unanswered(claim, now=self.clock.now)
            case "put_off" | "refused" | "without_consent":
                getattr(deliveries, f"record_{end}")(claim, Answer(error="1"), now=self.clock.now)

    def _reached(self, claim: Claim) -> None:
        """The phone lights up."""
        self.delivered.append(self.clock.now)
        self.handed_over.append(claim.message_id)

    @invariant()
    def nobody_is_touched_three_times_in_seven_days(self) -> None:
        moments = getattr(self, "delivered", [])
        for third, first in zip(moments[2:], moments, strict=False):
            assert third - first >= WEEK

    @invariant()
    def no_message_arrives_twice(self) -> None:
        handed_over = getattr(self, "handed_over", [])
        assert len(handed_over) == len(set(handed_over))

    @invariant()
    def stock_is_the_sum_of_its_events(self) -> None:
        if hasattr(self, "member"):
            sums = select(ConsentEvent.template, func.sum(ConsentEvent.quantity)).group_by(ConsentEvent.template)
            rows = db.session.execute(sums.where(ConsentEvent.member_id == self.member.id))
            expected = {template: int(quantity) for template, quantity in rows}
            stock = consents.stock(self.member.id)
            assert all(stock[template] == expected.get(template, 0) for template in stock)

    @invariant()
    def what_was_not_sent_has_a_reason(self) -> None:
        if hasattr(self, "member"):
            ended = OutreachMessage.status.in_(["failed", "suppressed", "unknown"])
            silent = select(func.count()).where(ended, OutreachMessage.reason.is_(None))
            assert db.session.scalar(silent) == 0


@pytest.mark.no_database
def test_the_broker_keeps_its_promises_in_any_order(app: Flask) -> None:
    machine = type("BrokerHere", (Broker,), {"app": app})
    assert set(TEMPLATES) <= set(KINDS)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
