"""Nights that carry on from the last one end where counting everybody anew would, whatever happens before them."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import false, select

from app.kernel import clock
from app.kernel.db import db, table_of
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages import acts, carrying, cut_points, day_flows, nights
from app.lifecycle.stages.judging import Judge
from app.lifecycle.stages.models import ALL_FACTS, LifecycleCut, MemberStage, StageChange
from app.lifecycle.stages.shares import taking
from app.lifecycle.stages.tallies import pending
from app.timeline import events
from app.timeline.models import EventKind
from tests.lifecycle.stages.in_turn import InTurn
from tests.lifecycle.stages.tallies.telling import kept_and_counted
from tests.lifecycle.stages.test_facts_sql import SHORT
from tests.lifecycle.stages.worlds import Bought, Person, World, end_of
from tests.support.clock import StillClock

# Days pass in leaps that make windows open and close; what is told late is of any of the days before.
LEAPS = st.sampled_from([1, 1, 1, 2, 4])
LATE = st.sampled_from([0, 0, 0, 1, 5, 11, 19])
WHOM = st.integers(min_value=0, max_value=7)
AMOUNTS = st.sampled_from([0, 100, 200, 700])


class Nights(RuleBasedStateMachine):
    """A world of a few people; `expected` counts them one by one."""

    kept_in_shares = 0

    @initialize(begun=st.booleans())
    def begin(self, begun: bool = False) -> None:
        """With nobody, or with some who have bought and whom a night has counted."""
        self.savepoint = db.engine.begin_nested()  # type: ignore[attr-defined]  # nights commit
        self.clock = StillClock()
        self.world = World()
        self.rules = SHORT
        self.publish(SHORT)
        self.clock.advance(days=1)
        if begun:
            for _ in range(4):
                self.world.buy(self.world.person(joined=self.today), self.today, 100)
            self.night()

    @property
    def today(self) -> date:
        return clock.business_date(self.clock.now)

    def publish(self, rules: Rules) -> None:
        rule_sets.publish(rules, effective_from=self.today + timedelta(days=1), by="test", now=self.clock.now)

    def one_of(self, whom: int) -> Person:
        living = [person for person in self.world.people if person.into is None]
        return living[whom % len(living)] if living else self.world.person(joined=self.today)

    @rule(late=LATE)
    def join(self, late: int) -> None:
        self.world.person(joined=self.today - timedelta(days=late), created=self.today)

    @rule()
    def see(self) -> None:
        self.world.person(joined=None, created=self.today)

    @rule(whom=WHOM, late=LATE, fen=AMOUNTS)
    def buy(self, whom: int, late: int, fen: int) -> None:
        """The first purchase moves a member at once."""
        buyer = self.one_of(whom)
        is_first = not any(person.bought for person in self.world.people if end_of(person) is buyer)
        self.world.buy(buyer, self.today - timedelta(days=late), fen)
        if is_first and late == 0:
            acts.buy_first([buyer.id], day=self.today)

    @rule(whom=WHOM, late=LATE, fen=st.sampled_from([50, None]))
    def refund(self, whom: int, late: int, fen: int | None) -> None:
        bought: list[Bought] = [
            one for person in self.world.people for one in person.bought if one.fen + sum(f for _, f in one.refunds) > 0
        ]
        if bought:
            self.world.refund(bought[whom % len(bought)], self.today - timedelta(days=late), fen)

    @rule(whom=WHOM, late=LATE, kind=st.sampled_from([EventKind.VISITED, EventKind.SCANNED, EventKind.MESSAGE_SENT]))
    def act(self, whom: int, late: int, kind: EventKind) -> None:
        self.world.act(self.one_of(whom), kind, self.today - timedelta(days=late))

    @rule(whom=WHOM, other=WHOM, is_act=st.booleans())
    def merge(self, whom: int, other: int, is_act: bool) -> None:
        """Joined members move at once, visitors with the night."""
        one, into = self.one_of(whom), self.one_of(other)
        if one is not into:
            self.world.merge(one, into=into)
            if is_act:
                acts.merge(one.id, day=self.today)

    @rule(whom=WHOM)
    def leave(self, whom: int) -> None:
        one = self.one_of(whom)
        numbers = self.world.leave(one, self.today)
        day_flows.leave(numbers, day=self.today)

    @rule(whom=WHOM, late=LATE, fen=st.sampled_from([-50, 100, 400]))
    def earn(self, whom: int, late: int, fen: int) -> None:
        self.world.earn(self.one_of(whom), self.today - timedelta(days=late), fen)

    @rule(whom=WHOM, late=LATE)
    def bring(self, whom: int, late: int) -> None:
        self.world.bring(self.one_of(whom), self.today - timedelta(days=late))

    @rule(
        recent=st.sampled_from([8, 10]),
        repeat=st.sampled_from([2, 3]),
        margin=st.sampled_from([None, 300]),
        friends=st.sampled_from([None, 1]),
    )
    def change_rules(self, recent: int, repeat: int, margin: int | None, friends: int | None) -> None:
        tomorrow = self.today + timedelta(days=1)
        if all(version.effective_from != tomorrow for version in rule_sets.list_versions()):
            self.publish(
                replace(
                    SHORT, recent_days=recent, repeat_purchases=repeat, high_margin_fen=margin, high_friends=friends
                )
            )

    @rule(leap=LEAPS)
    def sleep(self, leap: int) -> None:
        """Days pass without anybody looking: their nights are missed."""
        self.clock.advance(days=leap)

    @rule()
    def night(self) -> None:
        self.clock.advance(days=1)
        self.work_out(None)

    @rule(count=st.integers(1, 3))
    def nights_in_shares(self, count: int) -> None:
        """Of two shares, whose steps are done in turn here."""
        beside = InTurn()
        for _ in range(count):
            self.clock.advance(days=1)
            self.work_out(beside)
        Nights.kept_in_shares += beside.kept

    @rule(whom=WHOM, fen=AMOUNTS)
    def night_after_a_purchase(self, whom: int, fen: int) -> None:
        self.buy(whom, 0, fen)
        self.nights_in_shares(1)

    def work_out(self, beside: InTurn | None) -> None:
        last = nights.last_over(self.clock.now)
        for day in nights.list_missed(until=last, now=self.clock.now):
            nights.run(day, now=self.clock.now, beside=beside)
        db.session.expire_all()
        self.hold(last)

    def hold(self, day: date) -> None:
        rows = {row.member_id: row for row in db.session.scalars(select(MemberStage))}
        rules = rule_sets.in_force(day).rules
        expected = self.world.expected(day, rules)
        kept = {member: {name: getattr(row, name) for name in (*ALL_FACTS, "stage")} for member, row in rows.items()}
        assert kept == {
            member: asdict(facts) | {"stage": standing.stage} for member, (facts, standing) in expected.items()
        }
        assert {member: row.activity for member, row in rows.items()} == {
            member: standing.activity for member, (_, standing) in expected.items()
        }
        self.hold_history(rows)
        self.hold_points(day, rules)

    def hold_points(self, day: date, rules: Rules) -> None:
        """The points of the day are those that sorting everybody's values finds."""
        cut = db.session.get_one(LifecycleCut, day)
        points = db.session.execute(cut_points.of_rows(table_of(MemberStage), rules, as_of=day)).one()
        assert (cut.high_spend_fen, cut.recency, cut.frequency, cut.monetary) == tuple(points)

    def hold_history(self, rows: dict[int, MemberStage]) -> None:
        """Every change begins where the one before ended, and the last one ends where the member stands."""
        stood: dict[int, tuple[str, str]] = {}
        entered: dict[int, date] = {}
        for one in db.session.scalars(select(StageChange).order_by(StageChange.member_id, StageChange.id)):
            assert stood.get(one.member_id, ("", "")) == (one.old_stage, one.old_activity)
            stood[one.member_id] = (one.stage, one.activity)
            if one.stage != one.old_stage:
                entered[one.member_id] = one.day
        assert {member: (row.stage, row.activity) for member, row in rows.items()} == {
            member: where for member, where in stood.items() if where != ("", "")
        }
        assert {member: row.since for member, row in rows.items()} == {member: entered[member] for member in rows}

    @invariant()
    def hold_tally(self) -> None:
        """Whoever is counted in what a night kept, or came and went since, stands somewhere with that very value."""
        told = kept_and_counted()
        assert told is None or told[0] == told[1]

    def teardown(self) -> None:
        """However it went, the days end with a night in shares."""
        try:
            self.nights_in_shares(2)
        finally:
            self.undo()

    def undo(self) -> None:
        self.clock.release()
        db.session.rollback()
        db.session.expunge_all()
        self.savepoint.rollback()


