"""The night's predictions: once a day, and a back-test now and then."""

from datetime import date, timedelta

from sqlalchemy import select

from app.kernel.db import atomic, db
from app.lifecycle.predictions.models import PredictionFit
from app.workers.predictions import predicting
from tests.builders.buying import at, buy_often
from tests.builders.identity import make_member
from tests.builders.malls import make_store
from tests.support.clock import StillClock

DAY = date(2026, 3, 10)


def test_the_last_day_is_predicted_once_and_tested_once_a_week(clock: StillClock) -> None:
    with atomic():
        people = [make_member() for _ in range(40)]
        days = [
            (one, DAY - timedelta(days=200 - nth * gap % 190), 5_000)
            for nth, one in enumerate(people)
            for gap in range(2 + nth % 5)
        ]
        buy_often(days, make_store())

    first = predicting.predict_last_day()

    assert first is not None
    assert (first.fit.day, first.written) == (DAY, 40)
    assert predicting.predict_last_day() is None
    clock.set(at(DAY + timedelta(days=2)))
    assert predicting.predict_last_day() is not None
    tested = {fit.day: fit.backtest is not None for fit in db.session.scalars(select(PredictionFit))}
    assert tested == {DAY: True, DAY + timedelta(days=1): False}
