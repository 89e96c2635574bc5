"""Facts counted by the database, fits by day, a row for each member, the back-test."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.flows.members import leaving
from app.flows.privacy import own_data, profiling
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.lifecycle.predictions import backtesting, facts_sql, predictions, queries
from app.lifecycle.predictions.errors import HistoryTooShort, PredictedLater
from app.lifecycle.predictions.models import MemberPrediction, PredictionFit
from app.lifecycle.predictions.rules import Obstacle, Why
from app.malls.models import Store
from tests.builders.buying import at, buy, buy_often
from tests.builders.cases import merge
from tests.builders.identity import make_member, make_visitor
from tests.builders.malls import make_store
from tests.support.clock import StillClock

DAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _still(clock: StillClock) -> None:
    """Facts are of days before the clock's."""


@dataclass
class World:
    """Sixty members who buy at rates of their own for a year, some of whom stop for good."""

    store: Store
    members: list[Member]
    days: dict[int, dict[date, int]] = field(default_factory=lambda: defaultdict(dict))


@pytest.fixture
def world() -> World:
    luck = random.Random(7)
    store = make_store()
    made = World(store, [make_member() for _ in range(60)])
    bought = []
    for member in made.members:
        gap, chance = luck.choice((6, 15, 40)), luck.choice((0.02, 0.1, 0.3))
        day = DAY - timedelta(days=luck.randrange(120, 365))
        while day <= DAY:
            made.days[member.id][day] = luck.randrange(1_000, 30_000)
            bought.append((member, day, made.days[member.id][day]))
            if luck.random() < chance:
                break
            day += timedelta(days=max(1, round(luck.expovariate(1 / gap))))
    buy_often(bought, store)
    return made


def collected(as_of: date = DAY) -> dict[int, tuple[date, date, int, int, int]]:
    facts_sql.collect(as_of)
    return {row[0]: tuple(row[1:]) for row in db.session.execute(select(facts_sql.BOUGHT))}  # type: ignore[misc]


def test_receipts_of_one_day_are_one_purchase() -> None:
    store, member = make_store(), make_member()
    for hour, fen in ((0, 100), (12, 200), (23, 300)):
        buy(member, store, at(DAY, hour), fen)
    buy(member, store, at(DAY - timedelta(days=1), 23, 59), 50)

    assert collected() == {member.id: (DAY - timedelta(days=1), DAY, 2, 2, 650)}
    assert collected(DAY - timedelta(days=1)) == {member.id: (DAY - timedelta(days=1),) * 2 + (1, 1, 50)}


def test_refunds_take_from_the_day_of_their_purchase() -> None:
    store, member, other = make_store(), make_member(), make_member()
    free, partly, wholly = (
        buy(member, store, at(DAY - timedelta(days=ago)), fen) for ago, fen in ((30, 0), (20, 900), (10, 500))
    )
    buy(member, store, at(DAY - timedelta(days=5)), -300, refund_of=partly)
    buy(member, store, at(DAY), -500, refund_of=wholly)
    buy(other, store, at(DAY), -400, refund_of=buy(other, store, at(DAY - timedelta(days=1)), 400))

    first, last = DAY - timedelta(days=30), DAY - timedelta(days=20)
    assert free.amount_fen == 0
    assert collected() == {member.id: (first, last, 2, 1, 600)}
    assert collected(DAY - timedelta(days=1))[member.id] == (first, DAY - timedelta(days=10), 3, 2, 1_100)


def test_a_merged_members_days_are_the_survivors(clock: StillClock) -> None:
    store, joined = make_store(), []
    for ago in range(3):
        joined.append(make_member())
        buy(joined[-1], store, at(DAY - timedelta(days=ago)), 100)
        clock.advance(hours=1)
    first, second, third = joined
    merge(second, third)
    merge(first, second)

    assert collected() == {first.id: (DAY - timedelta(days=2), DAY, 3, 3, 300)}


def test_nobody_is_counted_who_is_not_to_be_concluded_about(clock: StillClock) -> None:
    store, gone, closed, seen, there = make_store(), make_member(), make_member(), make_visitor(), make_member()
    for one in (gone, closed, seen, there):
        buy(one, store, at(DAY), 100)
    profiling.stop_profiling(closed.id, now=clock.now)
    leaving.let_member_leave(gone.id, told=leaving.preview_leaving(gone.id, now=clock.now).cost, now=clock.now)

    assert list(collected()) == [there.id]


