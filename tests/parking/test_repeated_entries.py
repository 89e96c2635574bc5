"""An "in" that comes twice without an "out": people are asked about what was due, unless the exit was only late."""

from sqlalchemy import select

from app.cases.models import Case
from app.kernel.db import db
from app.parking.sessions import repeated
from tests.builders.parking import Ground
from tests.support.clock import StillClock


def raise_cases(clock: StillClock) -> list[Case]:
    repeated.raise_cases(now=clock.now, limit=9)
    db.session.expire_all()
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def test_a_second_entry_that_makes_a_stay_free_is_asked_about(ground: Ground, clock: StillClock) -> None:
    ground.comes(minutes_ago=300)
    ground.comes(minutes_ago=120)
    [case] = raise_cases(clock)
    assert (case.kind, case.mall_id) == ("entry_repeated", ground.mall.id)
    assert case.facts == {"car_park": ground.car_park.name, "due_fen": 1_800}  # three hours
    assert len(raise_cases(clock)) == 1


def test_nothing_is_asked_where_nothing_was_due_or_the_exit_may_still_come(ground: Ground, clock: StillClock) -> None:
    ground.comes(minutes_ago=100, plate="沪A11111")
    ground.comes(minutes_ago=80, plate="沪A11111")  # within the free time
    ground.comes(minutes_ago=100, plate="沪A22222")
    ground.comes(minutes_ago=10, plate="沪A22222")
    assert raise_cases(clock) == []
    clock.advance(minutes=20)
    assert len(raise_cases(clock)) == 1


def test_an_exit_that_was_only_late_ends_the_question(ground: Ground, clock: StillClock) -> None:
    ground.comes(minutes_ago=300)
    ground.comes(minutes_ago=120)
    raise_cases(clock)
    ground.leaves(minutes_ago=200)
    [case] = raise_cases(clock)
    assert (case.outcome, case.owner_id) == ("settled_itself", None)
