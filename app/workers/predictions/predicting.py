"""Predicting the last day that is over, once; a day that was missed is not made up for, as no page shows it."""

from datetime import date, timedelta

from app.kernel import clock
from app.kernel.db import atomic
from app.lifecycle.predictions import backtesting, predictions, queries
from app.lifecycle.predictions.errors import HistoryTooShort
from app.lifecycle.predictions.predictions import Predicted

_BACKTEST_EVERY_DAYS = 7


def predict_last_day() -> Predicted | None:
    """Predict the day before this one; None when that is done."""
    now = clock.now()
    day = clock.business_date(now) - timedelta(days=1)
    with atomic():
        done = queries.has_fit(day)
    return None if done else predict_day(day)


def predict_day(day: date) -> Predicted:
    """Predict as of a day, anew if that was done, and test it by what happened before it. Raises PredictedLater."""
    with atomic():
        done = predictions.predict(day, now=clock.now())
    with atomic():
        if backtesting.is_due(day, every_days=_BACKTEST_EVERY_DAYS):
            _test(day)
    return done


def _test(day: date) -> None:
    fit = queries.find_fit()
    try:
        table = backtesting.backtest(day)
    except HistoryTooShort:
        return
    if fit is not None and fit.day == day:
        backtesting.keep(fit, table)