@pytest.mark.requirement("S1.3")
def test_everybody_who_bought_has_a_row_that_adds_up(world: World, clock: StillClock) -> None:
    done = predictions.predict(DAY, now=clock.now)

    rows = {row.member_id: row for row in db.session.scalars(select(MemberPrediction))}
    assert (done.written, done.removed, done.fit.members) == (60, 0, 60)
    assert done.fit.buying_obstacle is None
    assert done.fit.buying_log_likelihood is not None
    assert {one: (row.first_on, row.last_on, row.purchase_days) for one, row in rows.items()} == {
        one: (min(days), max(days), len(days)) for one, days in world.days.items()
    }
    silent = [row for row in rows.values() if row.why == Why.LONG_SILENCE]
    regular = [row for row in rows.values() if row.why == Why.IN_RHYTHM]
    assert max(row.alive_bps for row in silent) < max(row.alive_bps for row in regular)
    assert all(row.return_bps % 100 == 0 and row.spend_fen % 100 == 0 for row in rows.values())


def test_again_writes_nothing_and_the_next_day_only_what_changed(world: World, clock: StillClock) -> None:
    predictions.predict(DAY, now=clock.now)
    assert predictions.predict(DAY, now=clock.now).written == 0

    member = world.members[0]
    buy(member, world.store, at(DAY + timedelta(days=1)), 5_000)
    done = predictions.predict(DAY + timedelta(days=1), now=clock.now)

    row = queries.find_prediction(member.id)
    assert row is not None
    db.session.refresh(row)
    assert (row.last_on, row.as_of) == (DAY + timedelta(days=1), DAY + timedelta(days=1))
    assert 0 < done.written < 60
    with pytest.raises(PredictedLater):
        predictions.predict(DAY, now=clock.now)


def test_the_last_good_parameters_stay_in_force(world: World, clock: StillClock) -> None:
    good = queries.buying_of(predictions.predict(DAY, now=clock.now).fit)
    for member in world.members[5:]:
        profiling.stop_profiling(member.id, now=clock.now)

    done = predictions.predict(DAY + timedelta(days=1), now=clock.now)

    assert queries.buying_of(done.fit) == good
    assert (done.fit.buying_obstacle, done.fit.buying_log_likelihood) == (Obstacle.TOO_FEW, None)
    assert len(db.session.scalars(select(MemberPrediction)).all()) == 5


def test_without_any_parameters_nothing_is_predicted(clock: StillClock) -> None:
    buy(make_member(), make_store(), at(DAY), 100)

    done = predictions.predict(DAY, now=clock.now)

    assert (done.written, done.fit.members, done.fit.buying_obstacle) == (0, 1, Obstacle.TOO_FEW)
    assert db.session.scalars(select(MemberPrediction)).all() == []


def test_the_backtest_compares_with_what_happened(world: World) -> None:
    table = backtesting.backtest(DAY)

    held_back = DAY - timedelta(days=90)
    known = {one: days for one, days in world.days.items() if min(days) <= held_back}
    later = {one: [fen for day, fen in days.items() if day > held_back] for one, days in known.items()}
    assert table.known_until == held_back
    assert table.total.members == len(known) == sum(line.members for line in table.by_probability.values())
    assert table.total.purchases == sum(map(len, later.values()))
    assert table.total.returned == sum(map(bool, later.values()))
    assert table.total.spend_fen == sum(map(sum, later.values()))
    assert table.total.purchases == sum(line.purchases for line in table.by_repeats.values())
    assert table.total.returned_expected == pytest.approx(table.total.returned, rel=0.5)
    assert table.kept()["known_until"] == held_back.isoformat()


def test_a_backtest_is_due_once_a_week_and_with_another_model() -> None:
    def fitted(day: date, **of: Any) -> None:
        db.session.add(PredictionFit(day=day, members=1, fitted_at=app_clock.now(), **of))
        db.session.flush()

    assert backtesting.is_due(DAY, every_days=7)
    fitted(DAY - timedelta(days=3), backtest={}, from_first=False)
    fitted(DAY - timedelta(days=1), from_first=False)
    assert [backtesting.is_due(DAY + timedelta(days=one), every_days=7) for one in (0, 3, 4)] == [False, False, True]
    fitted(DAY, from_first=True)
    assert backtesting.is_due(DAY, every_days=7)


def test_too_short_a_history_has_no_backtest(world: World) -> None:
    with pytest.raises(HistoryTooShort):
        backtesting.backtest(DAY - timedelta(days=300))


def test_a_member_reads_what_is_predicted_and_takes_it_along(world: World, clock: StillClock) -> None:
    predictions.predict(DAY, now=clock.now)
    member, other = world.members[:2]

    assert len(list(db.session.execute(own_data.SECTIONS["predictions"]([member.id])))) == 1

    profiling.stop_profiling(other.id, now=clock.now)
    leaving.let_member_leave(member.id, told=leaving.preview_leaving(member.id, now=clock.now).cost, now=clock.now)

    assert queries.find_prediction(member.id) is None
    assert queries.find_prediction(other.id) is None
