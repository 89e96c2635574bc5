"""Reading fits and predictions."""

from datetime import date

from sqlalchemy import select

from app.kernel.db import db
from app.lifecycle.predictions import calibrating
from app.lifecycle.predictions.calibrating import Backtest
from app.lifecycle.predictions.models import MemberPrediction, PredictionFit
from app.lifecycle.predictions.rules import Amounts, Buying


def find_fit(*, before: date | None = None) -> PredictionFit | None:
    """The latest fit, or the latest before a day."""
    one = PredictionFit
    fits = select(one).order_by(one.day.desc()).limit(1)
    return db.session.scalar(fits if before is None else fits.where(one.day < before))


def find_backtested() -> PredictionFit | None:
    """The latest fit with a back-test."""
    one = PredictionFit
    return db.session.scalar(select(one).where(one.backtest.is_not(None)).order_by(one.day.desc()).limit(1))


def find_backtest() -> Backtest | None:
    """The last back-test that was kept, as it reads."""
    tested = find_backtested()
    if tested is None or tested.backtest is None:
        return None
    return calibrating.read(tested.backtest, as_of=tested.day)


def has_fit(day: date) -> bool:
    """Whether the day was predicted."""
    return db.session.scalar(select(PredictionFit.day).where(PredictionFit.day == day)) is not None


def find_prediction(member_id: int) -> MemberPrediction | None:
    """What may be expected of the member; None for who never bought, or is not to be concluded about."""
    return db.session.get(MemberPrediction, member_id)


def buying_of(fit: PredictionFit) -> Buying | None:
    """The parameters of how members buy that are in force on the fit's day."""
    found = [getattr(fit, name) for name in Buying.__slots__]
    return None if None in found else Buying(*found)


def amounts_of(fit: PredictionFit) -> Amounts | None:
    """The parameters of what members spend that are in force on the fit's day."""
    found = [getattr(fit, name) for name in Amounts.__slots__]
    return None if None in found else Amounts(*found)