def play(**more: Any) -> None:
    health = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much]
    run_state_machine_as_test(Nights, settings=settings(suppress_health_check=health, deadline=None, **more))


def test_nights_that_carry_on_end_where_counting_anew_would(
    db_session: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "LEAST_MEMBERS", 1)
    play(max_examples=12, stateful_step_count=25)
    assert Nights.kept_in_shares > 0


@pytest.mark.parametrize("fault", ["late", "windows", "refunds", "time", "acts"])
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant: dict[str, Callable[[], None]] = {
        "late": lambda: monkeypatch.setattr(events, "late_on", lambda *_, **__: None),
        "windows": lambda: monkeypatch.setattr(
            carrying, "leaves", lambda day, days: carrying.Span.of(date(2000, 1, 1))
        ),
        "refunds": lambda: monkeypatch.setattr(carrying, "_COUNTED_ANEW", frozenset()),
        "time": lambda: monkeypatch.setattr(Judge, "turned_by_time", lambda *_, **__: false()),
        "acts": lambda: monkeypatch.setattr(pending, "went", lambda _: None),
    }
    play_by_hand()
    plant[fault]()
    with pytest.raises(AssertionError):
        play_by_hand()


def play_by_hand() -> None:
    """A member buys, tells late of a visit, brings back, and windows pass; another leaves."""
    machine = Nights()
    machine.begin()
    try:
        machine.night()
        machine.join(0)
        machine.night()
        machine.buy(0, 0, 700)
        machine.night()
        machine.buy(0, 5, 100)
        for _ in range(10):
            machine.night()
        machine.refund(0, 0, None)
        machine.night()
        machine.join(0)
        machine.buy(1, 0, 200)
        machine.night()
        machine.leave(1)
        machine.hold_tally()
        machine.night()
    finally:
        machine.undo()
