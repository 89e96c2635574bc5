"""The demo's counters: every hour the mall was open, at doors where codes hang."""

from datetime import timedelta

from app.entrances import costs, footfall_queries
from cli.demo import counters
from cli.demo.mall import Built
from tests.builders.entrances import make_entrance
from tests.builders.malls import make_mall
from tests.support.clock import StillClock


def test_counters_tell_of_every_hour_up_to_now(clock: StillClock) -> None:
    mall = make_mall()
    end = clock.now + timedelta(hours=5, minutes=30)  # at half past three
    clock.advance(days=-40)  # codes hung in every week that cost something
    made = [make_entrance(mall, kind=kind) for kind in ("main", "car_park", "lift")]
    built = Built(malls={"YH": mall}, entrances=made)
    clock.set(end)
    counters.count(built, start=clock.now - timedelta(days=8), end=clock.now)
    hours = footfall_queries.sum_hours(mall.id, first=clock.now.date() - timedelta(days=8), last=clock.now.date())
    assert len(hours) == 8 * 12 + 5 and min(hours.values()) > 0
    hung = {door.name: door.entrance_id for door in footfall_queries.list_doors(mall.id)}
    assert hung["北门"] == made[0].id and hung["南门"] is None
    week = clock.now.date() - timedelta(days=clock.now.weekday(), weeks=1)
    assert set(costs.list_costing(mall.id, week)) == {made[0].id, made[2].id}
