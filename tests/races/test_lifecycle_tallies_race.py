"""Who leaves while a night counts is known to it or to the next one, and to one of the two."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session, scoped_session

from app.kernel import clock
from app.kernel.db import atomic, db
from app.lifecycle.stages import carrying, day_flows, nights
from app.lifecycle.stages.errors import LaterNightDone
from app.lifecycle.stages.tallies import pending
from app.lifecycle.stages.tallies.models import LifecycleTally, TallyChange
from app.workers.lifecycle import night_runs
from tests.lifecycle.stages.tallies.telling import is_right
from tests.lifecycle.stages.worlds import Person, World
from tests.support.races import interleave

Act = Callable[[], None]


@pytest.fixture
def leave(committed_app: Flask, committed_db: scoped_session[Session]) -> Act:
    """Let somebody leave who bought once, in a transaction of their own; a night was done before."""
    last = nights.last_over(clock.now())
    with atomic():
        world = World()
        people = [buyer(world, last) for _ in range(3)]
        numbers = [person.id for person in people]
    night_runs.run_nights(until=last - timedelta(days=1), now=clock.now())

    def left() -> None:
        with committed_app.app_context(), atomic():
            day_flows.leave(numbers[:1], day=last + timedelta(days=1))

    def meanwhile() -> None:
        thread = Thread(target=left)
        thread.start()
        thread.join()

    return meanwhile


def buyer(world: World, last: date) -> Person:
    """Whom the night of the last day does not move."""
    person = world.person(joined=last - timedelta(days=40))
    world.buy(person, last - timedelta(days=20), 100)
    return person


def then(act: Callable[..., Any], meanwhile: Act) -> Callable[..., Any]:
    """The act, and something else once it is done."""

    def both(*given: Any, **more: Any) -> Any:
        found = act(*given, **more)
        meanwhile()
        return found

    return both


def is_told() -> bool:
    with atomic():
        return is_right()


def test_who_leaves_before_the_night_asks_is_known_to_it(leave: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "carry", then(carrying.carry, leave))
    night_runs.run_nights(now=clock.now())
    assert is_told() and db.session.query(TallyChange).count() == 0


def forget_all(_: object) -> None:
    db.session.execute(delete(TallyChange))


@pytest.mark.parametrize(("forget", "is_known"), [(pending.forget, True), (forget_all, False)])
def test_who_leaves_once_everybody_is_counted_is_left_to_the_next_night(
    leave: Act, monkeypatch: pytest.MonkeyPatch, forget: Callable[..., None], is_known: bool
) -> None:
    """Without that what was not to be seen yet would be forgotten, too."""
    with atomic():
        db.session.execute(delete(LifecycleTally))
    monkeypatch.setattr(nights, "count", then(nights.count, leave))
    monkeypatch.setattr(pending, "forget", forget)
    night_runs.run_nights(now=clock.now())
    assert is_told() is is_known


def run(day: date) -> Act:
    return lambda: nights.run(day, now=clock.now())  # type: ignore[return-value]


def count_again(day: date) -> Act:
    return lambda: nights.run_again(day, now=clock.now())  # type: ignore[return-value]


@pytest.mark.parametrize("night_is_first", [True, False])
def test_a_day_that_the_next_night_goes_on_from_is_not_counted_anew(
    committed_app: Flask, leave: Act, night_is_first: bool
) -> None:
    """Which of them is first waits for nobody, and the other one finds what it left."""
    day = nights.last_over(clock.now())
    acts = [run(day), count_again(day - timedelta(days=1))]
    results = interleave(committed_app, *(acts if night_is_first else reversed(acts)))
    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(one) for one in refused] == ([LaterNightDone] if night_is_first else [])
    assert is_told()
